"""When two web addresses are the same article's."""

import re
from urllib.parse import parse_qsl, unquote, urlencode

import httpx

_MIRROR = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_TRACKING = re.compile(
    r"utm_\w+|(?:fb|g|y|ys|d|gb|w)clid|msclkid|mc_[ce]id|_openstat|_ga|cmpid|igshid|amp|outputtype"
)
_ORIGIN = re.compile(r"from|source|ref|referrer|referer|via")
_FROM_A_FEED = re.compile(
    r"(?:.*[^a-z])?(?:rss|atom|feed|feeds|yandex|ya_?news|telegram)(?:[^a-z].*)?"
)


def site(url: str) -> str:
    """The host of an address as one site, whatever mirror of it: «zakon.kz» for «m.zakon.kz»."""
    address = httpx.URL(url)
    host = _MIRROR.sub("", address.raw_host.decode("ascii").lower().rstrip("."))
    return f"{host}:{address.port}" if address.port else host


def host(url: str) -> str | None:
    """The host of an address as `site` has it, whatever its port; None for what is no address."""
    try:
        return site(url).partition(":")[0]
    except httpx.InvalidURL:
        return None


def canonical(url: str) -> str | None:
    """What is left of an address without what tells no article from another.

    That is the scheme, a mirror's name, marks of where a reader came from, a slash at the end.
    None for a site's front page, to which broken feeds link from everywhere.
    """
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    path = re.sub(r"/(?:amp/?)?$", "", unquote(address.path))
    given = parse_qsl(address.query.decode("ascii", "replace"), keep_blank_values=True)
    kept = sorted((name, value) for name, value in given if not _is_tracking(name, value))
    if not path and not kept:
        return None
    return site(url) + path + (f"?{urlencode(kept)}" if kept else "")


def _is_tracking(name: str, value: str) -> bool:
    name = name.lower()
    if _ORIGIN.fullmatch(name):
        return bool(_FROM_A_FEED.fullmatch(value.lower()))
    return bool(_TRACKING.fullmatch(name))


def folder(url: str) -> str:
    """A site's host, with a port of its own if it has one, as a name that is safe for a folder."""
    address = httpx.URL(url)
    host = address.raw_host.decode("ascii").lower()
    named = f"{host}-{address.port}" if address.port else host
    return re.sub(r"[^a-z0-9.-]+", "-", named)[:120].strip(".-") or "host"
