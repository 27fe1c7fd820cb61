"""Fetching: what is read, what is refused, and that nothing inside is ever reached."""

from __future__ import annotations

import asyncio
import socket
import sys
from ipaddress import ip_address

import pytest

from bot.chat.fetching import FetchFailed
from bot.web import Web, is_public
from tests.luma.server import LumaServer, calendar, event


async def refusal(web: Web, address: str) -> str:
    with pytest.raises(FetchFailed) as caught:
        await web.fetch(address)
    return str(caught.value)


@pytest.mark.parametrize("fault", [None, "gzip"])
async def test_a_trusted_server_is_read_packed_or_not(luma: LumaServer, fault: str | None) -> None:
    luma.feed, luma.fault = calendar(event(1)), fault
    fetched = await Web(trusted=luma.url).fetch(luma.feed_url)
    assert (fetched.status, fetched.content) == (200, luma.feed)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("bomb", "larger than"),
        ("endless", "larger than"),
        ("slow", "did not answer within"),
        ("short", "broke off"),
        ("half a gzip", "broke off"),
        ("damaged gzip", "damaged"),
        ("packed", "packed in a way"),
        ("redirect http://127.0.0.1:1/", "only https://"),
        ("redirect https://127.0.0.1:1/", "private network"),
        ("redirect https://169.254.169.254/latest/meta-data", "private network"),
        ("redirect https://localhost:1/", "private network"),
        ("redirect https://user:word@example.org/", "a name or a password"),
        ("redirect file:///etc/passwd", "no address of the web"),
        ("redirect /again", "redirects more than 3 times"),
    ],
)
async def test_a_bad_answer_is_given_up(luma: LumaServer, fault: str, said: str) -> None:
    luma.feed, luma.fault = calendar(event(1)), fault
    web = Web(trusted=luma.url, max_bytes=200_000, seconds=0.3 if fault == "slow" else 10.0)
    assert said in await refusal(web, luma.feed_url)
    assert len(luma.asked) == (4 if fault == "redirect /again" else 1)


@pytest.mark.parametrize(
    "address",
    [
        "https://localhost/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25lo]/",
        "http://example.org/",
        "ftp://example.org/",
        "https://ana:word@example.org/",
        "https://:443/",
        "https://example.org:0/",
        "https://[::1/",
        "https://exa\nmple.org/",
        "calendar",
        "",
    ],
)
async def test_addresses_that_are_none_or_point_inside_are_refused(address: str) -> None:
    assert "cannot be reached" not in await refusal(Web(seconds=5.0), address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("fc00::1", False),
        ("fe80::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::7f00:1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
    ],
)
def test_inner_addresses_are_known_however_they_are_written(address: str, expected: bool) -> None:
    assert is_public(ip_address(address)) is expected


async def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(
    luma: LumaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address that was checked is the one that is spoken to; there is no second look-up."""
    answers = ["93.184.216.34", "127.0.0.1"]
    asked: list[str] = []
    loop = asyncio.get_running_loop()
    spoken_to: list[str] = []

    async def look_up(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        where = (answers[min(len(asked), 2) - 1], port)
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", where)]

    async def connect(sock: socket.socket, address: tuple[str, int]) -> None:
        spoken_to.append(address[0])
        raise OSError("no network in tests")

    monkeypatch.setattr(loop, "getaddrinfo", look_up)
    monkeypatch.setattr(loop, "sock_connect", connect)
    assert await refusal(Web(), "https://rebinding.example/") == "it cannot be reached"
    assert (asked, spoken_to) == (["rebinding.example"], ["93.184.216.34"])
    assert "private network" in await refusal(Web(), "https://rebinding.example/")
    assert spoken_to == ["93.184.216.34"]


async def test_a_secret_goes_to_nobody_else(luma: LumaServer) -> None:
    async with LumaServer() as other:
        luma.fault = f"redirect {other.url}/take"
        with pytest.raises(FetchFailed):
            await Web(trusted=luma.url).fetch(luma.feed_url, headers={"x-luma-api-key": "s"})
        assert other.asked == []
    assert luma.asked[0][1]["x-luma-api-key"] == "s"
    assert "Cookie" not in luma.asked[0][1]


async def test_without_the_library_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    assert "wprc-bot[discord]" in await refusal(Web(), "https://example.org/")
