"""wprc export: pages out of the database, in the archive's shape, as Markdown or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bot.archive import to_json, write_markdown, write_page
from bot.archive.privacy import public
from bot.archive.record import PaperCode, PaperRecord
from bot.commandline.formats import SUFFIXES
from bot.core.records import record_of
from storage.database import Database


def export_pages(
    database: Database,
    codes: Sequence[str],
    *,
    is_all: bool,
    form: str,
    out: Path | None,
    with_contacts: bool,
    default_prefix: str | None,
) -> int:
    """Writes pages to stdout or, a file each, into a folder; 1 if a code was not found.

    On stdout a form feed stands between two pages; JSON is one object per line.
    """
    write = _writer(form, with_contacts)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    missing = 0
    is_first = True
    for code in _every_code(database) if is_all else _named(database, codes, default_prefix):
        record = _record(database, code, with_contacts)
        if record is None:
            missing += 1
            sys.stderr.write(f"{code}: there is no such paper here\n")
            continue
        text = write(record)
        if out is not None:
            target = out / f"{record.code}{SUFFIXES[form]}"
            _replace(target, text)
            sys.stdout.write(f"{target}\n")
        else:
            sys.stdout.write(("" if is_first or form == "json" else "\f\n") + text)
        is_first = False
    return 1 if missing else 0


def _writer(form: str, with_contacts: bool) -> Callable[[PaperRecord], str]:
    if form == "json":
        return lambda record: _line(to_json(record, with_contacts=with_contacts))
    write = write_markdown if form == "markdown" else write_page
    return lambda record: write(record, with_contacts=with_contacts).rstrip("\n") + "\n"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _every_code(database: Database) -> Iterator[str]:
    with database.unit(None) as uow:
        clubs = uow.clubs.all()
    for club in clubs:
        with database.unit(club.id) as uow:
            codes = list(uow.papers.codes())
        yield from codes


def _named(database: Database, codes: Sequence[str], default_prefix: str | None) -> Iterator[str]:
    """Codes as typed, each once, with the prefix of the default or only club where they have none.

    A bare number that several clubs may have stays as it is and is not found.
    """
    with database.unit(None) as uow:
        prefixes = [club.prefix for club in uow.clubs.all()]
    prefix = default_prefix or (prefixes[0] if len(prefixes) == 1 else None)
    seen: set[str] = set()
    for typed in codes:
        number = typed.strip().lstrip("#")
        if prefix and number.isdecimal() and len(number) <= 6:
            code = str(PaperCode(prefix, int(number)))
        else:
            code = str(PaperCode.parse(typed.replace(" ", "-")) or typed)
        if number.isdecimal() and not prefix and len(prefixes) > 1:
            sys.stderr.write(
                f"{typed}: several clubs are here: {', '.join(prefixes)}. "
                f"Type {prefixes[0]}-{number}, or set WPRC_CLUB.\n"
            )
        if code not in seen:
            seen.add(code)
            yield code


def _record(database: Database, code: str, with_contacts: bool) -> PaperRecord | None:
    parsed = PaperCode.parse(code)
    if parsed is None:
        return None
    with database.unit(None) as uow:
        club = uow.clubs.by_prefix(parsed.prefix)
    if club is None:
        return None
    with database.unit(club.id) as uow:
        content = uow.papers.content(code)
        contacts = uow.papers.contacts(code) if with_contacts else []
    if content is None:
        return None
    record = record_of(content, contacts)
    return record if with_contacts else public(record)


def _replace(target: Path, text: str) -> None:
    """Never leaves half a file: the old one stays until the new one is whole."""
    partial = target.with_name(f".{target.name}.part")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(target)
