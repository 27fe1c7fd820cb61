"""/papers: the archive as a list, all of it or by category, contributor or year."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Annotated

from bot.chat.commands import Arg, Data, command
from bot.chat.errors import NotFound
from bot.chat.reply import Action, Block, Card, Choice, Reply
from bot.chat.text import Bold, Italic, Span
from bot.core.context import Context
from bot.core.page_view import shown
from storage.folding import fold
from storage.papers import PaperHead

_MAX_BUTTONS = 6
# Nobody reads further in a chat; a narrower list or a search is what helps then.
_MAX_LISTED = 500


def complete_filter(ctx: Context, typed: str) -> list[Choice]:
    wanted = fold(typed.strip())
    return [
        Choice(f"{name} ({count})", name)
        for name, count in ctx.catalogue.facets.values.most_common()
        if fold(name).startswith(wanted)
    ][:25]


@command(
    "papers",
    "All papers, or those of a category, a contributor or a year",
    data=Data.READ,
    first=True,
    examples=("/papers", "/papers AI", "/papers 2024"),
)
def list_papers(
    ctx: Context,
    only: Annotated[
        str | None,
        Arg("A category, a contributor or a year", complete=complete_filter, max_length=100),
    ] = None,
) -> Reply:
    catalogue = ctx.catalogue
    if not catalogue.papers:
        raise NotFound("The archive is empty so far. An organiser adds a paper with /newpaper.")
    numbers = catalogue.facets.numbers(only) if only else list(catalogue.papers)
    counts = catalogue.facets.categories
    by_category = tuple(
        Action(f"{name} ({count:,})", "papers", (name,))
        for name, count in counts.most_common(_MAX_BUTTONS)
    )
    if not numbers:
        raise NotFound(
            f"No paper has “{shown(only or '')}” as category, contributor or year. "
            "These categories are there:",
            actions=by_category,
        )
    title = f"{len(numbers):,} {'paper' if len(numbers) == 1 else 'papers'}"
    listed = (catalogue.papers[number] for number in islice(reversed(numbers), _MAX_LISTED))
    rest = len(numbers) - _MAX_LISTED
    more = (
        Block(
            (Italic(f"and {rest:,} older ones: narrow the list, or /search"),),
        ),
    )
    return Reply(
        card=Card(
            f"{title}: {shown(only)}" if only else title,
            body=(
                *(() if only else _count_line(counts)),
                *(_line(head) for head in listed),
                *(more if rest > 0 else ()),
            ),
        ),
        actions=by_category if not only else (Action("All papers", "papers"),),
        again=ctx.again(only or ""),
        page=ctx.invocation.page,
        revision=catalogue.club.version,
    )


def _count_line(counts: Counter[str]) -> tuple[Block, ...]:
    if not counts:
        return ()
    text = " · ".join(f"{shown(name)} {count:,}" for name, count in counts.most_common(20))
    return (Block((text,)),)


def _line(head: PaperHead) -> Block:
    facts = ", ".join(shown(fact) for fact in (head.category, head.date) if fact)
    line: tuple[Span, ...] = (Bold(head.code), f" {shown(head.title)}")
    return Block(
        (*line, f" ({facts})") if facts else line, (Action(head.code, "paper", (head.code,)),)
    )
