"""A report says the same in the terminal, on the page and in JSON, and acts on nothing.

What learners write reaches all three; here it tries to be markup, escape sequences,
scripts and characters that consoles cannot show.
"""

import dataclasses
import io
import json
import math
import re
import subprocess
import sys
import typing
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.report import figures, html, text, words
from workshop.results import (
    SCHEMA,
    Answers,
    Mistake,
    Report,
    Result,
    Score,
    Stop,
    Training,
    to_json,
)

NASTY = "</p><script>alert(1)</script>[red]x[/] \x1b[31m\x1b]0;t\x07\x00\u202e é"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAGbYZ9gAAAABJ"
    "RU5ErkJggg=="
)
CHECKS = (
    Result("rows", "TODO 1. Images are rows", "passed", 1),
    Result("scaled", "TODO 2. Pixels are small", "failed", 2, "It is 255. Divide."),
    Result("wait", "The loss fits", "waiting", 3, "It waits for line 7."),
    Result("again", "It trains", "waiting", 4, "It waits for line 7."),
    Result("goal", "It reads", "failed", score=Score(0.91, 0.891, 0.925, 1000)),
)
FAILED = Report(
    "01_mnist",
    "Read handwritten digits",
    "01_mnist.py",
    "failed",
    CHECKS,
    variant="real",
    findings=("The gap is wide.",),
    curves={"loss": (0.5, math.nan, 0.2), "val_loss": (0.6, math.inf, 0.4)},
    answers=Answers(("0", "1"), ((9, 1), (0, 0)), (Mistake(PIXEL, "0", "1", 0.98),)),
    output="Epoch 1\n1/9\r9/9 done\n",
    seconds=75.0,
    versions={"keras": "3.15.1"},
    created="2026-01-02T03:04:05Z",
)
STOPPED = dataclasses.replace(
    FAILED,
    stop=Stop("error", "ValueError: no", 61, "fit(x)", 'File "a"\n b\nFile "a"\n d'),
)
PASSED = dataclasses.replace(FAILED, outcome="passed", checks=CHECKS[:1])
HOSTILE = Report(
    NASTY,
    NASTY,
    NASTY,
    "failed",
    (Result(NASTY, NASTY, "failed", None, NASTY),),
    Stop("error", NASTY, 3, NASTY, NASTY),
    NASTY,
    (NASTY,),
    {NASTY: (1.0,)},
    Answers((NASTY,), ((1, 2),), (Mistake(NASTY, NASTY, NASTY, math.nan),)),
    NASTY,
    versions={NASTY: NASTY},
    created=NASTY,
)
CALMLY = settings(deadline=None, max_examples=50)
REPORTS = st.builds(Report, schema=st.just(SCHEMA))
VALIDATOR = jsonschema.Draft202012Validator(
    json.loads(
        files("workshop.report").joinpath("report.schema.json").read_text("utf-8")
    )
)


DOCUMENT = Path(__file__).parents[1] / "docs" / "report.md"
VOID = {"meta", "br", "img"}


