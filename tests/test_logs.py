"""Log lines: their shapes, whose invocation they belong to, and that no secret gets through."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import invocation_id, logged_as, redact, set_up_logs
from tests.growth import grows_with_its_size

DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ" + ".GaBcDe." + "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9"
TELEGRAM = "1234567890" + ":AAE-abcdefghijklmnopqrstuvwxyz_0123"
log = logging.getLogger("bot.test_logs")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def root_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


def lines_of(stream: StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in stream.getvalue().split("\n") if line]


def test_a_terminal_gets_lines_for_people() -> None:
    stream = Terminal()
    set_up_logs(stream=stream)
    invocation_id.set("a1b2c3")
    log.warning("paper %s is new", "WPRC-006")
    invocation_id.set("")
    log.info("second")
    first, second = stream.getvalue().splitlines()
    assert first[8:] == " WARNING bot.test_logs [a1b2c3] paper WPRC-006 is new"
    assert second[8:] == " INFO bot.test_logs second"


def test_anything_else_gets_json() -> None:
    stream = StringIO()
    set_up_logs(stream=stream)
    log.error("Zoë said\n%s", "“yes”")
    (line,) = lines_of(stream)
    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "ERROR", "logger": "bot.test_logs", "message": "Zoë said\n“yes”"}


def test_a_style_that_is_named_wins_over_the_stream() -> None:
    stream = Terminal()
    set_up_logs(style="json", stream=stream)
    log.info("x")
    assert lines_of(stream)[0]["message"] == "x"
    pipe = StringIO()
    set_up_logs(style="human", stream=pipe)
    log.info("x")
    assert pipe.getvalue().endswith(" INFO bot.test_logs x\n")


def test_setting_up_again_replaces_our_handler_only() -> None:
    other = logging.NullHandler()
    logging.getLogger().addHandler(other)
    first, second = StringIO(), StringIO()
    set_up_logs(stream=first)
    set_up_logs(stream=second)
    log.info("once")
    assert first.getvalue() == ""
    assert len(lines_of(second)) == 1
    assert other in logging.getLogger().handlers


async def test_each_task_has_its_own_invocation() -> None:
    stream = StringIO()
    set_up_logs(stream=stream)

    async def handle(identity: str) -> None:
        invocation_id.set(identity)
        await asyncio.sleep(0)
        log.info("for %s", identity)

    await asyncio.gather(handle("one"), handle("two"))
    assert {line["invocation"]: line["message"] for line in lines_of(stream)} == {
        "one": "for one",
        "two": "for two",
    }


@pytest.mark.parametrize(
    ("level", "quiet", "loud"),
    [("DEBUG", logging.INFO, logging.WARNING), ("ERROR", logging.WARNING, logging.ERROR)],
)
@pytest.mark.parametrize("name", ["httpx", "httpcore.http11", "asyncio", "alembic.runtime"])
def test_libraries_that_chatter_are_quiet(level: str, name: str, quiet: int, loud: int) -> None:
    stream = StringIO()
    set_up_logs(level=level, stream=stream)
    logging.getLogger(name).log(quiet, "chatter")
    logging.getLogger(name).log(loud, "trouble")
    assert [line["message"] for line in lines_of(stream)] == ["trouble"]


def test_the_debug_lines_of_libraries_are_nobodys() -> None:
    stream = StringIO()
    set_up_logs(level="DEBUG", stream=stream)
    for name in ("discord.gateway", "sqlalchemy.engine.Engine", "a.library.of.tomorrow"):
        logging.getLogger(name).debug("{'content': 'what somebody said'}")
    for name in ("bot.core.dispatch", "storage.worker", "migrations.env"):
        logging.getLogger(name).debug("ours")
    assert [line["message"] for line in lines_of(stream)] == ["ours"] * 3


@pytest.mark.parametrize("style", ["human", "json"])
def test_what_an_exception_quotes_is_left_out_and_the_way_to_it_stays(style: str) -> None:
    stream = Terminal() if style == "human" else StringIO()
    set_up_logs(stream=stream)
    said = "what somebody\nsaid"
    try:
        try:
            try:
                dict[str, int]()[said]
            except KeyError:
                int(said)
        except ValueError as error:
            raise ExceptionGroup("it cannot be read", [error]) from None
    except ExceptionGroup:
        log.exception("failed")
    text = stream.getvalue()
    assert "somebody" not in text
    ways = ("KeyError: ***", "ValueError: ***", "ExceptionGroup: it cannot be read", "int(said)")
    assert all(kept in text for kept in ways)


async def test_a_task_keeps_the_id_under_which_it_was_begun() -> None:
    stream = StringIO()
    set_up_logs(stream=stream)

    async def later() -> None:
        await asyncio.sleep(0)
        log.info("later")
        await asyncio.to_thread(log.info, "on a thread")

    with logged_as("delivery 7"):
        task = asyncio.create_task(later())
    log.info("outside")
    await task
    assert [(line["message"], line.get("invocation")) for line in lines_of(stream)] == [
        ("outside", None),
        ("later", "delivery 7"),
        ("on a thread", "delivery 7"),
    ]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (DISCORD, DISCORD),
        (f"logging in with {DISCORD}.", DISCORD[:20]),
        (TELEGRAM, "AAE-"),
        (f"POST https://api.telegram.org/bot{TELEGRAM}/sendMessage", "AAE-"),
        ("GET http://127.0.0.1:8081/bot42:short/getMe", "short"),
        ("postgresql://wprc:hunter2@db/club", "hunter2"),
        ("postgresql+psycopg://wprc:hun/ter2@db/club", "ter2"),
        ("https://user:hun@ter2@example.org/x", "ter2"),
        ("POST /webhooks/123456/abcdefghijklmnopqrstuvwxyz012345", "abcdefgh"),
        ("/interactions/99/abcdefghijklmnopqrstuvwxyz.0-_/callback", "abcdefgh"),
        ("Authorization: Bot abc.def", "abc.def"),
        ("{'Authorization': 'Bearer abcdefgh'}", "abcdefgh"),
        ("authorization=hunter2", "hunter2"),
        ("sent Bearer abcdefghi.jkl", "abcdefghi"),
        ("host=db password=hunter2 user=x", "hunter2"),
        ('{"token": "hunter2"}', "hunter2"),
        ("X-Telegram-Bot-Api-Secret-Token: hunter2", "hunter2"),
        ("https://example.org/?api_key=hunter2&x=1", "hunter2"),
        ("x-luma-api-key: hunter2", "hunter2"),
        ("the key secret-AbC123xyz_0 was refused", "AbC123xyz_0"),
        ("LUMA_API_KEYS=WPRC:first-key,OTHER:second-key", "second-key"),
        ("keys are WPRC:secret-AbC123xyz,OTHER:secret-second99", "second99"),
        ("write to ana.b+c@example.org.", "ana.b+c"),
        ("mailto:ana@mail.example.co.uk", "ana@mail"),
        ("Zoë <zoë@exämple.org>", "zoë@"),
    ],
)
def test_secrets_are_hidden(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "WPRC-006 was imported at 12:30:05 from page 16-24",
        "GET https://example.org:8080/papers?page=2 answered 200",
        "see https://example.org:8080/a?mail=ana",
        "postgresql://wprc@db/club",
        "the bearer of the Bot was in Basic shape",
        "bot.core.papers.show_paper.inner 1.2.3",
        "postgresql://wprc@db.example.org/club",
        "Telegram: ready as @paper_club_bot; /setup@paper_club_bot",
    ],
)
def test_other_text_is_kept(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("style", ["human", "json"])
def test_arguments_exceptions_and_stacks_are_redacted_too(style: str) -> None:
    stream = Terminal() if style == "human" else StringIO()
    set_up_logs(stream=stream)
    try:
        try:
            raise ValueError(f"inner {TELEGRAM}")
        except ValueError as error:
            raise RuntimeError("postgresql://wprc:hunter2@db/club") from error
    except RuntimeError:
        log.exception("failed with %r", {"Authorization": f"Bot {DISCORD}"}, stack_info=True)
    text = stream.getvalue()
    assert "RuntimeError" in text
    assert "Stack (most recent call last)" in text
    # The source lines in the traceback hold names, so each value could only come from the record.
    for secret in (DISCORD, "AAE-", "hunter2"):
        assert secret not in text


@pytest.mark.parametrize("arguments", [("%d", "x"), ("%s %s", "x"), ("none", "x")])
def test_a_wrong_log_call_is_written_and_redacted(
    arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    stream = StringIO()
    # pytest's own handlers would raise where ours has to write.
    logging.getLogger().handlers.clear()
    set_up_logs(stream=stream)
    log.info(arguments[0], f"{arguments[1]} token={TELEGRAM}")
    (line,) = lines_of(stream)
    assert arguments[0] in line["message"]
    assert "AAE-" not in line["message"]
    assert capsys.readouterr().err == ""


def test_text_from_a_chat_cannot_steer_the_terminal_or_forge_a_line() -> None:
    stream = Terminal()
    set_up_logs(stream=stream)
    log.info("title: %s", "x\x1b[2J\r\n12:00:00 ERROR bot forged")
    first, second = stream.getvalue().splitlines()
    assert first.endswith("x\\x1b[2J\\x0d")
    assert second.startswith("    ")


@given(st.text())
def test_every_text_becomes_one_json_line(text: str) -> None:
    stream = StringIO()
    set_up_logs(stream=stream)
    log.info("%s", text)
    assert stream.getvalue().count("\n") == 1
    assert lines_of(stream)[0].get("message", "") == redact(text)


@pytest.mark.parametrize(
    "part",
    [
        *("://", "a:", "1", "1:", "a.", "/bot1", "token", "authorization:", "://a:b@", "A-"),
        *("a@", "a@a.", "a@a", "@.a"),
    ],
)
def test_redaction_is_linear_in_hostile_text(part: str) -> None:
    text = part * (200_000 // len(part))
    assert grows_with_its_size(redact, text)
