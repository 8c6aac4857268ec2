"""What a terminal is given: the same text as a chat, and nothing that steers it."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from bot import render, terminal
from bot.message import Mark, Reply
from retrieval.models import Article, Origins, PartialDate, Span
from tests.builders import article, quote

BOLD, RESET = "\x1b[1m", "\x1b[0m"
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def shown(*what: RenderableType, terminal_: bool = True, width: int = 200) -> str:
    """What a terminal of this width would be sent."""
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=terminal_, width=width, markup=False, emoji=False, highlight=False
    )
    for one in what:
        console.print(one, soft_wrap=True)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Уран", "Уран"),
        ("две\nстроки", "две\nстроки"),
        ("таб\tуляция", "таб\tуляция"),
        ("\x1b[31mкрасный", "\ufffd[31mкрасный"),
        ("\x1b]0;заголовок\x07", "\ufffd]0;заголовок\ufffd"),
        ("\x9b31m", "\ufffd31m"),
        ("назад\x08\x7f", "назад\ufffd\ufffd"),
        ("поверх\r", "поверх\ufffd"),
        ("\x00", "\ufffd"),
        ("\u202eнаоборот", "\ufffdнаоборот"),
        ("половина \ud83d", "половина \ufffd"),
        ("👩‍🚀 й\u0306 \u00a0", "👩‍🚀 й\u0306 \u00a0"),
        ("[bold]не разметка[/]", "[bold]не разметка[/]"),
    ],
)
def test_what_steers_a_terminal_is_replaced(text: str, plain: str) -> None:
    assert terminal.plain(text) == plain


@given(st.text())
def test_a_plain_text_keeps_its_length_and_can_be_printed(text: str) -> None:
    plain = terminal.plain(text)
    assert len(plain) == len(text)
    assert not STEERING.search(plain)
    plain.encode()


def test_an_answer_looks_as_in_a_chat_with_its_link_spelled_out() -> None:
    source = article("Уран добывают.", url="https://zakon.kz/1")
    reply = render.answer([quote(source, Span(0, 4))])
    assert shown(terminal.styled(reply)) == (
        f"{BOLD}Уран{RESET} добывают.\n"
        "— Zakon.kz · 19 декабря 2025 г.\nО нефти https://zakon.kz/1\n"
    )


def test_several_links_stand_behind_their_own_titles() -> None:
    sources = [article("Уран.", url="https://a.kz/1"), article("Нефть.", url="https://a.kz/2")]
    assert terminal.styled(render.answer([quote(one) for one in sources])).plain == (
        "Уран.\n1. Zakon.kz · 19 декабря 2025 г.\nО нефти https://a.kz/1\n\n"
        "Нефть.\n2. Zakon.kz · 19 декабря 2025 г.\nО нефти https://a.kz/2"
    )


def test_bold_keeps_its_words_behind_a_link() -> None:
    reply = Reply("ссылка уран", (Mark(0, 6, "text_link", "https://a.kz"), Mark(7, 11, "bold")))
    assert shown(terminal.styled(reply)) == f"ссылка https://a.kz {BOLD}уран{RESET}\n"


def test_an_answer_is_underlined() -> None:
    reply = Reply("В 2024 году", (Mark(2, 6, "bold"), Mark(2, 11, "underline")))
    both, under = "\x1b[1;4m", "\x1b[4m"
    assert shown(terminal.styled(reply)) == f"В {both}2024{RESET}{under} году{RESET}\n"


@given(st.text(), st.text(min_size=1), st.text())
def test_no_text_title_or_source_steers_the_terminal(text: str, title: str, source: str) -> None:
    steering = "\x1b[31m\x1b]0;x\x07\x9b2J"
    hostile = article(f"x{text}{steering}", title=title + steering, source=source + steering)
    sent = shown(terminal.styled(render.answer([quote(hostile)])))
    assert not STEERING.search(sent.replace(BOLD, "").replace(RESET, ""))


def table(found: Article, passages: int, *, width: int = 200) -> str:
    return shown(terminal.corpus_table([(found, passages)]), terminal_=False, width=width)


def test_the_table_says_what_was_found_and_how() -> None:
    found = Article(
        "n#3", "n.jsonl", "Уран.", "О нефти", "Trend", PartialDate(2025, 8), line=3,
        origins=Origins("field", "dateline", "sidecar"),
    )  # fmt: skip
    heading, _, row = table(found, 4).strip().split("\n")
    assert re.split(r"\s{2,}", heading.strip()) == [
        "file", "title", "found by", "source", "found by", "date", "found by", "paragraphs",
    ]  # fmt: skip
    assert re.split(r"\s{2,}", row.strip()) == [
        "n.jsonl:3", "О нефти", "field", "Trend", "dateline", "2025-08", "sidecar", "4",
    ]  # fmt: skip


def test_the_table_says_what_is_not_known() -> None:
    row = table(article("Уран.", source=None, date=None), 1).strip().split("\n")[-1]
    assert re.split(r"\s{2,}", row.strip()) == [
        "a.txt", "О нефти", "-", "not known", "-", "not known", "-", "1",
    ]  # fmt: skip


def test_nothing_in_the_table_steers_the_terminal_or_breaks_its_lines() -> None:
    name = "a\x1b[31m\n\r\x9b2J\u2028\ud83d.txt"
    lines = table(article("Уран.", id_=name, title=name, source=name), 1).strip().split("\n")
    assert len(lines) == 3
    assert not STEERING.search("".join(lines))


def test_a_narrow_terminal_folds_the_table_and_loses_nothing() -> None:
    cells = "".join(table(article("Уран.", id_="длинное" * 20 + ".txt"), 1, width=80).split())
    assert cells.count("д") >= 20


def test_a_pipe_gets_whole_lines_without_colours(capsys: pytest.CaptureFixture[str]) -> None:
    out = terminal.console()
    long = "слово " * 2000
    out.print(terminal.styled(Reply(long.strip(), (Mark(0, 5, "bold"),))), soft_wrap=True)
    assert capsys.readouterr().out == f"{long.strip()}\n"


def test_a_table_in_a_pipe_is_not_folded(capsys: pytest.CaptureFixture[str]) -> None:
    found = article("Уран.", id_="длинное" * 30 + ".txt", title="слово " * 30)
    terminal.console().print(terminal.corpus_table([(found, 1)]))
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_progress_in_a_pipe_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Errors are one line on stderr, and a log is no place for a bar."""
    with terminal.progress("indexing") as show:
        show(3, 3)
    assert capsys.readouterr() == ("", "")