class Page(HTMLParser):
    """The elements of a page, and whether every one of them is closed in turn."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.open += [] if tag in VOID else [tag]

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, *tags):
        return [attributes for tag, attributes in self.elements if tag in tags]


class Stream(io.StringIO):
    def __init__(self, encoding, terminal):
        super().__init__()
        self.coding, self.terminal = encoding, terminal

    encoding = property(lambda self: self.coding)

    def isatty(self):
        return self.terminal


COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def plain(report, **options):
    return text.render(report, plain=True, **options)


# The terminal


def test_the_stop_comes_before_the_checks_with_the_learners_own_line():
    shown = plain(STOPPED)
    assert "x Stopped at line 61\n    ValueError: no\n" in shown
    assert shown.index("61 | fit(x)") < shown.index("TODO 1")


def test_a_script_that_never_ran_is_not_called_stopped():
    report = dataclasses.replace(STOPPED, stop=Stop("syntax", "No.", 3, "a b"))
    assert "Not started: line 3" in plain(report)


@pytest.mark.parametrize("kind", ["time", "syntax"])
def test_a_stop_without_a_line_is_said_without_one(kind):
    report = dataclasses.replace(STOPPED, stop=Stop(kind, "It took too long."))
    assert "line" not in words.where(report)
    assert "It took too long." in plain(report)


@pytest.mark.parametrize("training", typing.get_args(Training))
def test_terminal_and_page_say_where_the_weights_come_from(training):
    report = dataclasses.replace(FAILED, training=training)
    said = words.training(report)
    assert bool(said) == bool(training)
    assert said in " ".join(plain(report).split())
    assert said in html.page(report)


def test_a_check_says_its_outcome_by_symbol_and_word():
    assert "x  failed     TODO 2   Pixels are small" in plain(FAILED)
    assert "✗" in text.render(FAILED)


def test_advice_stands_indented_below_its_check():
    assert f"Pixels are small\n{' ' * 25}It is 255. Divide.\n" in plain(FAILED)


def test_checks_that_wait_for_the_same_say_it_once():
    assert plain(FAILED).count("It waits for line 7.") == 1


def test_a_long_advice_is_not_told_twice():
    failed = [Result("c", "Title", "failed", 1, "no " * 40)] * 2
    assert words.advices(failed)[1] == "The same as above."


def test_the_frame_that_keras_puts_around_an_error_is_left_out():
    error = "Exception encountered when calling Dense.call().\n\nWrong shape.\n\n"
    error += "Arguments received by Dense.call():\n  • mask=None"
    assert words.gist(f"ValueError: {error}") == "ValueError: Wrong shape."


def test_a_score_comes_with_its_interval_and_its_n():
    assert "91 % right (95 % interval 89 % to 93 %, n = 1,000)" in plain(FAILED)


def test_the_last_line_is_the_command_to_type_next():
    assert plain(FAILED, next_step="workshop hint 2").endswith(
        "\n  Next: workshop hint 2\n"
    )


def test_why_it_works_is_told_only_to_those_who_passed():
    assert "because of x" in plain(PASSED, why="Well, `because` of *x*.").replace(
        "`", ""
    )
    assert "Why it works" not in plain(FAILED, why="Because.")


def test_what_to_try_comes_after_why_it_works():
    shown = plain(PASSED, why="Because.", stretch="How few *units*?")
    assert shown.index("Because.") < shown.index("If there is time")
    assert "How few units?" in shown
    assert "If there is time" not in plain(FAILED, stretch="How few?")
    assert "If there is time" not in plain(PASSED, why="Because.")


def test_public_labels_are_said_where_they_graded():
    assert "Its labels are public" in plain(FAILED)
    assert "public" not in plain(dataclasses.replace(FAILED, variant="drawn"))


def test_no_line_of_a_plain_report_is_wider_than_the_terminal():
    long = dataclasses.replace(STOPPED, stop=Stop("error", "no " * 99, 1, "x" * 999))
    assert max(map(len, plain(long, width=60).splitlines())) == 60


def test_a_long_line_of_the_learner_is_cropped_to_one_line():
    report = dataclasses.replace(STOPPED, stop=Stop("error", "No.", 1, "x" * 999))
    assert sum("xx" in line for line in plain(report).splitlines()) == 1


def test_what_looks_like_markup_is_shown_as_it_is():
    assert text.render(HOSTILE).count("[red]x[/]") >= 5


def test_escape_sequences_of_the_learner_never_reach_the_terminal():
    shown = plain(HOSTILE)
    assert all(character == "\n" or character.isprintable() for character in shown)


@CALMLY
@given(st.text())
def test_only_our_own_colours_reach_the_terminal(words_of_a_learner):
    def advised(advice):
        check = Result("c", "Title", "failed", 1, advice)
        return text.render(dataclasses.replace(FAILED, checks=(check,)))

    shown, ours = advised(words_of_a_learner), advised("x")
    assert set(COLOUR.findall(shown)) <= set(COLOUR.findall(ours))
    assert not set(COLOUR.sub("", shown)) & set("\x1b\x07\x00")


@CALMLY
@given(REPORTS, st.text(), st.text())
def test_any_report_is_shown_and_plain_has_plain_signs(report, why, next_step):
    shown = plain(report, why=why, next_step=next_step)
    assert not set(shown) & set("✓✗…━│•—–“”")
    assert text.render(report, why=why, next_step=next_step)


@pytest.mark.parametrize(
    ("stream", "environ", "expected"),
    [
        (Stream("utf-8", True), {}, False),
        (Stream("utf-8", True), {"NO_COLOR": "1"}, True),
        (Stream("utf-8", True), {"TERM": "dumb"}, True),
        (Stream("utf-8", False), {}, True),
        (Stream("cp1252", True), {}, True),
        (Stream(None, True), {}, True),
    ],
)
def test_plain_is_chosen_where_colour_or_symbols_would_not_arrive(
    stream, environ, expected
):
    assert text.must_be_plain(stream, environ) is expected


def test_the_faces_of_a_report_import_nothing_heavy():
    code = (
        "import sys, workshop.report.text, workshop.report.html\n"
        "heavy = {'rich', 'numpy', 'matplotlib', 'markdown_it', 'tensorflow'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# The words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.21, "0.2 s"), (9.97, "10 s"), (185, "3 min 05 s"), (math.inf, "unknown")],
)
def test_a_duration_is_said_as_people_say_it(seconds, said):
    assert words.seconds(seconds) == said


def test_a_progress_bar_leaves_its_last_state():
    assert words.redrawn("Epoch 1\r\n1/9\r9/9 done\r\n") == "Epoch 1\n9/9 done\n"


def test_control_characters_are_spelt_out():
    assert words.visible("a\x1b[31mb\x1b[0m\x00\u202e\ud800\nc") == (
        "ab\\x00\\u202e\\ud800\nc"
    )


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        (["passed", "waiting"], "1 of 2 checks passed, 1 waits."),
        (["passed", "waiting", "waiting"], "1 of 3 checks passed, 2 wait."),
        (
            ["failed", "waiting"],
            "0 of 2 checks passed, 1 asks for another look, 1 waits.",
        ),
        (["rehearsed", "waiting"], "1 rehearsed, 1 waits."),
        ([], "Nothing was checked yet."),
        (["failed", "failed"], "0 of 2 checks passed, 2 ask for another look."),
    ],
)
def test_the_verdict_counts_in_plain_words(outcomes, verdict):
    checks = tuple(Result("c", "Title", outcome) for outcome in outcomes)
    assert words.verdict(dataclasses.replace(FAILED, checks=checks)) == verdict


@pytest.mark.parametrize(
    ("outcome", "part"),
    [("broken", "fault is ours"), ("rehearsed", "rehearsal"), ("passed", "Every")],
)
def test_the_verdict_says_what_the_outcome_means(outcome, part):
    assert part in words.verdict(dataclasses.replace(FAILED, outcome=outcome))


def test_the_way_to_a_stop_names_files_without_their_folders():
    steps = '  File "/a b/01.py", line 9, in <module>\n    read(x)\n'
    steps += '  File "C:\\\\a\\\\01.py", line 3, in read\n    return y\n'
    assert words.trace(Stop("error", "No.", trace=steps)) == [
        *('File "01.py", line 9, in <module>', "  read(x)"),
        *('File "01.py", line 3, in read', "  return y"),
    ]


def test_one_step_is_not_told_twice():
    assert (
        words.trace(Stop("error", "No.", trace='  File "a.py", line 9\n    x\n')) == []
    )


# The page


def test_a_page_asks_for_nothing_from_outside():
    source = html.page(FAILED, why="![x](https://example.org/x.png)")
    elements = Page(source).elements
    links = [a.get("src") or a.get("href") for _, a in elements]
    assert all(
        link.startswith("data:image/png;base64,") for link in filter(None, links)
    )
    assert "url(" not in source
    assert "default-src 'none'" in source


def test_nothing_a_learner_wrote_becomes_markup():
    page = Page(html.page(HOSTILE, why=NASTY, stretch=NASTY, next_step=NASTY))
    assert not page.all("script", "red", "img", "a", "iframe")
    assert not [name for _, a in page.elements for name in a if name.startswith("on")]


def test_a_page_says_what_to_try_to_those_who_passed():
    assert "<h2>If there is time</h2>\n<p>How few?</p>" in html.page(
        PASSED, stretch="How few?"
    )
    assert "If there is time" not in html.page(FAILED, stretch="How few?")


def test_a_page_holds_no_control_character():
    source = html.page(HOSTILE)
    assert all(character == "\n" or character.isprintable() for character in source)


@CALMLY
@given(REPORTS, st.text(), st.text())
def test_any_report_makes_a_page_whose_elements_are_closed(report, why, next_step):
    assert Page(html.page(report, why=why, next_step=next_step)).all("h1")


def test_headers_tables_and_pictures_say_what_they_are():
    page = Page(html.page(FAILED))
    assert all(header["scope"] in ("row", "col") for header in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) == 2
    assert [picture["alt"] for picture in page.all("img")] == [
        "Shows 0, was taken for 1"
    ]


def test_a_curve_tells_a_screen_reader_how_it_ends():
    (svg,) = [a for a in Page(html.page(FAILED)).all("svg") if a.get("role") == "img"]
    assert svg["aria-label"] == (
        "loss over 3 epochs. training: 0.200 at the end. validation: 0.400 at the end."
    )


def test_what_is_not_a_number_leaves_a_gap_and_stands_in_the_table():
    source = figures.curves(FAILED.curves)
    assert "<td>NaN</td><td>∞</td>" in source
    assert source.count("M") == 4
    assert "L" not in source


def test_labels_of_lines_that_end_together_stay_apart():
    source = figures.curves({"loss": (1.0, 0.5), "val_loss": (1.0, 0.5)})
    rows = [a["y"] for a in Page(source).all("text") if "class" in a]
    assert abs(float(rows[0]) - float(rows[1])) >= 15


def test_validation_alone_is_drawn_as_well():
    assert "val_loss" in figures.curves({"val_loss": (1.0, 0.5)})


def test_loss_comes_first_and_validation_beside_its_metric():
    names = ["accuracy", "loss", "val_accuracy", "val_loss"]
    source = figures.curves(dict.fromkeys(names, (0.5,)))
    heads = [source.index(f'"col">{name}<') for name in names]
    assert heads[1] < heads[3] < heads[0] < heads[2]


def test_no_epochs_make_no_figure():
    assert figures.curves({"loss": ()}) == ""


@CALMLY
@given(st.floats(-1e99, 1e99), st.floats(-1e99, 1e99))
def test_ticks_enclose_their_range(one, other):
    low, high = sorted((one, other))
    ticks = figures.ticks(low, high)
    slack = 1e-6 * max(ticks[-1] - ticks[0], abs(low), abs(high))
    assert ticks[0] - slack <= low <= high <= ticks[-1] + slack
    assert 2 <= len(ticks) <= 8


def test_a_row_without_truths_has_no_share():
    assert '<td class="share">–</td>' in figures.confusion(FAILED.answers)


def test_what_is_no_picture_is_not_shown_as_one():
    assert "<img" not in figures.mistakes([Mistake("PHN2Zz4=", "0", "1", 0.5)])


def test_only_the_end_of_a_flood_is_on_the_page():
    source = html.page(dataclasses.replace(FAILED, output="x" * 90_000 + "end"))
    assert len(source) < 80_000
    assert "the beginning is left out" in source


def test_backticks_are_code_and_a_moment_is_readable():
    report = dataclasses.replace(FAILED, findings=("Look at `x < 1`.",))
    assert "Look at <code>x &lt; 1</code>." in html.page(report)
    assert "2026-01-02 03:04 UTC" in html.page(report)


# The schema


@CALMLY
@given(REPORTS)
def test_every_report_fits_the_schema(report):
    VALIDATOR.validate(to_json(report))


def test_the_schema_is_valid_and_strict_all_the_way_down():
    VALIDATOR.check_schema(VALIDATOR.schema)
    objects = [VALIDATOR.schema, *VALIDATOR.schema["$defs"].values()]
    for form in filter(lambda form: "properties" in form, objects):
        assert form["additionalProperties"] is False
        assert set(form["required"]) == set(form["properties"])


@pytest.mark.parametrize("kind", [Report, Result, Score, Stop, Answers, Mistake])
def test_every_field_is_in_the_documentation(kind):
    text = DOCUMENT.read_text("utf-8")
    assert all(f"`{field.name}`" in text for field in dataclasses.fields(kind))


def test_a_field_nobody_knows_does_not_fit_the_schema():
    assert not VALIDATOR.is_valid({**to_json(FAILED), "grade": 1})
