"""/search: the pages' words, with a snippet, the place, and a button that opens it."""

from __future__ import annotations

from typing import Annotated

from bot.archive.record import SectionKind
from bot.chat.commands import Arg, Data, command
from bot.chat.errors import NotFound
from bot.chat.reply import Action, Block, Card, Reply
from bot.chat.text import Bold, Italic, Span
from bot.core import parts
from bot.core.context import Context
from bot.core.page_view import shown
from bot.core.spelling import respelt
from storage.search import Hit, SearchQuery
from storage.snippet import make_snippet

MAX_HITS = 20
_SNIPPET = 200
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
    query = SearchQuery.parse(words)
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
    papers = len({hit.code for hit in hits})
    count = f"{len(hits)}{'+' if len(hits) == MAX_HITS else ''}"
    quoted = shown(words) if '"' in words else f"“{shown(words)}”"
    title = f"{quoted}: {count} {'place' if len(hits) == 1 else 'places'} in " + (
        "one paper" if papers == 1 else f"{papers} papers"
    )
    return Reply(
        card=Card(
            title,
            body=(
                *((Block((Italic(note),)),) if note else ()),
                *(_block(hit, query) for hit in hits),
            ),
        ),
        again=ctx.again(words),
        page=ctx.invocation.page,
        revision=ctx.catalogue.club.version,
    )


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
    facts.append(("p. " if pages.start == pages.end else "pp. ") + str(pages) if pages else "")
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
