"""Finding papers by a piece of their title: exact beginnings at once, misspelt words later."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from storage.folding import fold_words

# How many candidates are looked at where only a scan can tell, so that a completion stays fast in
# an archive of a hundred thousand papers whatever was typed.
_SCAN = 100
_FEW_WORDS = 100
# The same for misspelt titles, which are looked for in a thread.
_NEAR_SCAN = 1_000
_NEAR_WORDS = 20
_CHUNK = 500
# Papers that changed since the index was built are few, or the index is built anew.
_MAX_PATCHES = 200
_LAST = "\uffff"


class TitleIndex:
    """The titles of a club's papers by number. Never changed: `patched` gives a new one."""

    def __init__(self, titles: Mapping[int, str]) -> None:
        self._titles = {number: _normal(title) for number, title in titles.items()}
        self._patches: dict[int, str] = {}
        self._patched_postings: dict[str, array[int]] = {}
        self._build()

    def _build(self) -> None:
        ordered = sorted(self._titles.items(), key=lambda pair: (pair[1], -pair[0]))
        self._sorted_titles = [title for _, title in ordered]
        self._sorted_numbers = array("l", (number for number, _ in ordered))
        self._postings = _postings(self._titles)
        self._words = sorted(self._postings)
        self._by_length: dict[int, list[str]] = {}
        for word in self._words:
            self._by_length.setdefault(len(word), []).append(word)
        self._beginnings: dict[int, list[str]] = {}

    def patched(self, titles: Mapping[int, str]) -> TitleIndex:
        """An index that also knows these titles, new or changed."""
        patches = self._patches | {number: _normal(title) for number, title in titles.items()}
        if len(patches) > _MAX_PATCHES:
            return TitleIndex(self._titles | patches)
        patched = object.__new__(TitleIndex)
        patched.__dict__.update(self.__dict__)
        patched._patches = patches
        patched._patched_postings = _postings(patches)
        return patched

    def find(self, text: str, limit: int) -> list[int]:
        """Numbers of papers whose title has these words, the last one perhaps unfinished.

        Titles that begin with the text come first, by title; then the others, word for word as
        they complete the last one, the newest first.
        """
        query = fold_words(text)
        if not query:
            return []
        found = dict.fromkeys(islice(self._beginning_with(" ".join(query), limit), limit))
        if len(found) < limit:
            for number in self._containing(query):
                found[number] = None
                if len(found) == limit:
                    break
        return list(found)

    def _beginning_with(self, text: str, limit: int) -> Iterator[int]:
        text = f" {text}"
        low = bisect_left(self._sorted_titles, text)
        high = bisect_right(self._sorted_titles, f"{text}{_LAST}", lo=low)
        high = min(high, low + limit + len(self._patches))
        old = zip(self._sorted_titles[low:high], self._sorted_numbers[low:high], strict=True)
        kept = ((title, -number) for title, number in old if number not in self._patches)
        new = sorted((t, -number) for number, t in self._patches.items() if t.startswith(text))
        return (-number for _, number in merge(kept, new))

    def _containing(self, query: Sequence[str]) -> Iterator[int]:
        *whole, last = query
        kept = ((key, -n) for key, n in self._scanned(whole, last) if n not in self._patches)
        new = sorted(
            (_completing(title, last) if not whole else "", -number)
            for number, title in self._patches.items()
            if _has_words(title, whole, last)
        )
        return (-number for _, number in merge(kept, new))

    def _scanned(self, whole: Sequence[str], last: str) -> Iterator[tuple[str, int]]:
        """Papers among those indexed at first, with the word that a lone beginning became."""
        if any(word not in self._postings for word in whole):
            return
        words = self._beginning_words(last)
        if not whole:
            for word in words:
                for number in self._postings[word]:
                    yield word, number
            return
        candidates: Sequence[int] = min((self._postings[word] for word in whole), key=len)
        if len(candidates) > _SCAN and len(words) < _FEW_WORDS:
            # Looked at from the other end there may be fewer: an unusual word, nearly whole.
            ending = [self._postings[word] for word in words]
            if sum(map(len, ending)) <= _SCAN:
                candidates = sorted({n for numbers in ending for n in numbers}, reverse=True)
        # Plain loops over one piece each are several times as fast as asking title by title.
        titles, found = self._titles, list(candidates[:_SCAN])
        for part in (f" {last}", *(f" {word} " for word in whole)):
            found = [number for number in found if part in titles[number]]
        yield from (("", number) for number in found)

    def _beginning_words(self, beginning: str) -> list[str]:
        low = bisect_left(self._words, beginning)
        return self._words[low : bisect_right(self._words, f"{beginning}{_LAST}", lo=low)]

    def near(self, text: str, limit: int) -> list[int]:
        """Numbers of papers whose title has these words with typing errors, the nearest first.

        Takes milliseconds in a large archive: not for the event loop.
        """
        words = fold_words(text)
        known = [word for word in words if self._numbers(word, 1)]
        others = [word for word in words if word not in known and len(word) > 2]
        others.sort(key=len, reverse=True)
        rarest = min((self._numbers(word) for word in known), key=len, default=_NONE)
        if others and (not known or len(rarest) > _NEAR_SCAN):
            # The word that is misspelt says more than those that half the titles have.
            first = others.pop(0)
            count = _NEAR_SCAN if known or others else limit
            near = self._near_words(first, is_last=first == words[-1])
            found = self._with_near(near, count)
        else:
            found = dict.fromkeys(rarest[:_NEAR_SCAN], 0)
        if known:
            found = {n: at for n, at in found.items() if _has_words(self._title(n), known)}
        for word in others:
            found = self._narrowed(found, word, is_last=word == words[-1])
        ranked = sorted((distance, -number) for number, distance in found.items())
        return [-number for _, number in ranked[:limit]]

    def _with_near(self, words: Iterable[tuple[str, int]], count: int) -> dict[int, int]:
        """Papers with one of these words, and how far it is off; so many papers of each word."""
        found: dict[int, int] = {}
        for word, distance in words:
            for number in self._numbers(word, count):
                found.setdefault(number, distance)
            if len(found) > _NEAR_SCAN:
                break
        return found

    def _narrowed(self, found: Mapping[int, int], word: str, *, is_last: bool) -> dict[int, int]:
        """What has a word near to this one as well: little is left, and only it can be meant."""
        titles = {number: self._title(number).split() for number in found}
        left = sorted({each for title in titles.values() for each in title})
        near = dict(_near(word, left) or (_near_longer(word, left) if is_last else ()))
        narrowed = {}
        for number, title in titles.items():
            if distances := [near[each] for each in title if each in near]:
                narrowed[number] = found[number] + min(distances)
        return narrowed

    def _near_words(self, word: str, *, is_last: bool) -> list[tuple[str, int]]:
        """Words of any title, the nearest first."""
        allowed = _allowed(word)
        lengths = range(len(word) - allowed, len(word) + allowed + 1)
        new = list(self._patched_postings)
        lists = [*(self._by_length.get(length, []) for length in lengths), new]
        near = [pair for words in lists for pair in self._in_use(_near(word, words))]
        if not near and is_last:
            near = self._near_beginnings(word) + self._in_use(_near_longer(word, new))
        return sorted(set(near), key=lambda pair: (pair[1], pair[0]))[:_NEAR_WORDS]

    def _near_beginnings(self, word: str) -> list[tuple[str, int]]:
        """Longer words whose beginning is near, for a word that is still being typed."""
        length = len(word)
        beginnings = self._beginnings.get(length)
        if beginnings is None:
            cut = {w[:length] for n, ws in self._by_length.items() if n > length for w in ws}
            beginnings = self._beginnings[length] = sorted(cut)
        near = _near(word, beginnings)
        return [
            (longer, distance)
            for beginning, distance in near[:_NEAR_WORDS]
            for longer, _ in self._in_use((each, 0) for each in self._beginning_words(beginning))
            if len(longer) > length
        ]

    def _in_use(self, words: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """Without the words that only stood in titles that were changed."""
        if not self._patches:
            return list(words)
        return [pair for pair in words if self._numbers(pair[0], 1)]

    def _numbers(self, word: str, count: int | None = None) -> Sequence[int]:
        """Papers with this word in their titles as they are now, the newest first."""
        indexed: Sequence[int] = self._postings.get(word, _NONE)
        if not self._patches:
            return indexed[:count]
        kept = (-number for number in indexed if number not in self._patches)
        new = (-number for number in self._patched_postings.get(word, _NONE))
        return [-number for number in islice(merge(kept, new), count)]

    def _title(self, number: int) -> str:
        return self._patches.get(number) or self._titles[number]


_NONE: Sequence[int] = ()


def _postings(titles: Mapping[int, str]) -> dict[str, array[int]]:
    """The papers of each word, the newest first."""
    postings: dict[str, array[int]] = {}
    for number in sorted(titles, reverse=True):
        for word in set(titles[number].split()):
            postings.setdefault(word, array("l")).append(number)
    return postings


def _allowed(word: str) -> int:
    return 1 if len(word) < 6 else 2


def _near(word: str, words: Sequence[str]) -> list[tuple[str, int]]:
    """Those of these words that are near, the nearest first: one edit, or two in a long word."""
    near: list[tuple[str, int]] = []
    # The interpreter is not let go while a list is gone through, and the event loop waits for it.
    for at in range(0, len(words), _CHUNK):
        part = words[at : at + _CHUNK]
        found = process.extract(
            word, part, scorer=OSA.distance, score_cutoff=_allowed(word), limit=None
        )
        near += ((match, int(distance)) for match, distance, _ in found)
    near.sort(key=lambda pair: pair[1])
    return near


def _near_longer(word: str, words: Iterable[str]) -> list[tuple[str, int]]:
    """Those of these words that are longer and whose beginning is near."""
    length = len(word)
    longer = [each for each in words if len(each) > length]
    near = dict(_near(word, sorted({each[:length] for each in longer})))
    return [(each, near[each[:length]]) for each in longer if each[:length] in near]


def _normal(title: str) -> str:
    """Folded words with a space on each side, so that words are found by plain comparison."""
    return "".join(f" {word}" for word in (*fold_words(title), ""))


def _completing(title: str, beginning: str) -> str:
    """The first word by the alphabet with this beginning."""
    return min(word for word in title.split() if word.startswith(beginning))


def _has_words(title: str, whole: Iterable[str], last: str = "") -> bool:
    """Whether the title has all these words, and one that begins with the last."""
    return f" {last}" in title and all(f" {word} " in title for word in whole)
