"""Every variable: its default, what it takes, and one line with its name for what it does not."""

from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from bot import settings
from bot.settings import ConfigurationError, Settings
from tests.builders import ROOT

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
EXAMPLE = ROOT / ".env.example"
NAMES = {name.upper() for name in Settings.model_fields}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def dotenv(text: str) -> None:
    Path(".env").write_text(text, encoding="utf-8")


def test_everything_has_a_default_but_the_token() -> None:
    assert settings.load().model_dump() == {
        "telegram_bot_token": None,
        "telegram_api_url": "https://api.telegram.org",
        "admin_ids": frozenset(),
        "corpus_dir": Path("data/articles"),
        "state_dir": Path("data/state"),
        "timezone": ZoneInfo("Asia/Almaty"),
        "log_level": "INFO",
        "feeds": (),
        "feed_minutes": 15,
        "fetch_allow_hosts": frozenset(),
        "watch_corpus": False,
    }


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("TELEGRAM_BOT_TOKEN", TOKEN, SecretStr(TOKEN)),
        ("TELEGRAM_BOT_TOKEN", "1:x", SecretStr("1:x")),
        ("TELEGRAM_BOT_TOKEN", f" {TOKEN}\n", SecretStr(TOKEN)),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081", "http://127.0.0.1:8081"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("TELEGRAM_API_URL", "http://[::1]:8081", "http://[::1]:8081"),
        (
            "TELEGRAM_API_URL",
            "https://telegram-bot-api.example/",
            "https://telegram-bot-api.example",
        ),
        ("ADMIN_IDS", "42", frozenset({42})),
        ("ADMIN_IDS", " 42, 7000000000 ,42,", frozenset({42, 7_000_000_000})),
        ("CORPUS_DIR", "архив", Path("архив")),
        ("STATE_DIR", "/var/lib/doslovno", Path("/var/lib/doslovno")),
        ("TIMEZONE", "Europe/Moscow", ZoneInfo("Europe/Moscow")),
        ("TIMEZONE", "UTC", ZoneInfo("UTC")),
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("LOG_LEVEL", "CRITICAL", "CRITICAL"),
        ("FEEDS", "https://a.kz/rss, http://б.рф/лента", ("https://a.kz/rss", "http://б.рф/лента")),
        ("FEED_MINUTES", "60", 60),
        (
            "FETCH_ALLOW_HOSTS",
            "News.lan,[::1]:80 10.0.0.1:8000",
            {"news.lan", "[::1]:80", "10.0.0.1:8000"},
        ),
        ("WATCH_CORPUS", "1", True),
        ("WATCH_CORPUS", "no", False),
    ],
)
def test_a_good_value_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(settings.load(), name.lower()) == read


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_empty_value_is_the_default(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")
    assert settings.load() == Settings.model_construct()


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("TELEGRAM_BOT_TOKEN", "secret", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "123456789", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "123456789:", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", ":AAEhBOweik6ad9r", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "bot:AAEhBOweik6ad9r", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "١٢٣:AAEhBOweik6ad9r", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "123456789:AAEh\nBOweik6ad9r", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "123456789:AAEh BOweik6ad9r", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "123456789:AAEh/../BOweik6ad9r", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "123456789:ТокенАбвгдежз", "@BotFather"),
        ("TELEGRAM_API_URL", "127.0.0.1:8081", "scheme://host:port"),
        ("TELEGRAM_API_URL", "ftp://127.0.0.1", "scheme://host:port"),
        ("TELEGRAM_API_URL", "http://", "scheme://host:port"),
        ("TELEGRAM_API_URL", "http://:8081", "scheme://host:port"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:0", "scheme://host:port"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:99999", "scheme://host:port"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:port", "scheme://host:port"),
        ("TELEGRAM_API_URL", "http://[::1", "scheme://host:port"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081?a=b", "scheme://host:port"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081#a", "scheme://host:port"),
        ("TELEGRAM_API_URL", "http://local host:8081", "scheme://host:port"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/bot", "scheme://host:port"),
        ("ADMIN_IDS", "anna", "is not a user id"),
        ("ADMIN_IDS", "1;2", "is not a user id"),
        ("ADMIN_IDS", "1,-2", "is not a user id"),
        ("ADMIN_IDS", "1,٢", "is not a user id"),
        ("ADMIN_IDS", "1\n2", "is not a user id"),
        ("FEEDS", "https://a.kz/rss, a.kz", "entry 2 is no address that starts with https://"),
        ("FEEDS", "file:///etc/passwd", "entry 1 is no address"),
        ("FEED_MINUTES", "0", "greater than or equal to 1"),
        ("FEED_MINUTES", "soon", "valid integer"),
        ("FETCH_ALLOW_HOSTS", "http://news.lan", "entry 1 is no host; write news.lan or"),
        ("WATCH_CORPUS", "perhaps", "valid boolean"),
        pytest.param("ADMIN_IDS", "9" * 5000, "", id="a number of 5000 digits"),
        ("TIMEZONE", "Almaty", "Asia/Almaty"),
        ("TIMEZONE", "../../etc/passwd", "Asia/Almaty"),
        ("TIMEZONE", "/etc/localtime", "Asia/Almaty"),
        ("TIMEZONE", "Europe", "Asia/Almaty"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO"),
        ("LOG_LEVEL", "10", "DEBUG, INFO"),
    ],
)
def test_a_malformed_value_is_one_line_with_its_name_and_the_mend(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, mend: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        settings.load()
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert mend in message
    assert "\n" not in message


@pytest.mark.parametrize("token", ["AAEhBOweik6ad9r", "x:AAEhBOweik6ad9r", "1:AAEhBO\tweik6ad9r"])
def test_what_stands_for_the_token_is_never_said(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", token)
    with pytest.raises(ConfigurationError) as caught:
        settings.load()
    with pytest.raises(ValueError, match="telegram_bot_token") as first:
        Settings()
    for said in (caught.value, caught.value.__cause__, first.value):
        assert "AAEhBO" not in f"{said}{said!r}"


def test_the_token_is_not_in_the_settings_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    assert TOKEN not in f"{settings.load()}{settings.load()!r}{settings.load().model_dump()}"
    assert settings.load().require_token() == TOKEN


def test_a_missing_token_is_asked_for_by_its_name() -> None:
    with pytest.raises(ConfigurationError, match=r"^TELEGRAM_BOT_TOKEN is not set: .*BotFather"):
        settings.load().require_token()


def test_dotenv_is_read_from_the_current_folder() -> None:
    dotenv(f"# mine\nTELEGRAM_BOT_TOKEN={TOKEN}\nADMIN_IDS=1, 2\nOTHER=3\n")
    assert settings.load().require_token() == TOKEN
    assert settings.load().admin_ids == {1, 2}


def test_the_environment_comes_before_dotenv(monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv("LOG_LEVEL=DEBUG\nTIMEZONE=UTC\n")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    assert settings.load().log_level == "ERROR"
    assert settings.load().timezone == ZoneInfo("UTC")


def test_a_malformed_line_of_dotenv_is_named_as_well() -> None:
    dotenv("ADMIN_IDS=anna\n")
    with pytest.raises(ConfigurationError, match=r"^ADMIN_IDS: "):
        settings.load()


def test_a_dotenv_that_is_no_text_is_one_line() -> None:
    Path(".env").write_bytes(b"LOG_LEVEL=\xff\xfe\n")
    with pytest.raises(ConfigurationError, match=r"^\.env cannot be read: .*$"):
        settings.load()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.load().log_level = "DEBUG"


def test_a_child_process_gets_this_environment_and_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    given = settings.environment_with(LOG_LEVEL="ERROR", STATE_DIR="state")
    assert given["LOG_LEVEL"] == "ERROR"
    assert given["STATE_DIR"] == "state"
    assert given["PATH"]


def example_lines() -> list[tuple[str, str]]:
    """Each line of .env.example with the one above it."""
    lines = ["", *EXAMPLE.read_text(encoding="utf-8").splitlines()]
    return list(pairwise(lines))


def test_the_example_has_every_setting_once_with_a_comment_above_it() -> None:
    pairs = [(above, line) for above, line in example_lines() if line and line[0] != "#"]
    names = [line.partition("=")[0] for _, line in pairs]
    assert sorted(names) == sorted(NAMES)
    assert [line for above, line in pairs if len(above) < 10 or not above.startswith("# ")] == []


def test_the_example_copied_as_it_is_gives_the_defaults() -> None:
    shown = {
        line.partition("=")[0]: line.partition("=")[2]
        for _, line in example_lines()
        if line and line[0] != "#"
    }
    unset = {"TELEGRAM_BOT_TOKEN", "ADMIN_IDS", "FEEDS", "FETCH_ALLOW_HOSTS"}
    assert {name for name, value in shown.items() if not value} == unset
    dotenv(EXAMPLE.read_text(encoding="utf-8"))
    assert settings.load() == Settings.model_construct()
    for name in NAMES - unset:
        assert shown[name] == str(Settings.model_fields[name.lower()].default)
