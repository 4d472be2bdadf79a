"""The room's pages keep their rules as text: nothing inline, nothing from elsewhere."""

import re

import pytest
from fake_room import PAGES

FILES = sorted(PAGES.iterdir())
HTML = [path for path in FILES if path.suffix == ".html"]
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
LINKED = re.compile(r"""(?:href|src)="/page/([^"]+)"|from "\./([^"]+)\"""")
IDS = re.compile(r"""\bat\("([^"]+)"\)""")


def read(path):
    return path.read_text(encoding="utf-8")


def by_name(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.name)


@by_name(FILES)
def test_a_file_is_short_and_names_no_other_place(path):
    assert len(read(path).splitlines()) < 300
    assert "//" not in re.sub(r"^\s*//.*$", "", read(path), flags=re.MULTILINE)


@by_name(HTML)
def test_a_page_holds_no_script_and_no_style(path):
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", read(path))


@by_name(SCRIPTS)
def test_a_script_makes_no_html_and_asks_no_clock_of_its_own(path):
    assert not re.search(
        r"innerHTML|insertAdjacent|document\.write|eval\(|Date\.now|new Date\(\)",
        read(path),
    )


@by_name([*HTML, *SCRIPTS])
def test_what_a_file_refers_to_is_there(path):
    names = {name for pair in LINKED.findall(read(path)) for name in pair if name}
    assert names <= {one.name for one in FILES}


@by_name(HTML)
def test_a_page_names_itself_and_its_language(path):
    assert '<html lang="en">' in read(path)
    assert re.search(r"<title>[^<]+</title>", read(path))


@pytest.mark.parametrize("name", ["join", "me", "projector"])
def test_a_page_has_every_part_that_its_script_fills(name):
    html = read(PAGES / f"{name}.html")
    wanted = set(IDS.findall(read(PAGES / f"{name}.js")))
    assert wanted <= set(re.findall(r'\bid="([^"]+)"', html))


def test_the_board_has_every_part_that_its_scripts_fill():
    scripts = ("board", "aside", "controls", "overview")
    wanted = {
        one for name in scripts for one in IDS.findall(read(PAGES / f"{name}.js"))
    }
    assert wanted <= set(re.findall(r'\bid="([^"]+)"', read(PAGES / "board.html")))
