"""Time zones as people call them: by a Russian city, by the IANA's name, as «UTC+5»."""

import re
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.schedule import zone_named
from bot.texts.russian import cities

OFFERED = (
    *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg"),
    *("Asia/Omsk", "Asia/Novosibirsk", "Asia/Irkutsk", "Asia/Vladivostok"),
    *("Asia/Almaty", "Asia/Tashkent", "Asia/Bishkek", "Asia/Baku"),
    *("Asia/Yerevan", "Asia/Tbilisi", "Europe/Minsk", "Europe/Chisinau"),
)
"""Where Russian is read: the zones to choose from without typing."""

BIG_CITIES = {
    **dict.fromkeys(("Астана", "Шымкент", "Караганда"), "Asia/Almaty"),
    **dict.fromkeys(("Санкт-Петербург", "Питер", "Казань", "Нижний Новгород"), "Europe/Moscow"),
    **dict.fromkeys(("Ростов-на-Дону", "Краснодар", "Воронеж", "Сочи", "мск"), "Europe/Moscow"),
    **dict.fromkeys(("Челябинск", "Уфа", "Пермь", "Тюмень"), "Asia/Yekaterinburg"),
    **dict.fromkeys(("Одесса", "Харьков"), "Europe/Kiev"),
    "Хабаровск": "Asia/Vladivostok",
    "Сахалин": "Asia/Sakhalin",
    "Тель-Авив": "Asia/Jerusalem",
    "Пекин": "Asia/Shanghai",
}
"""Those that no time zone is named after."""

NAMELESS = {"localtime", "Factory"}
"""Zones of a machine, not of a place."""

OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-−–])\s*0?(\d{1,2})(?::?00)?")


def place(zone: ZoneInfo, at: datetime) -> str:
    """«Алматы»; «UTC+5» for a zone that is no place."""
    key = zone.key
    if key.startswith("Etc/") or "/" not in key:
        return offset(zone, at)
    return cities().get(key) or key.rpartition("/")[2].replace("_", " ")


def label(zone: ZoneInfo, at: datetime) -> str:
    """«Алматы, UTC+5»; only «UTC+5» for a zone that is no place."""
    return ", ".join(dict.fromkeys((place(zone, at), offset(zone, at))))


def offset(zone: ZoneInfo, at: datetime) -> str:
    """«UTC+5», «UTC−3:30», «UTC»: how far a zone's clock is ahead of UTC at that time."""
    minutes = int((at.astimezone(zone).utcoffset() or at - at).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"


def zone_called(text: str) -> str | None:
    """The name of the time zone that a person means; None if there is no such one."""
    asked = text.strip().casefold()
    if zone := _names().get(asked) or _names().get(_folded(text)):
        return zone
    if found := OFFSET.fullmatch(asked):
        sign, hours = found.groups()
        zone = f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"  # POSIX counts westwards
        return zone if zone_named(zone) else None
    return None


@cache
def _names() -> dict[str, str]:
    zones = sorted(available_timezones() - NAMELESS)
    last_parts = {_folded(zone.rpartition("/")[2]): zone for zone in zones if "/" in zone}
    russian = {_folded(city): zone for zone, city in cities().items()}
    others = {_folded(city): zone for city, zone in BIG_CITIES.items()}
    return last_parts | {zone.casefold(): zone for zone in zones} | others | russian


def _folded(name: str) -> str:
    """A city's name as it is compared: «Нью Йорк» is «нью-йорк», «Королёв» is «королев»."""
    return " ".join(re.split(r"[\s_-]+", name.casefold().replace("ё", "е").strip()))
