"""/opinions: what members said, by topic, with author and place; and one's own list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

from bot.archive.record import Item, PaperRecord, SectionKind
from bot.chat.commands import Access, Arg, Data, PaperRef, command
from bot.chat.errors import NotFound
from bot.chat.reply import Action, Block, Card, Reply, Style, Subject
from bot.chat.text import Bold, Italic, Link, Span
from bot.core import parts
from bot.core.context import Context
from bot.core.opinion_words import known_topic
from bot.core.page_view import item_blocks, shown
from bot.core.papers import find_head, title_of
from bot.core.records import record_of
from storage.folding import fold_words
from storage.opinions import CHOOSE, SAID, Opinion
from storage.papers import PaperContent, PaperHead

_GIVE = "Give an opinion"
_ONE_PAGE = 5
_WHICH = Arg("A topic, pages such as p25, or a person", max_length=100)


@command(
    "opinions",
    "What members think of a paper, by topic",
    data=Data.READ,
    examples=("/opinions", "/opinions WPRC-006 p25", "/opinions WPRC-006 Ana"),
)
def list_opinions(
    ctx: Context,
    what: Annotated[PaperRef | None, Arg("Code or title; nothing for the newest")] = None,
    which: Annotated[str | None, _WHICH] = None,
) -> Reply:
    head = find_head(ctx, what)
    content = ctx.uow.papers.content(head.code)
    public = ctx.uow.opinions.public(head.code)
    entries = _entries(content, public)
    wanted = _filter(ctx, which, [topic for topic, *_ in entries]) if which else None
    found = [one for one in entries if wanted is None or wanted(one)]
    members = (Action("For members", "confidential", (head.code,)),)
    actions = (
        Action(_GIVE, "opinion", (head.code,), Style.PRIMARY),
        *members,
        *_weaving(ctx, head),
        Action("Back to the card", "paper", (head.code,)),
    )
    if not found:
        said = f"Nobody has published an opinion on {head.code} yet."
        if which and entries:
            said = f"No opinion on {head.code} is about “{shown(which)}”."
        raise NotFound(said, actions=actions)
    blocks: list[Block] = []
    last: str | None = None
    for topic, _, _, body in found:
        if topic != last and topic:
            blocks.append(Block((Bold(shown(topic)),), is_heading=True))
        last = topic
        blocks += body
    return Reply(
        card=Card(f"{title_of(head)} — what members think", body=tuple(blocks)),
        actions=actions,
        again=ctx.again(head.code, which or ""),
        page=ctx.invocation.page,
        revision=head.version,
        subject=Subject("paper", head.code),
    )


def _weaving(ctx: Context, head: PaperHead) -> tuple[Action, ...]:
    """For organisers, where nobody else sees a button that is not for them."""
    if not (ctx.is_organiser and ctx.invocation.place.is_private):
        return ()
    return (Action("Weave into the page", "digest", (head.code,)),)


_Entry = tuple[str | None, parts.Pages | None, tuple[str, ...], list[Block]]
"""Topic, pages, names, and how it is shown."""


def _entries(content: PaperContent | None, public: Sequence[Opinion]) -> list[_Entry]:
    """What the page prints of nobody whom the house knows, and every public opinion, by topic."""
    groups: dict[str | None, list[_Entry]] = {None: []}
    known = {one.key for one in public}
    record = record_of(content) if content else None
    for item, key in _printed(record, content):
        if key in known:
            # Its place in the order of topics is the page's.
            groups.setdefault(item.topic, [])
        else:
            entry: _Entry = (item.topic, None, item.attributed_to, item_blocks(item))
            groups.setdefault(item.topic, []).append(entry)
    for one in public:
        topic = known_topic(one.topic, [each for each in groups if each]) if one.topic else None
        topic = topic or one.topic
        names = (one.name,) if one.is_named and one.name else ()
        groups.setdefault(topic, []).append((topic, pages_of(one), names, [opinion_block(one)]))
    return [entry for group in groups.values() for entry in group]


def _printed(
    record: PaperRecord | None, content: PaperContent | None
) -> Iterable[tuple[Item, str | None]]:
    if record is None or content is None:
        return
    for section, row in zip(record.sections, content.sections, strict=True):
        if section.kind is SectionKind.COMMUNITY_OPINIONS:
            for item, stored in zip(section.items, row.items, strict=True):
                yield item, stored.opinion


def pages_of(opinion: Opinion) -> parts.Pages | None:
    if opinion.page_start is None or opinion.page_end is None:
        return None
    return parts.Pages(opinion.page_start, opinion.page_end)


def opinion_block(opinion: Opinion) -> Block:
    """An opinion that anybody may read: pages, words, name, and where it was said."""
    line: list[Span] = ["• "]
    if pages := pages_of(opinion):
        line += [Italic(pages.short), " "]
    line.append(shown(opinion.text))
    if opinion.is_named and opinion.name:
        line += [" — ", Bold(shown(opinion.name))]
        if opinion.url:
            line += [" ", Link("(said here)", opinion.url)]
    return Block(tuple(line))


def _filter(ctx: Context, which: str, topics: Sequence[str | None]) -> Callable[[_Entry], bool]:
    """By pages where it names pages, by person where that is one's name, else by topic."""
    if pages := parts.parse_pages(which):
        return lambda one: (
            one[1] is not None and one[1].start <= pages.end and pages.start <= one[1].end
        )
    wanted = which.strip().removeprefix("@").casefold()
    names = {wanted}
    for claim in ctx.uow.claims.all():
        # A name on a page is a member's once an organiser has agreed.
        if claim.agreed_at and wanted in (claim.name, claim.person.casefold()):
            names |= {claim.name, claim.person.casefold()}
    known = {topic for topic in topics if topic and fold_words(which) == fold_words(topic)}

    def fits(one: _Entry) -> bool:
        topic, _, speakers, _ = one
        if any(name.casefold() in names for name in speakers):
            return True
        if known:
            return topic in known
        words = fold_words(which)
        return bool(words and topic and " ".join(words) in " ".join(fold_words(topic)))

    return fits


