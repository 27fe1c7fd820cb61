"""What the Discord adapter is told from outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DiscordOptions:
    """`api_url` has the version at its end; `gateway_url` is asked of the API where it is None.

    `message_content` is the privileged intent. `shard_ids` are this process's own of
    `shard_count`.
    """

    token: str
    api_url: str | None = None
    gateway_url: str | None = None
    message_content: bool = False
    shard_count: int | None = None
    shard_ids: tuple[int, ...] | None = None
    drain_seconds: float = 10.0

    def __repr__(self) -> str:
        return f"DiscordOptions(api_url={self.api_url!r}, shard_ids={self.shard_ids!r})"
