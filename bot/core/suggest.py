"""Ways on for what was typed wrongly or means several things: buttons, not scoldings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.archive.record import PaperCode
from bot.chat.commands import Command, Parameter
from bot.chat.reply import PRIVATE, Action, Reply
from bot.core.catalogue import Catalogue
from bot.core.page_view import shown
from storage.papers import PaperHead

_MAX_LABEL = 80


def similar_commands(table: Sequence[Command], typed: str) -> list[str]:
    """Names of visible commands that are near to what was typed, or begin with it."""
    names = [command.name for command in table if not command.is_hidden]
    if len(typed) > 32:
        return []
    begun = [name for name in names if len(typed) > 1 and name.startswith(typed)]
    near = process.extract(typed, names, scorer=OSA.distance, score_cutoff=2, limit=3)
    return list(dict.fromkeys([*begun, *(name for name, _, _ in near)]))[:3]


def paper_choices(
    command: Command,
    parameter: Parameter,
    text: str,
    papers: Sequence[PaperHead],
    others: Mapping[str, str],
) -> Reply:
    """The papers that a piece of a title may mean, a button each."""
    return Reply(
        text=(f"Several papers match “{shown(text)}”. Which one?",),
        actions=_choices(command, parameter, papers, others),
        audience=PRIVATE,
    )


def did_you_mean(
    command: Command,
    parameter: Parameter,
    text: str,
    papers: Sequence[PaperHead],
    others: Mapping[str, str],
) -> Reply:
    """What is near to a text that is no paper; where nothing is, where to look."""
    if papers:
        return Reply(
            text=(f"No paper is called “{shown(text)}”. Did you mean:",),
            actions=_choices(command, parameter, papers, others),
            audience=PRIVATE,
        )
    search = Action(f"Search for “{shown(text)[:60]}”", "search", (text,))
    return Reply(
        text=(f"No paper is called “{shown(text)}”. Try the list, or search the pages.",),
        actions=(Action("All papers", "papers"), search),
        audience=PRIVATE,
    )


def no_such_code(text: str, catalogue: Catalogue) -> Reply:
    """A code that no paper of this club has: what the club's codes are, and the newest."""
    club, newest = catalogue.club, catalogue.newest()
    code = PaperCode.parse(text)
    if code is not None and code.prefix != club.prefix:
        said = f"{code} is no paper of this club: its codes begin with {club.prefix}."
    else:
        said = f"There is no paper {shown(text)} here."
    if newest is None:
        return Reply(text=(f"{said} The archive is empty so far.",), audience=PRIVATE)
    return Reply(
        text=(f"{said} The newest is {newest.code}.",),
        actions=(Action(newest.code, "paper", (newest.code,)), Action("All papers", "papers")),
        audience=PRIVATE,
    )


def _choices(
    command: Command,
    parameter: Parameter,
    papers: Sequence[PaperHead],
    others: Mapping[str, str],
) -> tuple[Action, ...]:
    actions = []
    for head in papers:
        label = f"{head.code} · {shown(head.title)}"
        values = tuple(
            head.code if known.name == parameter.name else others.get(known.name, "")
            for known in command.parameters
        )
        short = label if len(label) <= _MAX_LABEL else label[: _MAX_LABEL - 1] + "…"
        actions.append(Action(short, command.name, values))
    return tuple(actions)
