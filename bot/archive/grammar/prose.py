"""Sections of running text: a text, and the items that numbers, bullets or topics make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.archive.grammar.drafts import Body, ItemDraft, Opened
from bot.archive.grammar.headings import can_stand, is_inner, is_nothing, looks_like_heading
from bot.archive.grammar.labels import is_label, split_label
from bot.archive.grammar.letters import SENTENCE_END, is_capital
from bot.archive.grammar.names import is_name, split_by_dash
from bot.archive.grammar.numerals import Numbering, Part, cut
from bot.archive.lines import Line
from bot.archive.record import SectionKind


def read_prose(blocks: Sequence[Line], kind: SectionKind, named: Mapping[str, str]) -> Body:
    """Reads a section of one voice: summaries, authors, opinions and whatever is not known."""
    prose = _Prose(kind, named)
    for position, block in enumerate(blocks):
        if block.level:
            prose.add_heading(block.text)
        elif block.bullet:
            prose.add_bullet(block)
        else:
            prose.add_paragraph(block.text, has_more=position + 1 < len(blocks))
    return prose.body


def split_footnotes(text: str) -> list[str]:
    """A text and the footnotes it ends in, such as ``**Thank you ...``."""
    footnotes: list[str] = []
    end = len(text)
    while (stars := text.rfind("**", 0, end)) >= 0:
        while stars and text[stars - 1] == "*":
            stars -= 1
        if _begins_footnote(text, stars):
            footnotes.append(text[stars:end].strip())
            end = stars
        else:
            break
    lead = text[:end].strip()
    return [lead, *reversed(footnotes)] if can_stand(lead) else [text]


def _begins_footnote(text: str, stars: int) -> bool:
    """Whether stars stand before a remark: close to it, or apart from two sentences."""
    before, after = text[stars - 1 : stars], text[stars : stars + 9].lstrip("*")
    if after.startswith(" "):
        ends = text[:stars].rstrip()[-1:] in ("", *SENTENCE_END)
        return ends and is_capital(after.lstrip()[:1])
    return after[:1].isalnum() and (before == "" or before.isspace() or before in SENTENCE_END)


def is_footnote(text: str) -> bool:
    """Whether a paragraph is one footnote and nothing else."""
    return split_footnotes(text) == ["", text] and len(cut(text, Numbering())) == 1


@dataclass(slots=True)
class _Prose:
    kind: SectionKind
    named: Mapping[str, str]
    body: Body = field(default_factory=Body)
    numbering: Numbering = field(default_factory=Numbering)

    def add_heading(self, text: str) -> None:
        for part in cut(text, self.numbering, only_leading=True):
            if part.number is None:
                self.body.open(ItemDraft(Opened.HEADING, topic=text))
                continue
            has_label = is_label(part.text) and split_label(part.text)[0] is None
            part = Part(part.number, f"{part.text}:") if has_label else part
            self._open_numbered(part, Opened.NUMBER)

    def add_bullet(self, block: Line) -> None:
        last = self.body.last
        if last and last.opened is Opened.NUMBER:
            last.add_point(block.text, block.bullet)
            return
        if last and block.bullet > 1 and last.depth:
            last.add_point(block.text, block.bullet - 1)
            return
        for part in cut(block.text, self.numbering, only_leading=True):
            if part.number is not None:
                self._open_numbered(part, Opened.BULLET_NUMBER)
            elif last and last.opened is Opened.HEADING:
                last.add_point(block.text, block.bullet)
            elif is_footnote(block.text):
                self._add_footnotes([block.text])
            else:
                self._open_part(part, Opened.BULLET)

    def add_paragraph(self, text: str, *, has_more: bool) -> None:
        parts = cut(text, self.numbering)
        for part in parts:
            if part.number is not None:
                self._open_numbered(part, Opened.NUMBER)
                continue
            body, *footnotes = split_footnotes(part.text)
            goes_on = has_more or len(parts) > 1 or bool(footnotes)
            if is_inner(body) and goes_on:
                self.add_heading(body)
            elif not is_nothing(body):
                self._go_on(body, has_more=goes_on)
            self._add_footnotes(footnotes)

    def _open_numbered(self, part: Part, opened: Opened) -> None:
        body, *footnotes = split_footnotes(part.text)
        self._open_part(Part(part.number, body), opened)
        self._add_footnotes(footnotes)

    def _add_footnotes(self, footnotes: list[str]) -> None:
        for footnote in footnotes:
            self.body.open(ItemDraft(Opened.FOOTNOTE)).add_text(footnote)

    def _go_on(self, text: str, *, has_more: bool) -> None:
        last = self.body.last
        if last and (last.is_numbered or last.opened is Opened.HEADING):
            last.add_paragraph(text)
        elif self._is_by_somebody(text):
            self._open_part(Part(None, text), Opened.LABEL)
        elif has_more and last is None and self._is_bare_name(text):
            self.body.open(ItemDraft(Opened.LABEL, label=text.rstrip(": "), depth=1))
        elif last is None:
            self.body.add_text(text)
        elif last.opened is not Opened.FOOTNOTE and self._goes_on_in_paragraphs():
            if has_more and last.opened is Opened.LABEL and self._is_bare_name(text):
                self.body.open(ItemDraft(Opened.LABEL, label=text.rstrip(": "), depth=1))
            else:
                last.add_paragraph(text)
        else:
            self._open_part(Part(None, text), Opened.PARAGRAPH)

    def _goes_on_in_paragraphs(self) -> bool:
        return self.kind in (SectionKind.AUTHORS, SectionKind.OPINIONS)

    def _is_by_somebody(self, text: str) -> bool:
        """Whether a paragraph begins with the name of the person it is by or about."""
        if not self._goes_on_in_paragraphs():
            return False
        label = self._split_label(text)[0]
        if label is None:
            return False
        if self.kind is SectionKind.OPINIONS:
            return label.casefold() in self.named
        return is_name(label, self.named)

    def _split_label(self, text: str) -> tuple[str | None, str]:
        found = split_label(text)
        is_about = found.label is None and self.kind is SectionKind.AUTHORS
        return (split_by_dash(text) if is_about else None) or found

    def _is_bare_name(self, text: str) -> bool:
        """Whether a line of its own is the name of the author whom the next paragraph is about."""
        if self.kind is not SectionKind.AUTHORS or " " not in text:
            return False
        return looks_like_heading(text) and is_name(text.rstrip(": "), self.named)

    def _open_part(self, part: Part, opened: Opened) -> None:
        label, text = self._split_label(part.text)
        last = self.body.last
        topic = last.topic if last else None
        if last and last.is_bare and last.opened is Opened.HEADING and part.number is not None:
            self.body.items.pop()
        item = ItemDraft(opened, part.number, topic, label, depth=int(opened is not Opened.NUMBER))
        item.add_text(text)
        self.body.open(item)
