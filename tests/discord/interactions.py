"""What a person did that the bot has to answer, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from tests.discord.messages import Message
from tests.discord.places import Channel, User
from tests.discord.refusals import Json
from tests.discord.seen import Seen

ANSWER_WITHIN = 3.0
TOKEN_LIVES_FOR = 15 * 60.0


class Kind(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


@dataclass(eq=False, slots=True)
class Interaction:
    """An interaction, from the person's act to the end of its token."""

    id: int
    token: str
    kind: Kind
    person: User
    channel: Channel
    data: Json
    began_at: float
    opener: Interaction | None = None  # The one that was answered with this form.
    message: Message | None = None  # The one whose component was used.
    callback: int | None = None  # The type of the first answer.
    original: Message | None = None
    answers: list[Seen] = field(default_factory=list)  # What the person got to see, in order.
    choices: tuple[Json, ...] | None = None

    @property
    def ends_at(self) -> float:
        """When it is too late for the first answer."""
        return self.began_at + ANSWER_WITHIN

    @property
    def token_ends_at(self) -> float:
        return self.began_at + TOKEN_LIVES_FOR

    def metadata(self) -> Json:
        """What an answer tells of the interaction that it came from."""
        metadata: Json = {
            "id": str(self.id),
            "type": int(self.kind),
            "user": self.person.payload(),
            "authorizing_integration_owners": self.integration_owners(),
        }
        if self.kind is Kind.COMMAND:
            metadata |= {"name": self.data["name"], "command_type": self.data["type"]}
        if self.message is not None and self.kind is Kind.COMPONENT:
            metadata["interacted_message_id"] = str(self.message.id)
        if self.opener is not None:
            metadata["triggering_interaction_metadata"] = self.opener.metadata()
        return metadata

    def integration_owners(self) -> dict[str, str]:
        guild = self.channel.guild
        return {"0": str(guild.id) if guild else "0"}

    def payload(self, application: User) -> Json:
        """What INTERACTION_CREATE tells, but for the message, which the bot is shown in full."""
        channel, guild = self.channel, self.channel.guild
        payload: Json = {
            "id": str(self.id),
            "application_id": str(application.id),
            "type": int(self.kind),
            "token": self.token,
            "version": 1,
            "data": self.data,
            "channel_id": str(channel.id),
            "channel": channel.payload(),
            "locale": "en-GB",
            "app_permissions": str(int(channel.permissions_of(application))),
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": self.integration_owners(),
            "context": 0 if guild else 1,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if guild is None:
            return payload | {"user": self.person.payload()}
        member = guild.members[self.person.id].payload(in_channel=channel)
        return payload | {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": member,
        }
