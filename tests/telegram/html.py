"""Telegram's HTML: from tags to entities, with Telegram's complaints.

Offsets in complaints are bytes; offsets of entities are UTF-16 units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.telegram.refusals import Json, Refusal, broken

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z]+));?")
_NAME = re.compile(r"[^\s=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")
_TAG = re.compile(r"[^\s>]*")
_WORDS = re.compile("[^<&]*")


def units(text: str) -> int:
    """The length in UTF-16 units, which is how Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cannot_parse(reason: str) -> Refusal:
    return broken(f"can't parse entities: {reason}")


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    begins: int  # Where its text begins among the parts.


@dataclass(slots=True)
class _Parser:
    source: str
    at: int = 0
    parts: list[str] = field(default_factory=list)
    offset: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def run(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            if self.source[self.at] != "<":
                self._say(self._take(_WORDS) or self._next())
            elif self.source.startswith("</", self.at):
                self._end()
            else:
                self._start()
        if self.stack:
            tag = self.stack[-1].tag
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        # Outer before inner: what was closed later stands around what was closed before.
        self.entities.reverse()
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.parts), self.entities

    def _say(self, text: str) -> None:
        self.parts.append(text)
        self.offset += units(text)

    def _next(self) -> str:
        """One character, be it written as such or as a reference."""
        found = _CHARACTER.match(self.source, self.at) if self.source[self.at] == "&" else None
        if found is not None:
            hexadecimal, decimal, name = found.groups()
            code = int(hexadecimal, 16) if hexadecimal else int(decimal or 0)
            character = _NAMED.get(name) if name else (chr(code) if 0 < code < 0x10FFFF else None)
            if character is not None:
                if "\ud800" <= character <= "\udfff":
                    raise cannot_parse(
                        "Text contains invalid Unicode characters after decoding HTML entities, "
                        "check for unmatched surrogate code units"
                    )
                self.at = found.end()
                return character
        self.at += 1
        return self.source[self.at - 1]

    def _place(self, begin: int) -> str:
        return f"at byte offset {len(self.source[:begin].encode())}"

    def _skip_space(self) -> None:
        found = _SPACE.match(self.source, self.at)
        assert found is not None
        self.at = found.end()

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        assert found is not None
        self.at = found.end()
        return found.group()

    def _here(self) -> str:
        return self.source[self.at : self.at + 1]

    def _start(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._take(_TAG).lower()
        if not self._here():
            raise cannot_parse(f"Unclosed start tag {self._place(begin)}")
        if tag not in KINDS:
            raise cannot_parse(f'Unsupported start tag "{tag}" {self._place(begin)}')
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._here() == ">":
                break
            if not self._here():
                raise cannot_parse(f'Unclosed start tag "{tag}" {self._place(begin)}')
            name = self._take(_NAME)
            if not name:
                raise cannot_parse(f'Empty attribute name in the tag "{tag}" {self._place(begin)}')
            attributes[name] = self._value(tag, begin)
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise cannot_parse(f'Tag "span" must have class "tg-spoiler" {self._place(begin)}')
        self.stack.append(_Open(tag, attributes, self.offset, len(self.parts)))

    def _value(self, tag: str, begin: int) -> str:
        self._skip_space()
        if self._here() != "=":
            if not self._here():
                raise cannot_parse(f'Unclosed start tag "{tag}" {self._place(begin)}')
            return ""
        self.at += 1
        self._skip_space()
        quote = self._here()
        if not quote:
            raise cannot_parse(f'Unclosed start tag "{tag}" {self._place(begin)}')
        if quote not in "'\"":
            token_at = self.at
            token = self._take(_TOKEN)
            if self._here() and not self._here().isspace() and self._here() != ">":
                raise cannot_parse(f"Unexpected end of name token {self._place(token_at)}")
            return token.lower()
        self.at += 1
        value = ""
        while self._here() and self._here() != quote:
            value += self._next()
        self.at += 1
        if not self._here():
            raise cannot_parse(f"Unclosed start tag {self._place(begin)}")
        return value

    def _end(self) -> None:
        begin = self.at
        if not self.stack:
            raise cannot_parse(f"Unexpected end tag {self._place(begin)}")
        self.at += 2
        name = self._take(_TAG).lower()
        self._skip_space()
        if self._here() != ">":
            raise cannot_parse(f"Unclosed end tag {self._place(begin)}")
        self.at += 1
        opened = self.stack.pop()
        if name and name != opened.tag:
            raise cannot_parse(
                f'Unmatched end tag {self._place(begin)}, expected "</{opened.tag}>", '
                f'found "</{name}>"'
            )
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Json = {
            "type": KINDS[opened.tag],
            "offset": opened.offset,
            "length": self.offset - opened.offset,
        }
        said = opened.attributes
        if opened.tag == "a":
            link = link_to(said.get("href") or "".join(self.parts[opened.begins :]))
            if link is None:
                return  # Telegram drops a link to nowhere and keeps its words.
            entity |= link
        elif opened.tag == "blockquote" and "expandable" in said:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = _emoji_id(said)
        elif opened.tag == "tg-time":
            entity |= _moment(said)
        elif opened.tag == "code" and said.get("class", "").startswith("language-"):
            entity["language"] = said["class"].removeprefix("language-")
        elif opened.tag == "pre" and self._is_all_code(entity):
            self.entities[-1]["type"] = "pre"
            return
        self.entities.append(entity)

    def _is_all_code(self, entity: Json) -> bool:
        """Whether a ``pre`` holds nothing but one ``code`` that names a language."""
        last = self.entities[-1] if self.entities else {}
        same = all(last.get(name) == entity[name] for name in ("offset", "length"))
        return same and last["type"] == "code" and "language" in last


def _emoji_id(said: dict[str, str]) -> str:
    if not re.fullmatch(r"-?[1-9][0-9]{0,18}", said.get("emoji-id", "")):
        raise cannot_parse("Invalid custom emoji identifier specified")
    return said["emoji-id"]


def _moment(said: dict[str, str]) -> Json:
    if not re.fullmatch(r"[0-9]{1,10}", said.get("unix", "")):
        raise cannot_parse("Invalid date specified")
    moment: Json = {"unix_time": int(said["unix"])}
    if said.get("format"):
        if not _TIME_FORMAT.fullmatch(said["format"]):
            raise cannot_parse("Invalid date-time format specified")
        moment["date_time_format"] = said["format"]
    return moment


def link_to(url: str) -> Json | None:
    """What a link leads to: a page, a member, or None for nowhere."""
    mentioned = re.fullmatch(r"tg://user\?id=([0-9]{1,19})", url)
    if mentioned:
        # The parser knows nobody; a client shows the name that stands in the text.
        user = {"id": int(mentioned[1]), "is_bot": False, "first_name": "somebody"}
        return {"type": "text_mention", "user": user}
    if re.match(r"tg://\S+", url):
        return {"type": "text_link", "url": url}
    full = url if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url) else f"http://{url}"
    is_page = re.fullmatch(r"(https?|ton|tonsite)://[^\s/?#]*[^\s/?#.](:[0-9]+)?([/?#]\S*)?", full)
    has_dot = re.match(r"[a-z]+://([^/?#]*\.[^/?#]+|localhost)", full)
    return {"type": "text_link", "url": full} if is_page and has_dot else None


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The plain text and its entities; raises what Telegram would complain about."""
    text, entities = _Parser(source).run()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities
