"""Markdown that is written is read back as the very same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import fragments, markdown
from bot.fragments import Block
from retrieval.corpus import read_content
from retrieval.formats import Draft, read_markdown
from retrieval.models import Article

HEAD = "---\ntitle: О нефти\n---\n"


def draft_of(text: str) -> Draft:
    (draft,) = read_markdown(text)
    assert isinstance(draft, Draft)
    return draft


def assert_read_back(blocks: fragments.Blocks) -> None:
    text = HEAD + markdown.written(blocks) + "\n"
    draft = draft_of(text)
    assert draft.text == fragments.plain(blocks)
    headings = [draft.text[start:stop] for start, stop in draft.headings]
    assert headings == [block.text for block in blocks if block.heading]
    (found,) = read_content(text.encode(), "a.md")
    assert isinstance(found, Article)
    assert found.text == fragments.plain(blocks)


TRICKY = (
    *("- прямая речь", "-", "-5 градусов", "+ плюс", "* звёздочка", "— тире", "---", "- - -"),
    *("===", "=", "***", "___", "_ _ _", "~~~", "```", "    четыре", "#", "# решётка", "#тег"),
    *("####### семь", "## два ##", "> цитата", ">", "1. первый", "1.", "12) второй", "1.5 млн"),
    *("1234567890. много", "<b>жирный</b>", "<https://a.kz>", "a < b > c", "<!-- нет -->", "<?x?>"),
    *("&amp;", "&#1071;", "&", "&copy", "&nbsp;", "[текст](https://a.kz)", "![рисунок](a.png)"),
    *("[а]: https://a.kz", "[…]", "[1]", "][(](", "*курсив*", "**жирный**", "_курсив_", "__init__"),
    *("snake_case_name", "`код`", "``", "\\", "\\\\", "\\*", "конец\\", "~~зачёркнуто~~", "|a|b|"),
    *("|---|", "http://a.kz/_x_*y*", "^1", "$x$", ":::", "©", "a  b", "\u00a0", "C#", "C #", "\t"),
)


@pytest.mark.parametrize("text", TRICKY)
@pytest.mark.parametrize("shape", ["{}", "Строка\n{}", "{}\nСтрока", "{}\n{}"])
def test_what_looks_like_markup_is_read_back(text: str, shape: str) -> None:
    blocks = fragments.of_text(shape.format(text, text))
    assert_read_back((Block("Начало."), *blocks, Block("Конец.")))
    assert_read_back((*blocks, Block("Конец.")))


@pytest.mark.parametrize("text", TRICKY)
def test_a_heading_is_read_back(text: str) -> None:
    if line := fragments.line(text):
        assert_read_back((Block(line, heading=True), Block("Текст.")))


marks = st.text(st.sampled_from("аb1 \n-+*#>_=~`[](){}<>!&;:.\\/\"'|#"), min_size=1, max_size=40)
pieces = st.one_of(marks, st.sampled_from(TRICKY), st.text(min_size=1, max_size=40))


@given(st.lists(st.tuples(pieces, st.booleans()), min_size=1, max_size=6))
def test_any_text_is_read_back(given_blocks: list[tuple[str, bool]]) -> None:
    blocks: list[Block] = []
    for text, heading in given_blocks:
        if heading:
            blocks += [Block(line, heading=True)] if (line := fragments.line(text)) else []
        else:
            blocks += fragments.of_text(text)
    if blocks:
        assert_read_back(tuple(blocks))


@pytest.mark.parametrize(
    "text",
    [
        "Рост на 5-7%, т.е. «почти» 1.5 млн (см. [1]) — user_name, C#, a & b, 2 < 3.",
        "-5 градусов, #тег, 3.14 и 10)",
        "Ссылка: https://a.kz/b?c=d&e=f",
    ],
)
def test_nothing_is_escaped_without_need(text: str) -> None:
    assert markdown.written((Block(text),)) == text
