"""A club's papers by number, made so that one change does not copy a hundred thousand of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import merge

from storage.papers import PaperHead

# With more changes than this the papers are put together anew.
_MAX_PATCHES = 200


class Heads(Mapping[int, PaperHead]):
    """In rising order of the numbers. Never changed: `patched` gives a new one."""

    def __init__(self, papers: Mapping[int, PaperHead]) -> None:
        self._papers = dict(sorted(papers.items()))
        self._patches: dict[int, PaperHead] = {}
        self._new: list[int] = []

    def patched(self, changed: Mapping[int, PaperHead]) -> Heads:
        """With these papers too, new or changed."""
        patches = self._patches | dict(changed)
        if len(patches) > _MAX_PATCHES:
            return Heads(self._papers | patches)
        # Copying all would hold the interpreter for milliseconds, and with it the event loop.
        patched = object.__new__(Heads)
        patched._papers = self._papers
        patched._patches = patches
        patched._new = sorted(number for number in patches if number not in self._papers)
        return patched

    def __getitem__(self, number: int) -> PaperHead:
        found = self._patches.get(number)
        return self._papers[number] if found is None else found

    def __contains__(self, number: object) -> bool:
        return number in self._papers or number in self._patches

    def __len__(self) -> int:
        return len(self._papers) + len(self._new)

    def __iter__(self) -> Iterator[int]:
        return merge(self._papers, self._new) if self._new else iter(self._papers)

    def __reversed__(self) -> Iterator[int]:
        return merge(reversed(self._papers), reversed(self._new), reverse=True)
