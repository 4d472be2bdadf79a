"""The room hands out what its mirror lists, whole or in part, and nothing else."""

import ast
import contextlib
import http.client
import re
from concurrent.futures import ThreadPoolExecutor

import mirrors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.mirror import lists
from workshop.mirror.lists import MirrorError
from workshop.mirror.platforms import PLATFORMS
from workshop.room import files, newcomer

LARGE = bytes(range(256)) * 12_000  # more than ten pieces
PATH = "/mirror/data/large file.bin".replace(" ", "%20")
WHEEL = "tiny_library-1.0-py3-none-any.whl"
ODD = 'odd&"><script>-1.0-py3-none-any.whl'


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mirror")
    more = [("data/large file.bin", LARGE), (f"wheels/{ODD}", b"no zip")]
    mirrors.mirror(folder, more=more)
    (folder / "unlisted.txt").write_text("secret", "utf-8")
    return folder


@pytest.fixture(scope="module")
def port(mirror):
    with mirrors.served(mirror) as port:
        yield port


@pytest.fixture
def get(port):
    def get(path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    return get


@pytest.fixture
def etag(mirror):
    return f'"{lists.sums(mirror)["data/large file.bin"]}"'


# Files


def test_a_file_comes_whole_with_its_sha256(get, etag):
    status, headers, body = get(PATH)
    assert (status, body) == (200, LARGE)
    assert headers["ETag"] == etag
    assert headers["Content-Length"] == str(len(LARGE))


def test_head_tells_the_same_without_the_file(get, etag):
    status, headers, body = get(PATH, "HEAD")
    assert (status, body) == (200, b"")
    assert (headers["ETag"], headers["Content-Length"]) == (etag, str(len(LARGE)))


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=5-9", 5, 9),
        ("bytes=3000000-", 3_000_000, len(LARGE) - 1),
        ("bytes=-3", len(LARGE) - 3, len(LARGE) - 1),
        (f"bytes=7-{len(LARGE) * 2}", 7, len(LARGE) - 1),
    ],
)
def test_a_part_comes_alone(get, asked, first, last):
    status, headers, body = get(PATH, Range=asked)
    assert (status, body) == (206, LARGE[first : last + 1])
    assert headers["Content-Range"] == f"bytes {first}-{last}/{len(LARGE)}"


def test_beyond_the_end_there_is_nothing(get):
    status, headers, _ = get(PATH, Range=f"bytes={len(LARGE)}-")
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(LARGE)}")


def test_of_several_parts_at_once_the_whole_comes(get):
    assert get(PATH, Range="bytes=1-2,5-6")[::2] == (200, LARGE)


def test_a_part_of_the_file_that_was_begun_comes_alone(get, etag):
    assert get(PATH, Range="bytes=1-2", If_Range=etag)[0] == 206


@pytest.mark.parametrize("tag", ['"other"', "W/{}", "yesterday"])
def test_a_part_of_another_file_comes_whole(get, etag, tag):
    status, _, body = get(PATH, Range="bytes=1-2", If_Range=tag.format(etag))
    assert (status, body) == (200, LARGE)


@pytest.mark.parametrize(
    "path",
    [
        "/mirror/",
        "/mirror/wheels",
        "/mirror/wheels/",
        "/mirror/unlisted.txt",
        "/mirror/../unlisted.txt",
        "/mirror/wheels/../unlisted.txt",
        "/mirror/%2e%2e/%2e%2e/etc/passwd",
        "/mirror/..%2f..%2fetc/passwd",
        "/mirror//etc/passwd",
        "/mirror/%2Fetc%2Fpasswd",
        "/mirror/..%5c..%5cetc%5cpasswd",
        "/mirror/mirror.json%00.whl",
        f"/mirror/WHEELS/{WHEEL}",
        f"/mirror/./wheels/{WHEEL}",
        f"/mirror/wheels/{WHEEL}/",
        f"/mirror/wheels//{WHEEL}",
    ],
)
def test_what_is_not_listed_is_not_there(get, path):
    assert get(path)[0] == 404


def test_the_lists_are_those_of_the_moment_when_the_room_opened(mirror, get):
    for name in (lists.SUMS, lists.ABOUT):
        assert get(f"/mirror/{name}")[2] == (mirror / name).read_bytes()


