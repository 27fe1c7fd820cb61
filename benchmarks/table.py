"""The table that is printed: a line for each figure, with its baseline, ratio and goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.measure import Spread

HEADINGS = ("what", "papers", "ours", "baseline", "ratio", "goal", "")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. The goal is about the ratio, or about the figure itself where `is_absolute`."""

    what: str
    papers: int
    unit: str
    ours: Spread
    baseline: Spread | None = None
    goal: float | None = None
    is_absolute: bool = False

    @property
    def ratio(self) -> Spread | None:
        return None if self.baseline is None else self.ours.per(self.baseline)

    @property
    def is_met(self) -> bool | None:
        """Whether the median keeps the goal; None where there is none."""
        judged = self.ours if self.is_absolute else self.ratio
        if self.goal is None or judged is None:
            return None
        return judged.median <= self.goal

    def cells(self) -> tuple[str, ...]:
        ratio, met = self.ratio, self.is_met
        goal = "" if self.goal is None else f"<= {self.goal:g}"
        return (
            self.what,
            f"{self.papers:,}",
            f"{_spread(self.ours)} {self.unit}",
            "" if self.baseline is None else f"{_spread(self.baseline)} {self.unit}",
            "" if ratio is None else _spread(ratio),
            f"{goal} {self.unit}" if goal and self.is_absolute else goal,
            "" if met is None else "ok" if met else "OVER",
        )


def render(lines: Iterable[Line]) -> str:
    """The lines as a Markdown table, with columns that stand straight in a terminal too."""
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADINGS))]
    printed = [_row(row, widths) for row in rows]
    printed.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(printed)


def _row(cells: Iterable[str], widths: list[int]) -> str:
    padded = (f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _spread(spread: Spread) -> str:
    low, high = min(spread.values), max(spread.values)
    middle = _figure(spread.median)
    return middle if low == high else f"{middle} [{_figure(low)}-{_figure(high)}]"


def _figure(value: float) -> str:
    if value >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
