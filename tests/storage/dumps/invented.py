"""What stands in the dumps beside the archive: people, places and what they did, all made up."""

# ruff: noqa: PIE800 (a few columns to a line read better than one)
from __future__ import annotations

from typing import Any

DAY = "2026-11-20 18:30:00.000000"
NEXT = "2026-11-21 09:00:00.000000"

ROWS: dict[str, list[dict[str, Any]]] = {
    "people": [
        {"id": 1, "club_id": 1, "name": "Ana", "time_zone": "Europe/Lisbon", "created_at": DAY},
        {"id": 2, "club_id": 1, "name": "Bo", "created_at": DAY, "standing": "named"},
        {"id": 3, "club_id": 1, "name": "Chidi", "created_at": DAY, "left_at": NEXT},
        {"id": 4, "club_id": 2, "name": "Ana", "created_at": NEXT, "is_quiet": 1},
    ],
    "accounts": [
        {"club_id": 1, "person_id": 1, "platform": "discord", "account_id": "901", "name": "ana"},
        {"club_id": 1, "person_id": 1, "platform": "telegram", "account_id": "77", "name": "Ana L"},
        {"club_id": 1, "person_id": 2, "platform": "telegram", "account_id": "78", "name": "bo"},
        {"club_id": 2, "person_id": 4, "platform": "discord", "account_id": "901", "name": "ana"},
    ],
    "roles": [
        {"club_id": 1, "person_id": 1, "role": "organiser"},
        {"club_id": 2, "person_id": 4, "role": "organiser"},
    ],
    "places": [
        {"id": 1, "club_id": 1, "platform": "discord", "chat_id": "500", "organiser_role": "510"},
        {
            **{"id": 2, "club_id": 1, "platform": "telegram", "chat_id": "-100200"},
            **{"announcements_chat": "-100200", "announcements_thread": "4"},
            "opinions_chat": "-100200",
        },
        {"id": 3, "club_id": 2, "platform": "discord", "chat_id": "501", "gone_at": NEXT},
    ],
    "stored_actions": [
        {
            **{"id": 1, "club_id": 1, "owner_id": 1, "command": "search"},
            **{"arguments": '{"words": "short paths"}', "created_at": DAY},
        },
        {
            **{"id": 2, "club_id": 1, "command": "papers"},
            **{"arguments": '{"category": "Networks"}', "created_at": NEXT},
        },
    ],
    "asks": [
        {
            **{"club_id": 1, "person_id": 1, "place": "telegram/77", "command": "newpaper"},
            **{"values": '{"title": "Half a title"}', "updated_at": DAY},
        },
        {
            **{"platform": "telegram", "chat_id": "77", "account_id": "77"},
            **{"form": '{"command": "newpaper", "given": {}}', "updated_at": DAY},
        },
    ],
    "codes": [
        {"digest": "a" * 64, "purpose": "found", "expires_at": NEXT},
        {"digest": "b" * 64, "purpose": "join", "club_id": 1, "expires_at": NEXT},
    ],
    "posts": [
        {
            **{"platform": "telegram", "chat_id": "-100200", "message_id": "31", "club_id": 1},
            **{"subject_kind": "paper", "subject_key": "SMALL-001", "sent_at": DAY},
        },
    ],
    "platform_state": [
        {"platform": "telegram", "key": "commands", "value": "c0ffee", "saved_at": DAY},
        {"platform": "discord", "key": "seen:500", "value": "1576", "saved_at": NEXT},
    ],
    "leases": [{"name": "Telegram bot 1", "owner": "there:1:0", "until": DAY}],
    "inbox": [
        {
            **{"source": "telegram:1", "number": 8000000001, "received_at": DAY},
            "payload": '{"update_id": 8000000001}',
        },
        {"source": "telegram:1", "number": 8000000000, "received_at": DAY, "done_at": DAY},
    ],
    "deliveries": [
        {
            **{"id": 1, "club_id": 1, "key": "announcement:1:2", "kind": "announcement"},
            **{"subject": "1", "platform": "telegram", "chat_id": "-100200", "thread_id": "4"},
            **{"is_private": 0, "due_at": DAY, "state": "sent", "attempts": 1},
            **{"message_id": "32", "created_at": DAY, "settled_at": DAY},
        },
        {
            **{"id": 2, "club_id": 1, "key": "announcement:1:1", "kind": "announcement"},
            **{"subject": "1", "platform": "discord", "chat_id": "502", "server_id": "500"},
            **{"is_private": 0, "due_at": NEXT, "state": "pending", "attempts": 2},
            **{"error": "the platform was away", "created_at": DAY},
        },
        {
            **{"id": 3, "club_id": 1, "key": "opinion:1", "kind": "opinion", "subject": "op1"},
            **{"platform": "telegram", "chat_id": "78", "is_private": 1, "person_id": 2},
            **{"due_at": DAY, "state": "unknown", "attempts": 1, "created_at": DAY},
        },
    ],
    "announcements": [
        {
            **{"id": 1, "club_id": 1, "text": "We meet on Thursday – bring «your» copy."},
            **{"created_at": DAY, "confirmed_at": DAY},
        },
    ],
    "opinions": [
        {
            **{"id": 1, "club_id": 1, "key": "op1", "paper_id": 1, "person_id": 2},
            **{"platform": "telegram", "visibility": "named", "topic": "What is a step?"},
            **{"text": "A handshake isn't\nan introduction.", "page_start": 1, "page_end": 3},
            **{"revision": 2, "source": "telegram:-100200:40", "asked": 1, "is_stuck": 0},
            "created_at": DAY,
        },
        {
            **{"id": 2, "club_id": 1, "key": "op2", "paper_id": 1, "person_id": 1},
            **{"platform": "discord", "visibility": "private", "text": "Not for others yet."},
            **{"revision": 1, "question": "choose", "asked_at": NEXT, "asked": 1, "is_stuck": 0},
            "created_at": NEXT,
        },
    ],
    "opinion_revisions": [
        {
            **{"club_id": 1, "opinion_id": 1, "number": 1, "visibility": "private"},
            **{"text": "A handshake.", "at": DAY},
        },
    ],
    "digests": [
        {
            **{"club_id": 1, "paper_id": 1, "introduction": "What we said in November."},
            **{"topics": '["What is a step?"]', "renames": "{}", "updated_at": NEXT},
        },
    ],
    "claims": [{"club_id": 1, "name": "Ana", "person_id": 1, "at": DAY, "agreed_at": NEXT}],
    "link_codes": [
        {
            **{"id": 1, "club_id": 1, "digest": "c" * 64, "giver_id": 1, "platform": "discord"},
            **{"is_taken": 0, "expires_at": NEXT},
        },
    ],
    "audit": [
        {
            **{"id": 1, "club_id": 1, "at": DAY, "by_id": 1, "about_id": 3, "action": "role"},
            **{"subject": "Chidi", "detail": "member"},
        },
    ],
    "series": [
        {
            **{"id": 1, "club_id": 1, "rule": "FREQ=WEEKLY;BYDAY=TH"},
            **{"local_start": "2026-11-26T20:00", "time_zone": "Europe/London", "template": "{}"},
        },
    ],
    "sessions": [
        {
            **{"id": 1, "club_id": 1, "number": 1, "state": "scheduled", "code": "SMALL-001"},
            **{"local_start": "2026-11-26T20:00", "time_zone": "Europe/London", "minutes": 90},
            **{"starts_at": "2026-11-26 20:00:00.000000", "place": "The library", "guests": 1},
            **{"series_id": 1, "series_date": "2026-11-26", "revision": 2, "moves": 0},
            **{"answers": 2, "interested": 0, "created_by": 1, "created_at": DAY},
        },
    ],
    "rsvps": [
        {
            **{"club_id": 1, "session_id": 1, "person_id": 2, "answer": "going", "guests": 1},
            **{"number": 1, "answered_at": NEXT, "source": "tap"},
        },
    ],
    "club_settings": [{"club_id": 1, "plan": "{}", "defaults": '{"minutes": 90}'}],
}
