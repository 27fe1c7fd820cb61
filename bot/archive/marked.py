"""Lines of a page with markup, of which some say nothing more than a line of plain text does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.archive.grammar import text_source
from bot.archive.lines import Line, SourcePage, normalise
from bot.archive.record import Link


def marked_page(
    lines: Sequence[Line],
    fields: Mapping[str, object] | None = None,
    links: tuple[Link, ...] = (),
) -> SourcePage:
    """A page whose unmarked lines are read as plain text: they too may hold columns and bullets.

    The texts given may hold runs of white space and no line ends.
    """
    # The mark wins over what a text looks like, so marked lines are kept from the plain reader.
    unmarked = ("" if line.level or line.bullet else line.text for line in lines)
    plain: dict[int, list[Line]] = defaultdict(list)
    for line in text_source("\n".join(unmarked)).lines:
        plain[line.number].append(line)
    read: list[Line] = []
    for position, line in enumerate(lines, 1):
        if not line.level and not line.bullet:
            read += [replace(part, number=line.number) for part in plain[position]]
        elif text := normalise(line.text):
            read.append(replace(line, text=text))
    return SourcePage(tuple(read), fields or {}, links)
