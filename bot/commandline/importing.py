"""wprc import: archive pages from files, folders or a pipe into the database."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from bot.archive import MAX_PAGE_BYTES
from bot.core.importer import REFUSED, Imported, Importer

SUFFIXES = {".txt", ".text", ".md", ".markdown", ".html", ".htm"}
_BATCH = 100
_BATCH_SECONDS = 1.0
# Fewer pages than this are done before anybody wonders.
_PROGRESS_FROM = 200


def pages_in(paths: Sequence[str]) -> Iterator[Path | str]:
    """Files as named, the pages in folders by name; ``-`` is standard input. Each file once."""
    seen: set[Path] = set()
    for path in paths:
        if path == "-":
            yield path
            continue
        given = Path(path)
        found = (
            [given]
            if not given.is_dir()
            else sorted(
                one for one in given.rglob("*") if one.suffix.lower() in SUFFIXES and one.is_file()
            )
        )
        for one in found:
            if (real := one.resolve()) not in seen:
                seen.add(real)
                yield one


def import_pages(importer: Importer, paths: Sequence[str]) -> int:
    """Prints one line per page on stdout, what is odd on stderr; 1 if any page was refused.

    Lines are printed after the commit: after Ctrl-C everything that was printed is in, and the
    same command goes on where it ended. Then the code is 130.
    """
    run = _Run(importer, list(pages_in(paths)))
    try:
        run.all()
    except KeyboardInterrupt:
        run.note(f"Interrupted: {run.done:,} of {run.total:,} pages are done; type the same again.")
        return 130
    if not run.total:
        run.note("There is no page in these folders: a page ends in .txt, .md or .html.")
        return 1
    return 1 if run.refused else 0


class _Run:
    def __init__(self, importer: Importer, pages: Sequence[Path | str]) -> None:
        self._importer = importer
        self._pages = pages
        self.total = len(pages)
        self.done = 0
        self.refused = 0
        self._saved_at = self._started_at = time.monotonic()
        self._shown_at = self._started_at

    def all(self) -> None:
        for page in self._pages:
            result = self._read(page)
            if result is not None:
                # Results keep the order of the files, so what waits is saved first.
                self._save()
                self._print(result)
            is_late = time.monotonic() - self._saved_at > _BATCH_SECONDS
            if self._importer.waiting >= _BATCH or is_late:
                self._save()
        self._save()
        if self.total >= _PROGRESS_FROM:
            seconds = time.monotonic() - self._started_at
            self.note(f"{self.done:,} pages in {seconds:,.1f} s, {self.refused:,} refused.")

    def _read(self, page: Path | str) -> Imported | None:
        name = str(page)
        try:
            if isinstance(page, str):
                data = sys.stdin.buffer.read(MAX_PAGE_BYTES + 1)
            elif not page.is_file() and page.exists():
                return Imported(name, None, REFUSED, "it is no ordinary file")
            elif (size := page.stat().st_size) > MAX_PAGE_BYTES:
                return Imported(
                    name,
                    None,
                    REFUSED,
                    f"it has {size:,} bytes; a page has at most {MAX_PAGE_BYTES:,}",
                )
            else:
                with page.open("rb") as file:
                    data = file.read(MAX_PAGE_BYTES + 1)
        except OSError as error:
            return Imported(name, None, REFUSED, f"it cannot be read: {error.strerror}")
        return self._importer.add(name, data)

    def _save(self) -> None:
        if self._importer.waiting:
            for result in self._importer.save():
                self._print(result)
        self._saved_at = time.monotonic()
        if self.total >= _PROGRESS_FROM and self._saved_at - self._shown_at >= 1:
            self._shown_at = self._saved_at
            self.note(f"{self.done:,} of {self.total:,} pages ...")

    def _print(self, result: Imported) -> None:
        self.done += 1
        name = _printable(result.name)
        sys.stdout.write(f"{name}: {result.code or '-'} {result.outcome}\n")
        sys.stdout.flush()
        for warning in result.warnings:
            self.note(f"{name}:{warning.line}: {warning.text}")
        if result.outcome == REFUSED:
            self.refused += 1
            self.note(f"{name}: refused: {result.reason}")

    def note(self, text: str) -> None:
        with suppress(BrokenPipeError):
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()


def _printable(name: str) -> str:
    """A file's name in one line, whatever it is made of."""
    return name if name.isprintable() else name.encode("unicode_escape").decode("ascii")
