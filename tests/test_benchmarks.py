"""The parts of the benchmarks that judge and show numbers; nothing is timed here."""

import ast
import json
import random
import sys

import pytest

from benchmarks import (
    _clock,
    _fit,
    _judge,
    _lesson,
    _peers,
    _record,
    _tables,
    calibrate,
    feedback,
    measured,
    stories,
    time_to_goal,
)
from benchmarks._record import ROOT, Target
from workshop import predicting

SCRIPT = """\
# %% [markdown]
# # 1. A title

# %%
import keras


# %%
def prepare(images):
    return images


# %%
model = Dense(10, activation="softmax")
"""

CHECKS = '''\
"""Asserts."""

import numpy as np


def it_is_small(model, x_test):
    assert np.max(x_test) < 1
'''


def a_record(benchmark, found, **settings):
    return {
        "benchmark": benchmark,
        "command": f"python -m benchmarks.{benchmark}",
        "date": "2026-01-02T03:04:05+00:00",
        "machine": {
            "processor": "A chip",
            "cores": "2",
            "memory": "4 GiB",
            "system": "A system",
            "load": "0.1",
        },
        "versions": {"python": "3.11.7"},
        "settings": settings,
        "measured": found,
    }


def feedback_record(blank=0.2, plain=10.0):
    def cells(*middle):
        pairs = zip(feedback.CASES, middle, strict=True)
        return {case: {"first": [m], "total": [m]} for case, m in pairs}

    tools = {
        "workshop": cells(blank, 0.2, 14.0, 14.0),
        "nbgrader": cells(10.0, 10.0, 20.0, 20.0),
        "otter": cells(12.0, 12.0, 24.0, 24.0),
        "plain": {"pass": {"first": [plain], "total": [plain]}},
    }
    return a_record("feedback", tools, runs=1, variant="drawn")


def a_training(seconds, accuracy):
    return {
        "seed": 1,
        "epoch_seconds": seconds,
        "accuracy": accuracy,
        "sealed": 5000,
        "script_seconds": 20.0,
        "peak_mb": 900,
    }


def goal_record(ours, followed):
    return a_record(
        "time_to_goal",
        {"ours": [ours], "followed": [followed]},
        lesson="01_mnist",
        repeats=1,
        variant="real",
    )


def calibration(right):
    found = {"right": right, "sealed": 1000, "seconds": [1.0] * len(right)}
    settings = {"lesson": "01_mnist", "variant": "drawn"}
    return a_record("calibrate", found, **settings)


def test_a_table_has_one_rule_and_a_row_for_each_row():
    assert _tables.table(("", "s"), [("a", "1"), ("b", "2")]).splitlines() == [
        "|  | s |",
        "| --- | ---: |",
        "| a | 1 |",
        "| b | 2 |",
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.212, "0.21 s"), (8.44, "8.4 s"), (41.2, "41 s"), (None, "never")],
)
def test_seconds_are_as_precise_as_their_size(value, shown):
    assert _tables.seconds(value) == shown


@pytest.mark.parametrize(
    ("share", "digits", "shown"),
    [(0.97, 0, "97 %"), (0.9999999, 2, "99.99 %"), (1.0, 2, "100.00 %")],
)
def test_what_is_not_all_is_never_shown_as_all(share, digits, shown):
    assert _tables.percent(share, digits) == shown


def test_a_missed_target_shows_its_reason():
    shown = _tables.targets([Target("slow", "fast", "2 s", False)], {"slow": "Why."})
    assert "| fast | 2 s | **missed** |" in shown
    assert shown.endswith("Missed, fast: Why.")


def test_a_missed_target_without_a_reason_says_so():
    shown = _tables.targets([Target("slow", "fast", "2 s", False)], {})
    assert _tables.UNEXPLAINED in shown


def test_the_first_awaited_line_is_timed_before_the_end(tmp_path):
    code = "import time; print('a'); print('TODO 1'); time.sleep(0.3); print('b')"
    timing = _clock.run(
        [sys.executable, "-c", code], folder=tmp_path, awaited=r"TODO \d"
    )
    assert timing.first is not None
    assert timing.first < timing.total
    assert (timing.code, timing.output.split()) == (0, ["a", "TODO", "1", "b"])


def test_a_line_that_never_comes_is_not_timed(tmp_path):
    timing = _clock.run([sys.executable, "-c", "0"], folder=tmp_path, awaited="never")
    assert timing.first is None


def test_a_command_that_does_not_end_is_stopped(tmp_path):
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(TimeoutError, match="stopped after"):
        _clock.run(command, folder=tmp_path, limit=0.5)