def test_a_file_that_has_gone_since_is_not_there(tmp_path):
    folder = mirrors.mirror(tmp_path / "mirror")
    with mirrors.served(folder) as port:
        (folder / "wheels" / WHEEL).unlink()
        connection = http.client.HTTPConnection("127.0.0.1", port)
        with contextlib.closing(connection):
            connection.request("GET", f"/mirror/wheels/{WHEEL}")
            assert connection.getresponse().status == 404


def test_thirty_people_fetch_at_once_and_others_are_answered(get):
    with ThreadPoolExecutor(30) as pool:
        waiting = [pool.submit(get, PATH) for _ in range(30)]
        assert get("/hello")[2] == b"hello"
        assert all(one.result()[2] == LARGE for one in waiting)


def test_a_folder_that_is_no_mirror_is_refused(tmp_path):
    with pytest.raises(MirrorError, match="is no mirror"):
        files.routes(tmp_path)


# The index


def test_the_index_names_every_project_once(get):
    status, headers, body = get("/simple/")
    assert status == 200
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    found = re.findall('<a href="([^"]*)/">', body.decode())
    assert found == ["keras-workshop", "tiny-library"]


@pytest.mark.parametrize("name", ["tiny-library", "Tiny_Library", "tiny.library"])
def test_a_project_is_found_however_it_is_spelt(mirror, get, name):
    status, headers, body = get(f"/simple/{name}/")
    digest = lists.sums(mirror)[f"wheels/{WHEEL}"]
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert f'href="../../mirror/wheels/{WHEEL}#sha256={digest}"' in body.decode()
    assert 'data-requires-python="&gt;=3.8"' in body.decode()


def test_a_project_that_is_not_there_is_404(get):
    assert get("/simple/nothing/")[0] == 404


def test_a_file_with_a_name_that_no_wheel_has_is_not_in_the_index(get):
    assert b"script" not in get("/simple/")[2]
    assert get("/simple/odd&%22%3E%3Cscript%3E/")[0] == 404


# The start


def test_any_python_3_reads_the_program_of_a_newcomer(port, get):
    status, headers, body = get("/go")
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert f"ADDRESS = '127.0.0.1:{port}'" in body.decode()
    ast.parse(body, feature_version=(3, 6))


@pytest.mark.parametrize("host", ["a'b", "a b", "", "x" * 300, "a/b", "a:b:c", "[x]"])
def test_a_host_that_is_none_gets_no_program(get, host):
    assert get("/go", Host=host)[0] == 400


def test_the_program_may_be_told_another_address(mirror):
    go = files.routes(mirror, lambda request: "room.local:8600")[0]
    assert go.path == "/go"
    assert "ADDRESS = 'room.local:8600'" in files.script("room.local:8600")


def test_the_program_knows_no_machine_that_a_mirror_cannot_have():
    assert newcomer.kind() in {*PLATFORMS, ""}


@pytest.mark.parametrize("address", ["10.0.0.5:8600", "http://10.0.0.5:8600/"])
def test_the_one_command_holds_the_address_and_the_code(address):
    said = files.install_command(address, "ABC-DEF")
    assert said.startswith('python3 -c "from urllib.request import')
    assert "'http://10.0.0.5:8600/go'" in said
    assert said.endswith('" ABC-DEF')


def test_the_one_command_can_be_typed_from_a_projector():
    longest = files.install_command("192.168.100.100:8600", "ABC-DEF")
    assert len(longest) <= 104
    assert files.install_command("a:1", "", windows=True).startswith("py -c ")


@given(st.text(max_size=30), st.text(max_size=10))
def test_no_address_or_code_leaves_its_place_in_the_command(address, code):
    try:
        said = files.install_command(address, code)
    except ValueError:
        return
    place = r"http://[A-Za-z0-9.:\[\]-]+/go"
    fetch = rf"from urllib\.request import\*;exec\(urlopen\('{place}'\)\.read\(\)\)"
    assert re.fullmatch(rf'python3 -c "{fetch}"( [A-Za-z0-9-]+)?', said)