@command(
    "confidential",
    "Opinions for members only",
    data=Data.READ,
    access=Access.MEMBER,
    private=True,
    hidden=True,
)
def list_for_members(ctx: Context, what: Annotated[PaperRef, Arg("Code or title")]) -> Reply:
    head = find_head(ctx, what)
    found = ctx.uow.opinions.for_members(head.code)
    if not found:
        raise NotFound(f"No opinion on {head.code} is for members only.", actions=_back(head))
    return Reply(
        card=Card(
            f"{title_of(head)} — for members only",
            body=tuple(_for_members(one) for one in found),
            footer=("Not for passing on.",),
        ),
        actions=_back(head),
        again=ctx.again(head.code),
        page=ctx.invocation.page,
        revision=head.version,
    )


def _for_members(opinion: Opinion) -> Block:
    line: list[Span] = ["• ", shown(opinion.text)]
    if opinion.name:
        line += [" — ", Bold(shown(opinion.name))]
    return Block(tuple(line))


def _back(head: PaperHead) -> tuple[Action, ...]:
    return (
        Action(_GIVE, "opinion", (head.code,)),
        Action("All opinions", "opinions", (head.code,)),
    )


def own_opinions(ctx: Context, opinions: Sequence[Opinion]) -> Reply:
    """Everything that somebody gave, a button each; for them alone."""
    if not opinions:
        return Reply(
            text=("You have given no opinion yet.",),
            actions=(Action(_GIVE, "opinion", style=Style.PRIMARY),),
        )
    blocks = []
    for one in opinions:
        state = "waits for your word" if one.question in (CHOOSE, SAID) else one.visibility
        words = " ".join((one.text or one.proposed or "").split())
        words = words if len(words) <= 100 else words[:99] + "…"
        line: list[Span] = [Bold(one.code), f" ({state}) {shown(words)}"]
        blocks.append(Block(tuple(line), (Action("Open", "mine", (one.key,)),)))
    return Reply(
        card=Card("Your opinions", body=tuple(blocks)),
        actions=(Action("Profile", "profile"),),
        again=ctx.again() if len(blocks) > _ONE_PAGE else None,
        page=ctx.invocation.page,
    )