def test_only_code_cells_become_cells_of_a_notebook():
    cells = _lesson.code_cells(SCRIPT)
    assert [cell.split("\n")[0] for cell in cells] == [
        "import keras",
        "def prepare(images):",
        'model = Dense(10, activation="softmax")',
    ]


def test_a_forgotten_colon_is_a_syntax_error():
    with pytest.raises(SyntaxError):
        compile(_lesson.without_colon(SCRIPT), "lesson", "exec")


def test_a_spoilt_answer_differs_in_one_line():
    spoilt = _lesson.without_softmax(SCRIPT)
    pairs = zip(SCRIPT.splitlines(), spoilt.splitlines(), strict=True)
    assert [b for a, b in pairs if a != b] == ["model = Dense(10)"]


@pytest.mark.parametrize("spoil", [_lesson.without_colon, _lesson.without_softmax])
def test_a_change_that_finds_no_place_is_an_error(spoil):
    with pytest.raises(ValueError, match="the solution"):
        spoil("x = 1\n")


def test_every_case_can_be_made_of_the_real_solution():
    texts = _lesson.answers(_lesson.solution())
    assert tuple(texts) == _lesson.CASES
    assert len(set(texts.values())) == 4


def test_checks_for_the_peers_name_variables_of_the_solution():
    nodes = list(ast.walk(ast.parse(_lesson.solution())))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    tests = _peers.read_tests(ROOT / "benchmarks/peer_checks/01_mnist.py")
    assert len(tests) >= 5
    assert all(set(test.parameters) <= names for test in tests)


def test_a_check_becomes_a_locked_test_cell(tmp_path):
    path = tmp_path / "checks.py"
    path.write_text(CHECKS, encoding="utf-8")
    book = _peers.notebook(["x = 1"], _peers.read_tests(path))
    assert [cell["source"].split("\n")[0] for cell in book["cells"]] == [
        "x = 1",
        "import numpy as np",
    ]
    assert book["cells"][1]["source"].endswith("it_is_small(model, x_test)")
    assert book["cells"][1]["metadata"]["nbgrader"]["grade"]


def test_a_notebook_is_written_as_json(tmp_path):
    path = _peers.write_notebook(tmp_path / "a" / "b.ipynb", _peers.notebook(["1"]))
    assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 4


@pytest.mark.parametrize(
    ("output", "passed"),
    [
        ("noise\nSuccess! Your notebook passes all the tests.\n", True),
        ("VALIDATION FAILED ON 2 CELL(S)! If", False),
    ],
)
def test_the_verdict_of_nbgrader_is_read(output, passed):
    assert _peers.nbgrader_passed(output) is passed


def test_no_verdict_of_nbgrader_is_an_error():
    with pytest.raises(ValueError, match="no verdict"):
        _peers.nbgrader_passed("alembic: not found")


@pytest.mark.parametrize(("score", "passed"), [(1.0, True), (0.0, False)])
def test_the_verdict_of_otter_is_read(tmp_path, score, passed):
    tests = [{"name": "Public Tests"}, {"score": score, "max_score": 1.0}]
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"tests": tests}), encoding="utf-8")
    assert _peers.otter_passed(tmp_path) is passed


def test_feedback_compares_first_answers():
    found = feedback.targets(feedback_record())
    assert [target.found for target in found][:2] == ["50 times", "60 times"]
    assert [target.holds for target in found] == [True] * 5


def test_feedback_that_is_slow_misses_its_targets():
    found = feedback.targets(feedback_record(blank=1.0, plain=8.0))
    assert [t.name for t in found if not t.holds] == [
        "blank-nbgrader",
        "blank-otter",
        "pass",
    ]


def test_the_feedback_page_shows_every_tool():
    shown = feedback.page(feedback_record())
    assert all(title in shown for title in feedback.TOOLS.values())
    assert "| `nbgrader validate` ÷ ours | 50× | 50× | 1.4× | 1.4× |" in shown


def test_the_goal_is_reached_at_the_first_epoch_above_it():
    assert time_to_goal.reached(a_training([2, 4, 6], [0.9, 0.97, 0.96]), 0.97) == (
        2,
        4,
    )
    assert time_to_goal.reached(a_training([2, 4], [0.9, 0.9]), 0.97) is None


def test_a_third_of_the_time_holds_and_more_does_not():
    slow = a_training([10, 20], [0.96, 0.98])
    for second, holds in ((6, True), (7, False)):
        record = goal_record(a_training([second], [0.975]), slow)
        assert time_to_goal.targets(record)[0].holds is holds


def test_falling_short_of_the_goal_is_a_miss_however_fast():
    record = goal_record(a_training([1], [0.9]), a_training([10], [0.98]))
    assert not time_to_goal.targets(record)[0].holds


