"""wprc invite: the link that brings the bot into a server, and why it asks for what it asks."""

from __future__ import annotations

import base64
import binascii
import sys


def application_of(token: str) -> str | None:
    """The application's id, which is the first part of its token; None for another shape.

    Source: Discord's reference on authentication; the part is a number in base 64.
    """
    first = token.partition(".")[0]
    try:
        number = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return number if number.isdecimal() else None


def print_invitation(application: str | None, token: str | None) -> int:
    """The link alone goes to stdout; the reasons go beside it. 2 without an id or a token."""
    from bot.adapters.discord.permissions import invite_link, reasons

    application = application or (application_of(token) if token else None)
    if application is None or not application.isdecimal():
        sys.stderr.write(
            "wprc: the link needs the application's id. Set DISCORD_TOKEN, or type: "
            "wprc invite --id 123456789012345678 (General Information, Application ID at "
            "https://discord.com/developers/applications)\n"
        )
        return 2
    sys.stdout.write(f"{invite_link(application)}\n")
    sys.stdout.flush()
    lines = [f"  {name}: {why}" for name, why in reasons()]
    sys.stderr.write("It asks for this, and nothing else:\n" + "\n".join(lines) + "\n")
    return 0
