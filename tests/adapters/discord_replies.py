"""Replies of every kind, with texts that try to be more than text."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.chat.reply import PRIVATE, Action, Block, Card, Field, File, Reply, Style
from bot.chat.text import Bold, Code, Italic, Link, Mention, Quote, Text, When, WhenStyle

_ATTACKS = st.sampled_from(
    [
        *"*_~|`[]()<>#@:\\-+.!/ \n",
        "**", "__", "~~", "||", "```", "``", "> ", ">>> ", "# ", "### ", "-# ", "- ", "1. ", "* ",
        "<@1>", "<@!1>", "<@&2>", "<#3>", "<t:0:R>", "</x:1>", "<:e:1>", "<a:e:1>", "<id:guide>",
        "@everyone", "@here", "@", "every", "one", "http", "https", "://", "x.org", "](", "[a](",
        "https://a.b", "\u202e", "\u200b", "\u200d", "\ufeff", "\r", "\u2028", "\x00", "\\\\",
    ]
)  # fmt: skip
_LETTERS = st.sampled_from(
    ["a", "7", "é", "中", "ب", "😀", "👩\u200d🔬", "\U00020000", "¯\\_(ツ)_/¯"]
)
words = st.lists(st.one_of(_ATTACKS, _LETTERS, st.text(max_size=6)), max_size=12).map("".join)


def long_words(most: int) -> st.SearchStrategy[str]:
    """Texts around and beyond a limit, made of a few signs each."""
    repeated = st.tuples(st.one_of(_ATTACKS, _LETTERS, words), st.integers(1, most))
    long = repeated.map(lambda pair: (pair[0] * pair[1])[:most])
    return st.one_of(words, long)


urls = st.tuples(st.sampled_from(["https://", "http://"]), words).map("".join)
ids = st.one_of(st.integers(1, 2**63).map(str), words)
instants = st.datetimes(timezones=st.just(UTC), min_value=datetime(1980, 1, 1))  # noqa: DTZ001


def spans(text: st.SearchStrategy[str] = words) -> st.SearchStrategy[Text]:
    simple = st.one_of(
        text,
        text.map(Bold),
        text.map(Italic),
        text.map(Code),
        st.builds(Link, words, urls),
        st.builds(Mention, ids, words, st.booleans()),
        st.builds(When, instants, st.sampled_from(WhenStyle)),
    )
    quote = st.lists(simple, max_size=4).map(lambda parts: Quote(tuple(parts)))
    return st.lists(st.one_of(simple, quote), max_size=5).map(tuple)


_values = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,8}", fullmatch=True)
actions = st.builds(
    Action,
    long_words(120),
    st.sampled_from(["paper", "search", "help"]),
    st.lists(_values, max_size=3).map(tuple),
    st.sampled_from(Style),
)
blocks = st.builds(Block, spans(long_words(6_000)), st.lists(actions, max_size=30).map(tuple))
fields = st.builds(Field, long_words(400), spans(long_words(1_200)))
cards = st.builds(
    Card,
    long_words(400),
    st.lists(fields, max_size=30).map(tuple),
    st.lists(blocks, max_size=6).map(tuple),
    spans(long_words(900)),
)
replies = st.builds(
    Reply,
    text=spans(long_words(3_000)),
    card=st.none() | cards,
    actions=st.lists(actions, max_size=40).map(tuple),
    files=st.lists(st.builds(File, words, st.binary(max_size=5)), max_size=12).map(tuple),
    audience=st.sampled_from([Reply().audience, PRIVATE]),
    again=st.none() | actions,
    page=st.integers(1, 9),
    revision=st.integers(0, 999),
)
