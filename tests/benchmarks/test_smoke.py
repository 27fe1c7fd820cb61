"""The benchmarks run from end to end; what they measure is nobody's business here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.measure import Spread, Times, by_turns
from benchmarks.table import Line

ROOT = Path(__file__).parents[2]


def test_every_benchmark_prints_its_lines(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick", "--sizes", "20,60"]
    environ = {**os.environ, "WPRC_BENCH_DIR": str(tmp_path), "WPRC_TEST_POSTGRES": ""}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for begins in ("code to card", "search, two words", "completion, title", "event-loop lag"):
        assert any(line.startswith(f"| {begins}") for line in lines), begins
    for begins in ("import to SQLite", "memory of the snapshot", "loading the snapshot"):
        assert any(line.startswith(f"| {begins}") for line in lines), begins
    for begins in ("deliveries taken on SQLite", "a press on Going", "fan-out: Telegram, 30"):
        assert any(line.startswith(f"| {begins}") for line in lines), begins
    for begins in ("fan-out: Discord", "Discord: requests, named", "a due reminder is late, p99"):
        assert any(line.startswith(f"| {begins}") for line in lines), begins
    assert len({len(line) for line in lines if line.startswith("|")}) == 1, "columns stand straight"
    assert "PostgreSQL" in done.stderr, "what was left out is named"


def test_an_unknown_benchmark_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--only", "lookup,speed"])
    assert "not speed" in capsys.readouterr().err


def test_a_goal_is_about_the_median_of_the_ratios() -> None:
    line = Line("x", 1, "us", Spread((1.0, 8.0, 4.0)), Spread((1.0, 2.0, 2.0)), goal=2.0)
    assert line.ratio == Spread((1.0, 4.0, 2.0))
    assert line.is_met
    assert "2 [1-4]" in line.cells()
    worse = Line("x", 1, "us", line.ours, line.baseline, goal=1.9)
    assert worse.is_met is False
    assert worse.cells()[-1] == "OVER"


def test_a_goal_may_be_about_the_figure_itself() -> None:
    line = Line("x", 1, "ms", Spread((3.0, 5.0, 4.0)), None, goal=3.9, is_absolute=True)
    assert line.is_met is False
    assert Line("x", 1, "ms", line.ours, None).is_met is None


def test_quantiles_are_taken_in_each_repeat() -> None:
    times = Times(((3.0, 1.0, 2.0), (9.0, 7.0, 8.0)))
    assert times.quantile(0.5) == Spread((2.0, 8.0))
    assert times.quantile(1.0).scaled(10.0) == Spread((0.3, 0.9))


def test_both_ways_see_the_same_inputs_by_turns() -> None:
    seen: list[str] = []
    ours, baseline = by_turns(
        (lambda x: seen.append(f"ours {x}"), lambda x: seen.append(f"bare {x}")), [1, 2], repeats=2
    )
    assert [len(times.repeats) for times in (ours, baseline)] == [2, 2]
    assert seen[4:] == [
        *("bare 1", "bare 2", "ours 1", "ours 2"),
        *("ours 1", "ours 2", "bare 1", "bare 2"),
    ]
