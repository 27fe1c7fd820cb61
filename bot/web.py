"""The one way out to the web: what members name is fetched with limits, never from inside.

An address that a member gives may point at the machine itself or at its neighbours. So a name is
looked up here, each address behind it is checked, and the connection goes to just those addresses:
a name that answers otherwise the second time gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urljoin, urlsplit

from bot.chat.fetching import Fetched, FetchFailed

if TYPE_CHECKING:
    import aiohttp

MAX_BYTES = 2_000_000
SECONDS = 20.0
_MOST_REDIRECTS = 3
_MAX_ADDRESS = 2_000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65_536
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_PORTS = {"https": 443, "http": 80}
_NO_LIBRARY = (
    "this installation cannot fetch from the web. Whoever runs the bot installs it with "
    "wprc-bot[discord] or wprc-bot[telegram]"
)


@dataclass(frozen=True, slots=True)
class Web:
    """Fetches over HTTPS from the public web.

    `trusted` is an origin that whoever runs the bot has named: it may be on this machine, and
    speak plain HTTP. What it redirects to is trusted no more than anything else.
    """

    trusted: str | None = None
    max_bytes: int = MAX_BYTES
    seconds: float = SECONDS

    async def fetch(self, address: str, *, headers: Mapping[str, str] | None = None) -> Fetched:
        """The answer to a GET, redirects followed; raises FetchFailed."""
        try:
            import aiohttp
        except ImportError:
            raise FetchFailed(_NO_LIBRARY) from None
        try:
            async with asyncio.timeout(self.seconds):
                return await self._follow(address, dict(headers or {}))
        except TimeoutError:
            raise FetchFailed(f"it did not answer within {self.seconds:g} seconds") from None
        except aiohttp.ClientPayloadError:
            raise FetchFailed("the answer broke off in the middle") from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise FetchFailed("it cannot be reached") from None

    async def _follow(self, address: str, headers: dict[str, str]) -> Fetched:
        first = _origin(_split(address))
        for _ in range(_MOST_REDIRECTS + 1):
            origin = _origin(_split(address))
            is_trusted = origin == first and self._trusts(origin)
            if not is_trusted:
                _refuse_inward(address)
            # A secret for one server is not for the one that it sends us to.
            own = headers if origin == first else {}
            answer, next_address = await self._get(address, own, is_trusted=is_trusted)
            if next_address is None:
                return answer
            address = urljoin(address, next_address)
        raise FetchFailed(f"it redirects more than {_MOST_REDIRECTS} times")

    def _trusts(self, origin: tuple[str, str, int | None]) -> bool:
        return self.trusted is not None and origin == _origin(urlsplit(self.trusted))

    async def _get(
        self, address: str, headers: Mapping[str, str], *, is_trusted: bool
    ) -> tuple[Fetched, str | None]:
        import aiohttp

        connector = aiohttp.TCPConnector(
            resolver=_resolver(may_be_inner=is_trusted),
            use_dns_cache=False,
            force_close=True,
        )
        async with (
            aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            ) as session,
            session.get(
                address,
                allow_redirects=False,
                headers={"Accept-Encoding": "gzip", **headers},
            ) as response,
        ):
            told = {name.lower(): value for name, value in response.headers.items()}
            if response.status in _REDIRECTS and "location" in told:
                return Fetched(response.status), told["location"]
            return Fetched(response.status, await self._read(response), told), None

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        """The body, unpacked as far as the limit and not a byte further."""
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", ""):
            raise FetchFailed("it is packed in a way that was not asked for")
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding == "gzip" else None
        content = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            if unpacker is None:
                content += chunk
            else:
                try:
                    content += unpacker.decompress(chunk, self.max_bytes + 1 - len(content))
                except zlib.error:
                    raise FetchFailed("its content is damaged") from None
            if len(content) > self.max_bytes:
                raise FetchFailed(f"it is larger than {self.max_bytes:,} bytes")
        if unpacker is not None and content and not unpacker.eof:
            raise FetchFailed("the answer broke off in the middle")
        return bytes(content)


def _split(address: str) -> SplitResult:
    """Raises FetchFailed for what is no address of the web, or has a name or a password in it."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise FetchFailed("that is no address of the web") from None
    if len(address) > _MAX_ADDRESS or not host or port == 0 or not address.isprintable():
        raise FetchFailed("that is no address of the web")
    if parts.username is not None or parts.password is not None:
        raise FetchFailed("there is a name or a password in the address")
    return parts


def _refuse_inward(address: str) -> None:
    """Raises FetchFailed for what is not HTTPS, and for a number of the private networks.

    What is behind a name is checked when it is looked up.
    """
    parts = _split(address)
    if parts.scheme != "https":
        raise FetchFailed("only https:// addresses are fetched")
    host = parts.hostname or ""
    try:
        literal = ip_address(host)
    except ValueError:
        if host.replace(".", "").isdecimal():
            # Some programs read 127.1 or 2130706433 as an address of this machine.
            raise FetchFailed("that is no address of the web") from None
        return
    if not is_public(literal):
        raise FetchFailed(_INWARD)


_INWARD = "it points to a private network, where nothing is fetched"


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public web, however it is written."""
    if isinstance(address, IPv6Address):
        inner: IPv4Address | None = address.ipv4_mapped or address.sixtofour
        if inner is None and address.teredo is not None:
            inner = address.teredo[1]
        if inner is None and any(address in network for network in _TRANSLATED):
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local or address.scope_id is not None:
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)


def _resolver(*, may_be_inner: bool) -> Any:
    """Looks names up for a connection, which then goes to nothing but what was checked."""
    from aiohttp.abc import AbstractResolver, ResolveResult

    class Resolver(AbstractResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
        ) -> list[ResolveResult]:
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, family=family, type=socket.SOCK_STREAM
            )
            addresses = [(kind, str(where[0])) for kind, _, _, _, where in found]
            if not may_be_inner and not all(is_public(ip_address(one)) for _, one in addresses):
                raise FetchFailed(_INWARD)
            return [
                ResolveResult(
                    hostname=host,
                    host=one,
                    port=port,
                    family=kind,
                    proto=0,
                    flags=socket.AI_NUMERICHOST,
                )
                for kind, one in addresses
            ]

        async def close(self) -> None:
            """Nothing is held."""

    return Resolver()
