"""Bytes to text: which files are text at all, and in which encoding."""

from __future__ import annotations

import codecs
import re
import zipfile
from io import BytesIO

from bot.archive.limits import MAX_PAGE_BYTES
from bot.archive.record import NotAPage

_SAVE_AS = "Save the page as plain text, HTML or Markdown and bring that file."

_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"bplist", "a Safari web archive"),
    (b"From: <Saved by", "a web archive (MHTML)"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # Before UTF-16, whose mark it begins with.
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_ENDS = re.compile(r"\r\n?|[\f\v\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff]")


def decode(data: bytes) -> str:
    """The text of a file with LF line ends and without characters that nobody sees.

    Reads UTF-8, and UTF-16 and UTF-32 that say so by a byte order mark. Raises NotAPage for what is
    empty, too large, not text or broken.
    """
    if len(data) > MAX_PAGE_BYTES:
        size, limit = len(data) / 1024**2, MAX_PAGE_BYTES // 1024**2
        raise NotAPage(
            f"The file has {size:.1f} MB and a page may have {limit} MB. "
            "Bring one page in a file, without pictures in it."
        )
    _refuse_binary(data)
    bom, encoding = next((pair for pair in _BOMS if data.startswith(pair[0])), (b"", "utf-8"))
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise NotAPage(_broken(data, len(bom) + error.start, encoding)) from None
    if "\0" in text:
        raise NotAPage(f"The file holds NUL bytes, so it is no text. {_SAVE_AS}")
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    if not text.strip():
        raise NotAPage("The file is empty. Was the page saved?")
    return text


def _refuse_binary(data: bytes) -> None:
    """Names the kind of a file that is no text, since its name may say otherwise."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise NotAPage(f"The file is {kind} and no text. {_SAVE_AS}")
    if data.startswith(b"PK\x03\x04"):
        raise NotAPage(f"The file is {_zip_kind(data)} and no text. {_SAVE_AS}")


def _zip_kind(data: bytes) -> str:
    """Office documents are zip archives; a person knows theirs by another name."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "a damaged zip archive"
    if any(name.startswith("word/") for name in names):
        return "a Word document"
    if "mimetype" in names:
        return "an OpenDocument file or an e-book"
    return "a zip archive"


def _broken(data: bytes, offset: int, encoding: str) -> str:
    if encoding != "utf-8":
        return f"The file says it is {encoding.upper()} and breaks at byte {offset}. {_SAVE_AS}"
    line = len(re.findall(rb"\r\n?|\n", data[:offset])) + 1
    return (
        f"The file is not UTF-8: line {line}, byte {offset} (0x{data[offset]:02x}). "
        "Save it with the encoding UTF-8, or convert it: "
        "iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
    )
