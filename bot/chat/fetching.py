"""What is fetched from the web: the shape of it, whoever fetches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class FetchFailed(Exception):
    """Nothing was fetched. The text says why, as the end of a sentence, without the address."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer from the web. `headers` have lower-case names."""

    status: int
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Fetch(Protocol):
    """Fetches an address within limits; raises FetchFailed. `headers` go to its origin alone."""

    async def __call__(
        self, address: str, *, headers: Mapping[str, str] | None = None
    ) -> Fetched: ...


async def fetch_nothing(address: str, *, headers: Mapping[str, str] | None = None) -> Fetched:
    """Where nothing is fetched at all."""
    raise FetchFailed("nothing is fetched from the web here")
