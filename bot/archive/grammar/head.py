"""The head of a page: what the lines before the first section say about the paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from bot.archive.grammar.code_lines import MetaLine, is_code_line, read_banner, read_meta
from bot.archive.grammar.dates import FoundDate, find_date, read_date
from bot.archive.grammar.head_keys import (
    CODES,
    DATES,
    LINKS,
    TEXTS,
    is_abstract_label,
    is_key,
    read_key,
    read_person,
)
from bot.archive.grammar.head_lines import tell_apart
from bot.archive.grammar.headings import is_nothing, is_people_label, looks_like_heading
from bot.archive.grammar.letters import is_capital
from bot.archive.grammar.links import find_urls
from bot.archive.grammar.names import is_name, split_names
from bot.archive.grammar.people import find_contacts, read_people, role_of, without_contacts
from bot.archive.lines import Line, normalise
from bot.archive.record import Contributor, Link, PageDate, PageWarning, PaperCode

_CLUB = re.compile(r"[\w ]{0,30}\b(?:reading (?:club|group)|paper club)", re.IGNORECASE)
_MAX_LINES = 500
"""A head that is longer is none: only its beginning is read."""
_WRITTEN_BY = re.compile(r"\sby\s(\S.{0,300})$")
_BYLINE = re.compile(r"\[[^\[\]]{1,60}\*+\]|(?:by|von|par|por)\s+\S", re.IGNORECASE)


@dataclass(slots=True)
class Head:
    """What was found, with the number of the line where it stood."""

    code: tuple[PaperCode, int] | None = None
    bare_code: tuple[PaperCode, int] | None = None
    """A line that is a code and says nothing else; it could be anything (``UTF-8``)."""
    banner: tuple[PaperCode, int] | None = None
    banner_year: int | None = None
    title: tuple[str, int] | None = None
    subtitle: str | None = None
    abstract: str | None = None
    category: str | None = None
    chapter: str | None = None
    month: tuple[PageDate, int] | None = None
    """The date of the meta line."""
    date: tuple[PageDate, int] | None = None
    people: list[Contributor] = field(default_factory=list)
    paper_authors: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    rest: list[Line] = field(default_factory=list)
    """Lines that say what they are only by where they stand."""
    meta_at: int = -1
    """How many such lines stand before the meta line."""


def read_head(
    lines: Sequence[Line],
    names: Sequence[Line],
    warnings: list[PageWarning],
    title: str | None = None,
) -> Head:
    """Reads the head's lines, and the lines that list the contributors.

    A title that is known already is looked for no further.
    """
    reader = _HeadReader(Head(title=(title, 1) if title else None), warnings)
    for line in names:
        reader.head.people += read_people(line.text)
    takes_abstract = False
    for line in _unwrapped(lines[:_MAX_LINES]):
        if _CLUB.fullmatch(line.text):
            continue
        if is_abstract_label(line.text):
            takes_abstract = True
        elif takes_abstract and not line.level:
            reader.add_abstract(line.text)
        else:
            takes_abstract = False
            reader.read(line)
    reader.place_rest()
    return reader.head


def _unwrapped(lines: Sequence[Line]) -> list[Line]:
    """The lines that say something, with the rows of an abstract joined."""
    joined: list[Line] = []
    is_open = False
    for line in tell_apart(lines):
        if is_nothing(line.text) or is_people_label(line.text):
            is_open = False
            continue
        above = joined[-1] if is_open else None
        if above and not (line.level or line.bullet or line.column) and _goes_on(above, line):
            joined[-1] = replace(above, text=f"{above.text} {line.text}")
        else:
            joined.append(line)
        is_open = not (line.level or line.bullet or line.column)
    return joined


def _goes_on(above: Line, line: Line) -> bool:
    is_cut = len(above.text) >= 60 and not above.text.endswith((".", ")", ":", "!", "?"))
    is_said = is_key(line.text) or is_code_line(line.text) or read_date(line.text) is not None
    return not is_said and (is_cut or (len(above.text) >= 40 and line.text[:1].islower()))


@dataclass(slots=True)
class _HeadReader:
    head: Head
    warnings: list[PageWarning]

    def warn(self, line: int, text: str) -> None:
        self.warnings.append(PageWarning(line, text))

    def read(self, line: Line) -> None:
        text = line.text
        if self._read_key(line) or self._read_banner(line) or self._read_meta(line):
            return
        found = read_date(text)
        if found:
            self._set_date(found, line.number)
        elif self._is_byline(text):
            self.head.people += read_people(text)
        else:
            self.head.rest.append(line)

    def add_abstract(self, text: str) -> None:
        text = without_contacts(text)
        if not text:
            return
        self.head.abstract = f"{self.head.abstract} {text}" if self.head.abstract else text

    def _read_key(self, line: Line) -> bool:
        if person := read_person(line.text):
            self.head.people.append(person)
            return True
        found = read_key(line.text)
        return found is not None and self._set_key(*found, line)

    def _set_key(self, key: str, value: str, line: Line) -> bool:
        """Takes a field; False where the value cannot be one and the line is something else."""
        if key in TEXTS:
            self._set_text(key, without_contacts(value), line)
        elif key in DATES:
            found = read_date(value)
            if found is None:
                self.warn(line.number, f"“{value[:60]}” is no date; write it like 2024-06-28.")
            else:
                self._set_date(found, line.number)
        elif key in CODES:
            code = PaperCode.parse(value)
            if code is not None and self.head.code is None:
                self.head.code = code, line.number
            return code is not None
        elif key in LINKS:
            return self._add_links(key, value)
        elif key.endswith(("author", "authors")):
            self.head.paper_authors += [value] if key == "paper author" else split_names(value)
        else:
            self._add_people(key, value)
        return True

    def _set_text(self, key: str, value: str, line: Line) -> None:
        if key == "title":
            self.head.title = self.head.title or ((value, line.number) if value else None)
        elif not getattr(self.head, key):
            setattr(self.head, key, value or None)

    def _add_people(self, key: str, value: str) -> None:
        role = role_of(key.removesuffix(" by")) or "contributor"
        for person in read_people(value):
            is_named = person.role != "contributor"
            self.head.people.append(person if is_named else replace(person, role=role))

    def _add_links(self, key: str, value: str) -> bool:
        first, _, label = value.partition(" ")
        urls = find_urls(value)
        by = _WRITTEN_BY.search(value) if key == "paper" and not urls else None
        if by and all(map(is_name, split_names(by[1]))):
            self.head.paper_authors += split_names(by[1])
            return True
        if first.lower().startswith(("http://", "https://")) and (key == "link" or len(urls) == 1):
            self.head.links.append(Link(first, label.strip() or None))
        else:
            self.head.links += [Link(url) for url in urls]
        return bool(urls)

    def _read_banner(self, line: Line) -> bool:
        banner = read_banner(line.text)
        if banner and self.head.banner is None:
            self.head.banner = banner.code, line.number
            self.head.banner_year = banner.year
        return banner is not None

    def _read_meta(self, line: Line) -> bool:
        meta, head = read_meta(line.text), self.head
        if meta is None:
            return False
        if meta.is_bare:
            is_paper = head.banner is None or head.banner[0] == meta.code
            if is_paper:
                head.bare_code = head.bare_code or (meta.code, line.number)
            return is_paper
        head.code = head.code or (meta.code, line.number)
        head.meta_at = len(head.rest)
        if meta.date:
            is_month = meta.date.date is None or meta.date.date.day is None
            self._set_date(meta.date, line.number, is_meta=is_month)
        self._place_words(meta)
        return True

    def _place_words(self, meta: MetaLine) -> None:
        """Chapter and category of a meta line; one word alone tells by its place which it is."""
        words = (*meta.before, *meta.after)
        above = {line.text.casefold() for line in self.head.rest}
        if len(words) > 1:
            self.head.chapter, self.head.category = words[:2]
        elif words and (meta.after or words[0].casefold() in above):
            self.head.category = words[0]
        elif words:
            self.head.chapter = words[0]

    def _set_date(self, found: FoundDate, number: int, *, is_meta: bool = False) -> None:
        if found.date is None:
            self.warn(number, "No calendar has the date on this line; it is left out.")
            return
        if found.is_ambiguous:
            self.warn(number, f"The date can be read in two ways; {found.date} is taken.")
        if is_meta:
            self.head.month = self.head.month or (found.date, number)
        elif self.head.date is None:
            self.head.date = found.date, number
        elif self.head.date[0] != found.date:
            self.warn(number, f"The page has another date, {self.head.date[0]}; that one is taken.")

    def _is_byline(self, text: str) -> bool:
        if len(text) > 400 or (text.endswith(".") and len(text) > 200):
            return False
        known = {person.name.casefold() for person in self.head.people}
        people = read_people(text)
        if known and people and all(person.name.casefold() in known for person in people):
            return True
        if not (
            _BYLINE.match(text) or "**]" in text or find_contacts(text)[1] or _has_role(people)
        ):
            return False
        return bool(people) and all(is_name(person.name) for person in people)

    def place_rest(self) -> None:
        """Title, category, subtitle and abstract by place and length."""
        head = self.head
        for line in self._without_tails():
            text = line.text
            if head.title is None or line.level:
                if line.level or head.title is None:
                    self._set_title(line)
            elif self._is_title_again(line) or text.casefold() == (head.category or "").casefold():
                continue
            elif len(text) > 120 or (text.endswith((".", "。")) and text.count(" ") > 7):
                self.add_abstract(text)
            elif head.category is None and self._is_by_meta(line):
                head.category = text
            elif head.subtitle is None:
                head.subtitle = text
            else:
                self.warn(line.number, f"Nothing says what “{text[:60]}” is; it is left out.")

    def _set_title(self, line: Line) -> None:
        old = self.head.title
        self.head.title = line.text, line.number
        if (
            old
            and old[0].casefold()
            not in (line.text.casefold(), (self.head.category or "").casefold())
            and not self._is_title_again(Line(old[1], old[0]))
        ):
            self.head.subtitle = self.head.subtitle or old[0]

    def _is_title_again(self, line: Line) -> bool:
        title = self.head.title[0] if self.head.title else ""
        if line.text.casefold() == title.casefold():
            return True
        if max(len(title), len(line.text)) > 200:
            return False
        matcher = SequenceMatcher(None, line.text.casefold(), title.casefold())
        again = matcher.quick_ratio() > 0.82 and matcher.ratio() > 0.82
        if again:
            self.warn(line.number, f"The title is spelled “{line.text}” here and “{title}” before.")
        return again

    def _is_by_meta(self, line: Line) -> bool:
        place = self.head.rest.index(line) if line in self.head.rest else -9
        is_short = (
            line.text.count(" ") < 3 and len(line.text) < 31 and looks_like_heading(line.text)
        )
        if self.head.meta_at < 0:
            return is_short and place == 1 and " " not in line.text
        return is_short and place in (self.head.meta_at - 1, self.head.meta_at)

    def _without_tails(self) -> list[Line]:
        """The lines without a date or a byline that stands at their end."""
        lines = []
        for line in self.head.rest:
            text = self._without_byline(line.text)
            found = find_date(text) if len(text) < 200 else None
            if found and found.end == len(text) and found.start > 0:
                self._set_date(found, line.number)
                text = text[: found.start].rstrip(" ,·|–—-(")
            if text != line.text:
                line = Line(line.number, normalise(text), line.level)
            if line.text:
                lines.append(line)
        return lines

    def _without_byline(self, text: str) -> str:
        if len(text) > 600:
            return without_contacts(text)
        known = {person.name.casefold() for person in self.head.people}
        places = sorted(
            place
            for person in self.head.people
            if (place := text.find(person.name)) > 0 and not text[place - 1].isalnum()
        )
        for place in places[:10]:
            start = place - 1 if text[place - 1] == "[" else place
            people = read_people(text[start:])
            if people and all(person.name.casefold() in known for person in people):
                self.head.people += people
                return without_contacts(text[:start].rstrip(" ·|,–—-"))
        return without_contacts(text)


def _has_role(people: Sequence[Contributor]) -> bool:
    return any(person.role != "contributor" for person in people) and all(
        person.name and is_capital(person.name[0]) for person in people
    )
