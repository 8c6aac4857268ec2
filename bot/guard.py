"""A transport of httpx that connects to public addresses only, and to those it has checked.

A name may resolve to a public address when it is checked and to a private one a moment later (DNS
rebinding), so the connection goes to the checked address itself; the name stays in the Host header
and in TLS, where the certificate is checked against it.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, as text. Raises OSError where there are none."""

NAT64 = IPv6Network("64:ff9b::/96")
"""https://datatracker.ietf.org/doc/html/rfc6052#section-2.1"""
TRIED = 3
"""Addresses of one host that are tried, as they come."""
CONNECTIONS = 16


class PrivateAddress(httpx.TransportError):
    """The host is, or resolves to, an address that is not on the public internet."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """Resolves a host, checks every address it has, and connects to one of these.

    `allowed` has hosts, or hosts with a port, that may be private, in lower case.
    """

    def __init__(self, allowed: Collection[str] = (), resolve: Resolve | None = None) -> None:
        self._allowed = frozenset(allowed)
        self._resolve = resolve or resolve_host
        # No connection is used twice: one made for a name would serve another with its address,
        # whose certificate nobody has checked.
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(trust_env=False, limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        addresses = await self._addresses(request)
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(_sent_to(address, request))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_sent_to(addresses[-1], request))

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _addresses(self, request: httpx.Request) -> list[str]:
        """Where the request may go. Raises PrivateAddress, or ConnectError for an unknown host."""
        host, port = request.url.raw_host.decode("ascii"), port_of(request.url)
        try:
            found = list(dict.fromkeys(await self._resolve(host, port)))[:TRIED]
        except (OSError, UnicodeError) as error:
            raise UnknownHost(f"{host} has no address: {error}", request=request) from error
        if not found:
            raise UnknownHost(f"{host} has no address", request=request)
        private = [address for address in found if not is_public(address)]
        if private and not is_allowed(request.url, self._allowed):
            raise PrivateAddress(f"{host} is at {private[0]}, a private address", request=request)
        return found


class UnknownHost(httpx.ConnectError):
    """The host's name does not resolve."""


async def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order in which the system prefers them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def port_of(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def is_allowed(url: httpx.URL, allowed: Collection[str]) -> bool:
    """Whether the host, alone or with its port, stands in the list exactly so."""
    host, port = url.host.lower(), port_of(url)
    bracketed = f"[{host}]" if ":" in host else host
    return not {host, bracketed, f"{bracketed}:{port}"}.isdisjoint(allowed)


def is_public(address: str) -> bool:
    """Whether it is an address of the public internet; one that wraps an IPv4 address is as that.

    https://www.iana.org/assignments/iana-ipv6-special-registry
    """
    try:
        return _is_public(ip_address(address))
    except ValueError:
        return False


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            wrapped = IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped:
            return _is_public(wrapped)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _sent_to(address: str, request: httpx.Request) -> httpx.Request:
    """The same request with the host's address in place of its name."""
    extensions = request.extensions
    if request.url.scheme == "https":
        extensions = {**extensions, "sni_hostname": request.url.raw_host.decode("ascii")}
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions=extensions,
    )
