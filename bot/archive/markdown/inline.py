"""The inside of a Markdown paragraph: what shows of it, and the addresses that do not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.archive.record import Link
from bot.archive.web_links import web_link

if TYPE_CHECKING:
    from markdown_it.token import Token

_SCRIPT = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TEXTS = ("text", "text_special", "code_inline")


@dataclass(slots=True)
class Inline:
    """Reads the tokens of one paragraph."""

    links: dict[str, Link]
    """By address; what is found is added."""
    parts: list[list[str]] = field(default_factory=lambda: [[]])
    offsets: list[int] = field(default_factory=lambda: [0])
    _offset: int = 0
    _address: str = ""
    _label_from: int = 0
    _in_script: bool = False

    def read(self, tokens: list[Token]) -> list[tuple[int, str]]:
        """The lines as they show, each with how far below the first it begins in the file."""
        for token in tokens:
            if token.type == "html_inline":
                self._html(token.content)
            elif self._in_script:
                continue
            elif token.type in _TEXTS:
                self.parts[-1].append(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                self._offset += 1
                self._new_line()
            else:
                self._link(token)
        return list(zip(self.offsets, map("".join, self.parts), strict=True))

    def _html(self, source: str) -> None:
        if tag := _SCRIPT.match(source):
            self._in_script = not tag[1]
        elif _BREAK.fullmatch(source):
            self._new_line()

    def _new_line(self) -> None:
        self.parts.append([])
        self.offsets.append(self._offset)
        self._label_from = 0

    def _link(self, token: Token) -> None:
        if token.type == "link_open":
            self._address = str(token.attrs.get("href", ""))
            self._label_from = len(self.parts[-1])
        elif token.type == "link_close":
            link = web_link(self._address, "".join(self.parts[-1][self._label_from :]))
            if link:
                self.links.setdefault(link.url, link)