def test_a_course_that_never_arrives_counts_with_its_whole_length():
    record = goal_record(a_training([2], [0.98]), a_training([5, 10], [0.9, 0.9]))
    assert time_to_goal.targets(record)[0].found.startswith("at most 0.20")
    assert "| never | over 10.0 s |" in time_to_goal.page(record)


def test_a_course_sets_the_goal_by_what_it_reaches_itself():
    record = goal_record(a_training([1], [0.6]), a_training([5, 10], [0.9, 0.55]))
    record["settings"]["lesson"] = "02_asl"
    assert time_to_goal.goal(record) == 0.55
    assert time_to_goal.targets(record)[0].holds


def test_counts_that_vary_by_luck_alone_are_binomial():
    fitted = _fit.fit([90, 90, 90, 91], 100)
    assert fitted.correlation == 0
    assert fitted.at_least(0) == 1
    assert fitted.at_least(101) == pytest.approx(0, abs=1e-9)


def test_probabilities_of_all_counts_add_up_to_one():
    fitted = _fit.fit([900, 940, 960, 985], 1000)
    assert fitted.correlation > 0
    assert fitted.at_least(1001) == pytest.approx(0, abs=1e-9)


def test_the_fit_finds_the_spread_that_made_the_counts():
    dice = random.Random(1)
    shares = [dice.betavariate(97, 3) for _ in range(4000)]
    counts = [sum(dice.random() < share for _ in range(100)) for share in shares]
    fitted = _fit.fit(counts, 100)
    assert fitted.share == pytest.approx(0.97, abs=0.002)
    assert fitted.correlation == pytest.approx(1 / 101, rel=0.2)


def test_the_chance_agrees_with_what_was_seen():
    dice = random.Random(2)
    shares = [dice.betavariate(300, 10) for _ in range(4000)]
    counts = [sum(dice.random() < share for _ in range(200)) for share in shares]
    seen = sum(count >= 190 for count in counts) / len(counts)
    assert _fit.fit(counts, 200).at_least(190) == pytest.approx(seen, abs=0.02)


@pytest.mark.parametrize(
    ("goal", "n", "count"), [(0.97, 100, 97), (0.97, 2500, 2425), (0.95, 999, 950)]
)
def test_a_goal_is_reached_by_a_whole_count(goal, n, count):
    assert _fit.needed(goal, n) == count


def test_the_highest_goal_is_met_and_the_next_is_not():
    fitted = _fit.fit([970, 975, 980, 972], 1000)
    goal = _fit.highest_goal(fitted, 0.995)
    assert fitted.at_least(_fit.needed(goal, 1000)) >= 0.995
    assert fitted.at_least(_fit.needed(goal + 0.01, 1000)) < 0.995


def test_one_count_cannot_be_fitted():
    with pytest.raises(ValueError, match="two counts"):
        _fit.fit([5], 10)


@pytest.mark.parametrize(("goal", "holds"), [(0.95, True), (0.97, False)])
def test_a_goal_that_is_too_high_is_missed(monkeypatch, goal, holds):
    monkeypatch.setattr(calibrate, "goal", lambda *_: goal)
    record = calibration([970, 975, 980, 972, 968])
    assert calibrate.targets(record)[0].holds is holds


def test_the_calibration_page_shows_what_was_seen_and_the_goal_of_today(monkeypatch):
    monkeypatch.setattr(calibrate, "goal", lambda *_: 0.95)
    shown = calibrate.page(calibration([970, 975, 980]))
    assert "| drawn | 3 | 1000 | 97.50 % | 0.50 | 97.00 % | 95 % |" in shown


def test_calibration_counts_trainings_that_fail_nothing_but_the_goal(monkeypatch):
    monkeypatch.setattr(calibrate, "goal", lambda *_: 0.95)
    record = calibration([970, 975, 900])
    goals, other = ["reads_digits_it_has_never_seen"], ["pixels_are_small_numbers"]
    record["measured"]["failed"] = [[], goals, other]
    assert "| 2 of 3 |" in calibrate.page(record)


def test_a_measure_that_should_be_small_is_judged_from_above(monkeypatch):
    found = {"sealed": 0, "right": [0, 0], "values": [0.80, 0.82], "seconds": [1, 1]}
    settings = {"lesson": "06_headlines", "variant": "drawn"}
    for goal, holds in ((0.90, True), (0.81, False)):
        monkeypatch.setattr(calibrate, "goal", lambda *_, now=goal: now)
        record = a_record("calibrate", found, **settings)
        assert calibrate.targets(record)[0].holds is holds
        assert f"| at most {goal:.0%}".replace("%", " %") in calibrate.page(record)


def test_calibrations_share_one_table(tmp_path, monkeypatch):
    monkeypatch.setattr(_record, "RESULTS", tmp_path)
    for name in ("01", "02"):
        _record.save(calibration([970, 975]), f"calibrate-{name}-drawn")
    shown = measured.page()
    assert shown.count("| lesson | data |") == 1
    assert shown.count("- `python -m benchmarks.calibrate`") == 2


def test_a_record_survives_its_file(tmp_path, monkeypatch):
    monkeypatch.setattr(_record, "RESULTS", tmp_path)
    record = calibration([970, 975])
    _record.save(record, "calibrate-01_mnist-drawn")
    assert _record.load("calibrate-01_mnist-drawn") == record
    assert [path.name for path in tmp_path.iterdir()] == [
        "calibrate-01_mnist-drawn.json"
    ]


def test_the_page_says_what_is_not_measured_yet(tmp_path, monkeypatch):
    monkeypatch.setattr(_record, "RESULTS", tmp_path)
    assert measured.page().count("Not measured yet.") == len(measured.SECTIONS)


def test_the_page_names_command_and_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(_record, "RESULTS", tmp_path)
    _record.save(calibration([970, 975]), "calibrate-01_mnist-drawn")
    assert "`python -m benchmarks.calibrate`, 2026-01-02. A chip" in measured.page()


def test_a_missed_target_needs_a_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(_record, "RESULTS", tmp_path)
    monkeypatch.setattr(_record, "REASONS", tmp_path / "reasons.toml")
    monkeypatch.setattr(calibrate, "goal", lambda *_: 0.99)
    (tmp_path / "reasons.toml").write_text("", encoding="utf-8")
    _record.save(calibration([970, 975]), "calibrate-01_mnist-drawn")
    assert measured.unexplained() == ["calibrate: 01_mnist-drawn"]


def test_the_committed_page_is_the_derived_one():
    text = measured.PAGE.read_text(encoding="utf-8")
    assert text == measured.page(), "Run python -m benchmarks.measured."


def story_record(story, found):
    return a_record("stories", found, story=story, seeds=[1, 2])


def hands(dense, cnn, augmented):
    aside = [{"flattering_accuracy": 0.9, "honest_accuracy": 0.5}] * 2
    lessons = zip(stories.NETS, (dense, cnn, augmented), strict=True)
    shares = {lesson: [share, share + 0.01] for lesson, share in lessons}
    return story_record("signers", {**shares, "aside": aside})


def test_each_step_on_hands_must_gain_five_points():
    good, small = hands(0.5, 0.7, 0.8), hands(0.5, 0.7, 0.74)
    assert [target.holds for target in stories.targets(good)] == [True, True]
    assert [target.holds for target in stories.targets(small)] == [True, False]
    assert "| dense | 50.5 % ± 0.7 |" in stories.page(good)
    assert "| own signers | 90.0 % ± 0.0 |" in stories.page(good)


def test_transfer_must_lead_at_first_and_with_few_photos_in_the_end(tmp_path):
    shares = ((10, 0.6, 0.7), (20, 0.68, 0.84), (100, 0.6, 0.9))
    lines = [
        {"size": size, "transfer": [0.8, 0.9], "scratch": [first, last]}
        for size, first, last in shares
    ]
    record = story_record("transfer", {"1": lines, "2": lines})
    assert [target.holds for target in stories.targets(record)] == [True, True]
    assert "| 100 | 80.0 % ± 0.0 | 60.0 % ± 0.0 | 20.0 |" in stories.page(record)
    lines[1]["scratch"] = [0.72, 0.87]
    assert [target.holds for target in stories.targets(record)] == [False, False]
    stories.draw(record["measured"], tmp_path / "transfer.png")
    assert (tmp_path / "transfer.png").stat().st_size > 5_000


def test_a_network_must_be_less_perplexed_than_counted_pairs():
    runs = [{"own": own, "counted": 120, "least": 20} for own in (30, 40)]
    record = story_record("headlines", {"measured": runs})
    assert stories.targets(record)[0].holds
    assert "| the network of lesson 6 | 35.0 | 7.1 |" in stories.page(record)
    runs[0]["own"] = 130
    assert not stories.targets(record)[0].holds


def test_what_a_report_keeps_to_itself_is_noted_by_a_benchmark(monkeypatch):
    asked = predicting.perplexities
    with monkeypatch.context() as patch:
        patch.setattr(predicting, "perplexities", lambda *_: (15.0, 60.0))
        exact = _judge.Exact()
        with _judge._overheard(exact):
            found = predicting.perplexities(None, [], ["no drawn headline"], "drawn")
    assert found == (15.0, 60.0)
    assert exact.value == 0.25
    assert exact.measured == {"own": 15.0, "counted": 60.0, "least": 0.0}
    assert predicting.perplexities is asked
