"""Whatever the house says, Discord takes it, and nobody's text does anything there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.discord.buttons import code_in
from bot.adapters.discord.embed import description
from bot.adapters.discord.markup import escape, markdown
from bot.adapters.discord.render import Payload, render
from bot.chat.actions import decode
from bot.chat.reply import Action, Block, Card, Field, Reply, say
from bot.chat.text import Bold, Code, Italic, Link, Mention, Quote, Text, When, WhenStyle, clean
from tests.adapters.discord_markdown import active, shown
from tests.adapters.discord_replies import replies, spans, words
from tests.discord.limits import problems_within_limits
from tests.discord.refusals import Problem
from tests.discord.spec import problems_of_body

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


@given(words)
def test_a_persons_words_are_shown_and_do_nothing(text: str) -> None:
    made = escape(text)
    assert active(made) == []
    assert shown(made) == clean(text).replace("\u200b", "")


@given(st.lists(words, max_size=4))
def test_words_in_pieces_do_nothing_either(pieces: list[str]) -> None:
    assert active(markdown(tuple(pieces))) == []


@given(words)
def test_code_stays_code(text: str) -> None:
    made = markdown((Code(text),))
    assert made.count("`") in (0, 2)
    assert "\n" not in made or not clean(text).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ((Bold("a*b"), " ", Italic("c")), "**a\\*b** *c*"),
        ((Bold("a"), Bold("b")), "**a**\u200b**b**"),
        ((Italic(" a "), "b"), " *a* b"),
        ((Bold(""), Italic(" ")), " "),
        ((Code("a`b"),), "`aˋb`"),
        ((Link("Page [1]", "https://x.org/a_(b)"),), "[Page \\[1\\]](https://x.org/a_%28b%29)"),
        ((Link("https://x.org", "https://x.org"),), "<https://x.org>"),
        ((Link("https://good.org", "https://bad.org"),), "https\\://good.org (<https://bad.org>)"),
        ((Link("a", "https://x.org/%20?q=a b"),), "[a](https://x.org/%20?q=a%20b)"),
        ((Mention("12", "Ana"), Mention("3", "Team", is_role=True)), "<@12><@&3>"),
        ((Mention("not an id", "A*na"),), "@A\\*na"),
        (("Said:", Quote(("one\n# two",)), "after"), "Said:\n> one\n> \\# two\nafter"),
        (("1", ". not a list"), "1\\. not a list"),
        (("- a\n  + b\n-# c\n12. d",), "\\- a\n  \\+ b\n\\-# c\n12\\. d"),
        (("a_b @everyone @someone",), "a\\_b @\u200beveryone @someone"),
    ],
)
def test_spans_are_discords_own_markup(text: Text, expected: str) -> None:
    assert markdown(text) == expected


@pytest.mark.parametrize(
    ("style", "letter"), [("date", "D"), ("time", "t"), ("date_time", "F"), ("relative", "R")]
)
def test_an_instant_is_shown_in_each_readers_own_time(style: str, letter: str) -> None:
    at = datetime(2031, 3, 6, 19, 0, tzinfo=UTC)
    assert markdown((When(at, WhenStyle(style)),)) == f"<t:1930590000:{letter}>"


@SLOW
@given(replies, st.booleans(), st.booleans())
def test_every_reply_is_within_every_limit(reply: Reply, can_share: bool, notify: bool) -> None:
    made = render(reply, can_share=can_share, can_notify=notify)
    for payload in (made.payload, *made.more):
        assert _problems(payload) == []
        for button in _buttons(payload):
            assert decode(code_in(str(button["custom_id"]))) is not None
    allowed = made.payload["allowed_mentions"]
    assert isinstance(allowed, dict)
    named = {one.account_id for one in _mentions(reply)} if notify else set()
    assert allowed["parse"] == []
    assert {*allowed["users"], *allowed["roles"]} <= named


@SLOW
@given(st.lists(st.tuples(spans(), st.integers(0, 4)), min_size=1, max_size=40))
def test_pages_together_are_the_whole_card(parts: list[tuple[Text, int]]) -> None:
    body = tuple(
        Block(text, tuple(Action(f"{at}.{n}", "paper", (f"{at}-{n}",)) for n in range(count)))
        for at, (text, count) in enumerate(parts)
    )
    reply = Reply(card=Card("Title", body=body), again=Action("Again", "paper", ("x",)))
    pages = [render(reply)]
    while any(str(one["label"]).startswith("Next") for one in _buttons(pages[-1].payload)):
        pages.append(render(replace(reply, page=len(pages) + 1)))
    labels = [one["label"] for page in pages for one in _buttons(page.payload)]
    own = [label for label in labels if str(label)[0].isdigit()]
    assert own == [action.label for block in body for action in block.actions]
    if len(pages) == 1:
        embed = _embed(pages[0].payload)
        whole = description(tuple(block for block in body if block.text or block.actions))
        assert embed.get("description", "") == whole


def test_a_card_that_cannot_be_asked_for_again_is_shown_in_several_messages() -> None:
    body = tuple(Block((f"Paragraph {number}. " + "word " * 300,)) for number in range(12))
    made = render(Reply(card=Card("Title", body=body)))
    texts = [str(payload["embeds"]) for payload in (made.payload, *made.more)]
    assert len(texts) > 1
    for number in range(12):
        assert sum(f"Paragraph {number}. " in text for text in texts) == 1


def test_what_does_not_fit_into_the_head_begins_the_body() -> None:
    title, value, footer = "T" * 300, "v" * 1_100, "f" * 600
    card = Card(title, (Field("Fact", (value,)),), (Block(("Body",)),), (footer,))
    embed = _embed(render(Reply(card=card)).payload)
    parts = embed["description"].split("\n\n")
    assert parts == [f"**{title}**", f"**Fact**: {value}", "Body", footer]
    assert "fields" not in embed
    assert len(embed["title"]) == 256


def test_who_is_named_on_a_card_is_notified_by_the_content() -> None:
    reply = Reply(card=Card("Next", body=(Block((Mention("12", "Ana"), " presents")),)))
    assert render(reply).payload["content"] == "<@12>"
    assert render(reply, can_notify=False).payload["content"] == ""


def test_equal_actions_get_custom_ids_of_their_own() -> None:
    same = Action("Card", "paper", ("x",))
    buttons = _buttons(render(Reply(text=("a",), actions=(same, same, same))).payload)
    assert [one["custom_id"] for one in buttons] == ["paper_x", "paper_x.2", "paper_x.3"]
    assert {code_in(str(one["custom_id"])) for one in buttons} == {"paper_x"}


def test_a_long_text_becomes_a_card() -> None:
    payload = render(say("word " * 500)).payload
    assert payload["content"] == ""
    assert _problems(payload) == []


def _problems(payload: Payload) -> list[Problem]:
    call = ("POST", "/channels/{channel_id}/messages")
    return problems_within_limits(*call, payload) + problems_of_body(*call, payload)


def _buttons(payload: Payload) -> list[dict[str, object]]:
    rows = payload["components"]
    assert isinstance(rows, list)
    return [button for row in rows for button in row["components"]]


def _embed(payload: Payload) -> dict[str, str]:
    embeds = payload["embeds"]
    assert isinstance(embeds, list)
    (embed,) = embeds
    assert isinstance(embed, dict)
    return embed


def _mentions(reply: Reply) -> list[Mention]:
    texts = [reply.text]
    if reply.card:
        texts += [field.value for field in reply.card.fields]
        texts += [block.text for block in reply.card.body]
    flat = [span for text in texts for span in text]
    flat += [inner for span in flat if isinstance(span, Quote) for inner in span.content]
    return [span for span in flat if isinstance(span, Mention)]
