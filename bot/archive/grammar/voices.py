"""Sections in which many people speak: community opinions and notes, one item each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.archive.grammar.drafts import Body, ItemDraft, Opened, with_next
from bot.archive.grammar.headings import looks_like_heading
from bot.archive.grammar.labels import split_label
from bot.archive.grammar.names import speakers
from bot.archive.grammar.numerals import Numbering, Part, cut
from bot.archive.grammar.speakers import split_voices
from bot.archive.lines import Line


def is_topic(block: Line, following: Line | None) -> bool:
    """Whether a block is a bare line that other blocks stand under."""
    if block.level:
        return True
    return (
        not block.bullet
        and looks_like_heading(block.text)
        and following is not None
        and not following.level
        and (
            following.bullet > 0
            or not looks_like_heading(following.text)
            or _asks(block, following)
        )
    )


def _asks(block: Line, following: Line) -> bool:
    """Whether a question stands over a short answer."""
    return block.text.endswith("?") and not following.text.endswith("?")


def read_voices(blocks: Sequence[Line], *, has_topics: bool, named: Mapping[str, str]) -> Body:
    """Reads a section of opinions by topic, or of notes (which have no topics and no text)."""
    voices = _Voices(has_topics, named)
    for block, following in with_next(blocks):
        if block.level or (has_topics and is_topic(block, following)):
            voices.begin_topic(block.text)
        elif block.bullet:
            voices.add_bullet(block)
        else:
            voices.add_paragraph(block)
    voices.end_topic()
    return voices.body


@dataclass(slots=True)
class _Voices:
    has_topics: bool
    named: Mapping[str, str]
    body: Body = field(default_factory=Body)
    numbering: Numbering = field(default_factory=Numbering)
    topic: str | None = None
    is_waiting: bool = False
    """Whether nothing stands under the topic yet."""

    def begin_topic(self, text: str) -> None:
        self.end_topic()
        self.topic, self.is_waiting = text, True

    def end_topic(self) -> None:
        if self.is_waiting:
            self.body.open(ItemDraft(Opened.HEADING, topic=self.topic))
            self.is_waiting = False

    def add_bullet(self, block: Line) -> None:
        last = self.body.last
        if block.bullet > 1 and last and last.depth and not self.is_waiting:
            last.add_point(block.text, block.bullet - 1)
            return
        for part in cut(block.text, self.numbering, only_leading=True):
            self._open(part, Opened.BULLET if part.number is None else Opened.BULLET_NUMBER)

    def add_paragraph(self, block: Line) -> None:
        parts = cut(block.text, self.numbering)
        for part in parts:
            is_intro = (
                self.has_topics
                and part.number is None
                and self.topic is None
                and not self.body.items
                and not speakers(part.text, self.named)
            )
            if is_intro and len(parts) > 1 and looks_like_heading(part.text):
                self.begin_topic(part.text)
            elif is_intro:
                self.body.add_text(part.text)
            elif part.number is None:
                for voice in split_voices(part.text, self.named):
                    self._open(Part(None, voice), Opened.PARAGRAPH)
            else:
                self._open(part, Opened.PARAGRAPH)

    def _open(self, part: Part, opened: Opened) -> None:
        label, text = split_label(part.text)
        self.is_waiting = False
        depth = int(opened in (Opened.BULLET, Opened.BULLET_NUMBER))
        item = ItemDraft(opened, part.number, self.topic, label, depth=depth)
        item.add_text(text)
        self.body.open(item)
