"""The settings: the only reader of the environment and of `.env`."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from retrieval.fields import is_web_address

TELEGRAM = "https://api.telegram.org"
API_URL_SHAPE = "write it as scheme://host:port, such as http://127.0.0.1:8081"
HOST = re.compile(r"[\w-]+(\.[\w-]+)*|[0-9a-f:.]+")
ALLOWED = re.compile(r"([\w-]+(\.[\w-]+)*|[0-9a-f:]+|\[[0-9a-f:.]+\])(:\d{1,5})?")
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class ConfigurationError(Exception):
    """A variable is missing or malformed; the message names it and says the mend in one line."""


class Settings(BaseSettings):
    """What the operator sets; every field is the environment variable of the same name."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = TELEGRAM
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    corpus_dir: Path = Path("data/articles")
    state_dir: Path = Path("data/state")
    timezone: Annotated[ZoneInfo, Field(validate_default=True)] = ZoneInfo("Asia/Almaty")
    log_level: Level = "INFO"
    feeds: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses of the first feeds; others are added in the chat."""
    feed_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    """How often a feed is asked for news."""
    fetch_allow_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    """Hosts, or hosts with a port, that may be fetched from although they are private."""
    watch_corpus: bool = False
    """Whether the archive is reloaded when a file in the corpus folder changes."""

    def require_token(self) -> str:
        """The bot's token. Raises ConfigurationError where it is not set."""
        if self.telegram_bot_token is None:
            raise ConfigurationError(
                "TELEGRAM_BOT_TOKEN is not set: put the token from @BotFather into .env"
            )
        return self.telegram_bot_token.get_secret_value()

    @field_validator("telegram_bot_token", mode="before")
    @classmethod
    def _trimmed(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("telegram_bot_token", mode="after")
    @classmethod
    def _token_looks_right(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not re.fullmatch(r"\d+:[\w-]+", token.get_secret_value(), re.ASCII):
            raise ValueError("this is no token; it looks like 123456789:AAE… in @BotFather's reply")
        return token

    @field_validator("telegram_api_url", mode="after")
    @classmethod
    def _url_has_a_host(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise ValueError(API_URL_SHAPE) from None
        beyond = parts.path.strip("/") or parts.query or parts.fragment or port == 0
        if parts.scheme not in {"http", "https"} or beyond or not HOST.fullmatch(host):
            raise ValueError(API_URL_SHAPE)
        return url.rstrip("/")

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = [part.strip() for part in value.split(",") if part.strip()]
        for place, part in enumerate(
            ids, start=1
        ):  # not shown: it may be a token in the wrong line
            if not (part.isascii() and part.isdigit() and len(part) < 20):
                raise ValueError(f"entry {place} is not a user id; write whole numbers and commas")
        return ids

    @field_validator("feeds", mode="before")
    @classmethod
    def _split_feeds(cls, value: object) -> object:
        addresses = _listed(value)
        if isinstance(addresses, list):
            for place, address in enumerate(addresses, start=1):
                if not is_web_address(address):
                    raise ValueError(f"entry {place} is no address that starts with https://")
        return addresses

    @field_validator("fetch_allow_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        hosts = _listed(value)
        if isinstance(hosts, list):
            for place, host in enumerate(hosts, start=1):
                if not ALLOWED.fullmatch(host.lower()):
                    raise ValueError(f"entry {place} is no host; write news.lan or 127.0.0.1:8000")
            return [host.lower() for host in hosts]
        return hosts

    @field_validator("timezone", mode="before")
    @classmethod
    def _known_zone(cls, value: object) -> object:
        try:
            return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("no such time zone; write it as Asia/Almaty") from error

    @field_validator("log_level", mode="before")
    @classmethod
    def _known_level(cls, value: object) -> object:
        level = str(value).upper()
        if level not in get_args(Level):
            raise ValueError(f"write one of {', '.join(get_args(Level))}")
        return level


def _listed(value: object) -> object:
    """What stands between commas or spaces."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


def load() -> Settings:
    """Read the environment and `.env` of the current folder.

    Raises ConfigurationError, with the variable's name, for what is malformed.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]).upper()
        raise ConfigurationError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None
    except (SettingsError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(f".env cannot be read: {error}") from error


def index_in(state_dir: Path) -> Path:
    """Where in the state folder the index is."""
    return state_dir / "index"


def environment_with(**variables: str) -> dict[str, str]:
    """This process's environment with some variables set, for a child process."""
    return {**os.environ, **variables}
