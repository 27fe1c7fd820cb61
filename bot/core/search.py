"""/search: the pages' words, with a snippet, the place, and a button that opens it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from bot.archive.record import SectionKind
from bot.chat.commands import Arg, Data, command
from bot.chat.errors import NotFound
from bot.chat.reply import Action, Block, Card, Reply
from bot.chat.text import Bold, Italic, Span
from bot.core import parts
from bot.core.context import Context
from bot.core.page_view import shown
from bot.core.spelling import respelt, with_plurals
from storage.search import MOST_OF_A_PAPER, Hit, SearchQuery
from storage.snippet import make_snippet

MAX_HITS = 20
_SNIPPET = 200
# So few hits fit on one page everywhere, so that there is nothing to page.
_ONE_PAGE = 5
_KINDS = {kind.value: kind for kind in SectionKind}


@command(
    "search",
    "Find words in all pages: the papers and what was said of them",
    data=Data.READ,
    first=True,
    examples=("/search deepfake", '/search "federated learning"', "/search crypt*"),
)
def search_pages(
    ctx: Context,
    words: Annotated[str, Arg('Words; "in quotes" for a phrase, word* for a beginning')],
) -> Reply:
    query = with_plurals(SearchQuery.parse(words))
    if not query.terms:
        raise NotFound("There is no word in that to search for. Try /search deepfake.")
    hits = ctx.uow.search.find(query, limit=MAX_HITS)
    note = ""
    if not hits and (changed := respelt(query, ctx.uow.search)):
        query = changed.query
        hits = ctx.uow.search.find(query, limit=MAX_HITS)
        note = f"Nothing says “{shown(words)}”; shown is {changed.description}."
    if not hits:
        raise NotFound(
            f"Nothing in the archive says “{shown(words)}”. Fewer words find more, and "
            "word* finds every word with that beginning.",
            actions=(Action("All papers", "papers"),),
        )
    quoted = shown(words) if '"' in words else f"“{shown(words)}”"
    title = f"{quoted}: {_count(hits)}"
    return Reply(
        card=Card(
            title,
            body=(
                *((Block((Italic(note),)),) if note else ()),
                *(_block(hit, query) for hit in hits),
            ),
        ),
        again=ctx.again(words) if len(hits) > _ONE_PAGE else None,
        page=ctx.invocation.page,
        revision=ctx.catalogue.club.version,
    )


def _count(hits: Sequence[Hit]) -> str:
    """How much was found; where there is more than is shown, these are the best."""
    per_paper = Counter(hit.code for hit in hits)
    is_cut = len(hits) == MAX_HITS or max(per_paper.values()) == MOST_OF_A_PAPER
    places = "place" if len(hits) == 1 else "places"
    papers = "one paper" if len(per_paper) == 1 else f"{len(per_paper)} papers"
    return f"{'the best ' if is_cut else ''}{len(hits)} {places} in {papers}"


def _block(hit: Hit, query: SearchQuery) -> Block:
    line: list[Span] = [Bold(hit.code), f" {shown(hit.title)}"]
    if place := _place(hit):
        line.append(f" — {place}")
    line.append("\n")
    found = make_snippet(hit.text, query, _SNIPPET)
    position = 0
    for start, end in found.matches:
        line += [shown(found.text[position:start]), Bold(shown(found.text[start:end]))]
        position = end
    line.append(shown(found.text[position:]))
    action = Action(f"Open {hit.code}", "paper", (hit.code, _part(hit)))
    return Block(tuple(span for span in line if span != ""), (action,))


def _place(hit: Hit) -> str:
    """Where a hit stands: section, topic, pages."""
    pages = _pages(hit)
    facts = [shown(hit.heading or "").rstrip(" :"), shown(hit.topic or "")]
    facts.append(pages.short if pages else "")
    return ", ".join(fact for fact in facts if fact)


def _pages(hit: Hit) -> parts.Pages | None:
    if hit.page_start is None or hit.page_end is None:
        return None
    return parts.Pages(hit.page_start, hit.page_end)


def _part(hit: Hit) -> str:
    """What opens the very place of a hit, as the part of a paper."""
    if pages := _pages(hit):
        return pages.slug
    if hit.topic:
        return parts.topic_slug(hit.topic)
    kind = _KINDS.get(hit.kind)
    return parts.slug(kind) if kind else ""
