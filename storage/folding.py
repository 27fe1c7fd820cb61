"""Words as the search sees them: without accents and case, the same on every database."""

from __future__ import annotations

import re
import unicodedata

# Chinese and Japanese are written without spaces, so each of their characters is a word and a run
# of them is searched for as a phrase.
_UNSPACED = "\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A "word" longer than this is no word; databases refuse to index what is very long.
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]{{1,64}}")


def fold(text: str) -> str:
    """The text in the form in which words are compared: no accents, no case, no ligatures."""
    if text.isascii():
        return text.lower()
    decomposed = _bare(unicodedata.normalize("NFKD", text))
    # Folding the case may compose anew ("ʼn") or bring forth marks of its own.
    return _bare(unicodedata.normalize("NFKD", decomposed.casefold()))


def fold_words(text: str) -> list[str]:
    """The folded words of a text in their order; never holds white space, quotes or ``_``."""
    return _WORD.findall(fold(text))


def _bare(text: str) -> str:
    # Looking at each different character once is several times as fast as looking at all of them.
    marks = [char for char in set(text) if unicodedata.category(char) == "Mn"]
    return text.translate(dict.fromkeys(map(ord, marks))) if marks else text
