"""In-depth summaries: an item for each topic with its pages, and labelled points in its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.archive.grammar.drafts import Body, ItemDraft, Opened, with_next
from bot.archive.grammar.headings import can_stand, looks_like_heading
from bot.archive.grammar.labels import Labelled, glued_labels, split_label
from bot.archive.grammar.numerals import Numbering, Part, cut
from bot.archive.grammar.plain import without_bullets
from bot.archive.grammar.ranges import (
    PageHeading,
    behind_pages,
    can_be_written,
    clean_topic,
    find_pages,
    find_pages_in_heading,
    topic_of,
)
from bot.archive.lines import Line
from bot.archive.record import PageWarning

_TOPICS = (Opened.HEADING, Opened.RANGE)


def read_in_depth(blocks: Sequence[Line], warnings: list[PageWarning]) -> Body:
    """Reads an in-depth section; a range that runs backwards is warned of and put in order."""
    reader = _InDepth(warnings)
    for block, following in with_next(blocks):
        reader.read(block, following)
    return reader.body


def is_bare_topic(block: Line, following: Line | None) -> bool:
    """Whether a bare line is the topic of what follows, be it its pages or its text."""
    if block.bullet or following is None or following.level:
        return False
    if not looks_like_heading(block.text) or not can_stand(block.text):
        return False
    pages = find_pages(following.text)
    if pages is not None:
        return pages.topic is None and not pages.text and not following.bullet
    return (
        following.bullet > 0
        or split_label(following.text)[0] is not None
        or not looks_like_heading(following.text)
    )


@dataclass(slots=True)
class _InDepth:
    warnings: list[PageWarning]
    body: Body = field(default_factory=Body)
    numbering: Numbering = field(default_factory=Numbering)
    is_marked: bool = False
    """Whether a topic was marked, or had pages: then a bare line is none."""
    inner: Numbering = field(default_factory=Numbering)
    """Counts the numbered points of one item."""

    def read(self, block: Line, following: Line | None) -> None:
        if block.level:
            self.is_marked = True
            self._open_marked(block)
        elif not self._is_point(block) and (pages := find_pages(block.text)) is not None:
            self.is_marked = True
            last = self.body.last
            is_for_last = last and last.opened is Opened.HEADING and last.is_bare and not last.start
            if last and is_for_last and pages.topic is None and not pages.text:
                self._set_pages(last, pages, block)
            else:
                self._open_topic(block, pages.topic, pages, Opened.RANGE)
        elif block.bullet:
            self._add_bullet(block)
        elif self._is_topic(block, following):
            self._open_marked(block)
        else:
            self._add_paragraph(block.text)

    def _is_point(self, block: Line) -> bool:
        """Whether a bullet belongs to the item above, even if its text begins with pages."""
        last = self.body.last
        return block.bullet > 0 and last is not None and block.bullet > last.depth

    def _is_topic(self, block: Line, following: Line | None) -> bool:
        if not is_bare_topic(block, following):
            return False
        return not self.is_marked or (following is not None and bool(find_pages(following.text)))

    def _open_marked(self, block: Line) -> None:
        topic = clean_topic(block.text)
        pages = find_pages_in_heading(topic or "")
        topic = pages.topic if pages else topic
        self._open_topic(block, topic, pages, Opened.HEADING)

    def _open_topic(
        self, block: Line, topic: str | None, pages: PageHeading | None, opened: Opened
    ) -> None:
        item = self._open(ItemDraft(opened, depth=block.bullet))
        self._set_topic(item, topic)
        if pages:
            self._set_pages(item, pages, block)
            if pages.text:
                self._go_on(item, pages.text)

    def _set_topic(self, item: ItemDraft, topic: str | None) -> None:
        item.topic = topic
        if topic and item.number is None and (found := self.numbering.opening(topic)):
            rest = clean_topic(found[0].text)
            item.number, item.topic = (found[0].number, rest) if rest else (None, topic)

    def _set_pages(self, item: ItemDraft, pages: PageHeading, block: Line) -> None:
        if pages.is_backward:
            text = f"The pages {pages.start}-{pages.end} run backwards; they are kept in order."
            self.warnings.append(PageWarning(block.number, text))
        item.start, item.end = sorted((pages.start, pages.end))

    def _add_bullet(self, block: Line) -> None:
        last = self.body.last
        begins_item = last is None or (
            last.start is None
            and last.opened in (Opened.BULLET, Opened.BULLET_NUMBER)
            and block.bullet <= last.depth
        )
        if last is not None and not begins_item:
            last.add_point(block.text, max(1, block.bullet - last.depth))
            return
        if last is not None and last.topic is not None:
            self._open_bullet(block.text, block.bullet)
            return
        for part in self._cut(block.text, only_leading=True):
            if part.number is not None:
                self._open_numbered(part, Opened.BULLET_NUMBER, block.bullet)
            elif last is not None and last.is_numbered:
                last.add_point(part.text, 1)
            else:
                self._open_bullet(part.text, block.bullet)

    def _open_bullet(self, text: str, depth: int) -> None:
        last = self.body.last
        label, rest = split_label(text)
        if label is not None and _can_begin(label, rest):
            item = self._open(ItemDraft(Opened.BULLET, depth=depth))
            self._set_topic(item, clean_topic(label))
            self._go_on(item, rest)
        elif last is not None and last.topic:
            last.add_point(text, 1)
        else:
            self._open(ItemDraft(Opened.BULLET, depth=depth)).add_text(text)

    def _add_paragraph(self, text: str) -> None:
        last = self.body.last
        if last is not None and last.opened in _TOPICS:
            self._go_on(last, text)
        elif (last is not None and last.topic is not None) or glued_labels(text)[0].label:
            self._add_unnumbered(text)
        else:
            parts = self._cut(text)
            for part in parts:
                if part.number is None and len(parts) > 1 and self._is_lead(part.text):
                    self._open_lead(part.text)
                    self._go_on(self.body.items[-1], text[len(part.text) :].strip())
                    return
                if part.number is None:
                    self._add_unnumbered(part.text)
                else:
                    self._open_numbered(part, Opened.NUMBER, 0)

    def _add_unnumbered(self, text: str) -> None:
        last = self.body.last
        label = glued_labels(text)[0].label
        behind = text.index(label) + len(label) if label else 0
        rest = text[behind:].lstrip()[1:].strip()
        if label is not None and _can_begin(label, rest):
            self._go_on(self._open(ItemDraft(Opened.LABEL, topic=clean_topic(label))), rest)
        elif last is None:
            self.body.add_text(text)
        else:
            self._go_on(last, text)

    def _cut(self, text: str, *, only_leading: bool = False) -> list[Part]:
        """Numbered parts, unless one of them would be a heading on a line of its own."""
        parts = cut(text, self.numbering, only_leading=only_leading)
        if len(parts) > 1 and not all(_can_stand(f"{n or ''} {part}".strip()) for n, part in parts):
            return [Part(None, text)]
        return parts

    def _open(self, item: ItemDraft) -> ItemDraft:
        self.inner = Numbering()
        return self.body.open(item)

    def _open_numbered(self, part: Part, opened: Opened, depth: int) -> None:
        label, text = split_label(part.text)
        item = self._open(ItemDraft(opened, part.number, label=label, depth=depth))
        _add(item, _whole_if_heading(text, [found for found in glued_labels(text) if any(found)]))

    def _go_on(self, item: ItemDraft, text: str) -> None:
        """Text that belongs to an item: what has no label, and labelled points."""
        is_untitled = False
        is_first = not item.texts and not item.points
        if is_first:
            stripped = behind_pages(text)
            if item.start is not None or _can_stand(stripped):
                text = stripped
            is_untitled = item.start is not None and item.topic is None
            if is_untitled:
                text = self._take_topic(item, text)
        found: list[Labelled] = []
        for part in cut(text, self.inner):
            labelled = glued_labels(part.text)
            if part.number is not None:
                first = labelled[0] if labelled else Labelled(None, "")
                label = f"{part.number} {first.label or ''}".rstrip()
                labelled = [Labelled(label, first.text), *labelled[1:]]
            found += labelled
        if is_first and len(found) > 1 and found[0].label is None:
            found[0] = Labelled(None, behind_pages(found[0].text))
        found = _whole_if_heading(text, found)
        if is_untitled and not item.topic and len(found) > 1 and found[0].label is None:
            found[0] = Labelled(None, self._take_topic(item, found[0].text))
        is_loose = item.topic is None and item.start is None
        if is_loose and len(found) > 1 and found[0].label is None and self._is_lead(found[0].text):
            item = self._open_lead(found.pop(0).text)
        _add(item, found)

    def _take_topic(self, item: ItemDraft, text: str) -> str:
        """Gives an item without topic the one its text begins with; the rest of the text."""
        topic, rest = topic_of(text)
        pages = PageHeading(topic, item.start or 0, item.end or 0, rest)
        if topic is None or (rest and not can_be_written(pages)):
            return text
        self._set_topic(item, topic)
        return rest

    def _is_lead(self, text: str) -> bool:
        """Whether words before the first point would be a topic if they stood on their own line."""
        is_topic = looks_like_heading(text) and find_pages_in_heading(text) is None
        return not self.is_marked and is_topic and can_stand(text)

    def _open_lead(self, text: str) -> ItemDraft:
        return self._open(ItemDraft(Opened.HEADING, topic=clean_topic(text)))


def _can_begin(label: str, text: str) -> bool:
    """Whether a label can be the topic of its own item: neither it nor its text is a heading."""
    is_heading = not can_stand(label) or find_pages_in_heading(clean_topic(label) or "")
    return not is_heading and _can_stand(text)


def _can_stand(text: str) -> bool:
    """Whether a text is no heading when it stands in a paragraph of its own."""
    is_bullet = without_bullets(text) != text
    return not is_bullet and can_stand(text) and find_pages(text) is None


def _whole_if_heading(text: str, found: list[Labelled]) -> list[Labelled]:
    """A text stays whole if what stands before its first label would be a heading on its own."""
    if len(found) > 1 and found[0].label is None and not _can_stand(found[0].text):
        return [Labelled(None, text)]
    return found


def _add(item: ItemDraft, found: list[Labelled]) -> None:
    if found and found[0].label is None:
        item.add_paragraph(found.pop(0).text)
    item.add_labelled(found)
