"""Every kind of delivery, with what composes it at the moment of sending."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core import announce
from bot.core.deliveries import Kind
from bot.core.linking import LINK_KINDS
from bot.core.opinion_changes import STALE_KINDS
from bot.core.questions import QUESTION_KINDS
from bot.core.sessions.messages import SESSION_KINDS
from bot.core.setup import BOARD_KINDS
from bot.core.weaving import WOVEN_KINDS

KINDS: Mapping[str, Kind] = {
    **announce.KINDS,
    **QUESTION_KINDS,
    **STALE_KINDS,
    **WOVEN_KINDS,
    **LINK_KINDS,
    **BOARD_KINDS,
    **SESSION_KINDS,
}
