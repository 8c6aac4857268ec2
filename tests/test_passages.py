"""Articles to passages: what is quoted, under which head, after which question."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analyzer import Analyzer
from retrieval.corpus import read
from retrieval.litter import is_litter
from retrieval.metadata import detect
from retrieval.models import Article, Passage, Span
from retrieval.passages import LONGEST, split

ANALYZER = Analyzer()
SEEDS = read(Path(__file__).parent.parent / "data" / "articles").articles


def article(text: str, headings: tuple[Span, ...] = ()) -> Article:
    head = detect(text)
    return Article("a.txt", "a.txt", text, head.title, body=head.body, headings=headings)


def passages(text: str) -> tuple[Passage, ...]:
    return split(article(text), ANALYZER)


def under(passage: Passage, span: Span | None) -> str:
    return passage.article.text[span.start : span.stop] if span else ""


SECTIONS = [
    [
        "Теплый прием в Императорском дворце",
        "Переговоры с премьер-министром: новая страница партнерства",
        "Прорывные инициативы в сфере ИИ и связи",
        'Саммит "Центральная Азия + Япония": роль Казахстана как регионального лидера',
        "Общая оценка японских СМИ",
    ],
    [],
    [],
    [
        "01 Эволюция механизма «Центральная Азия + Япония»",
        "02 Стратегические соображения в геополитическом контексте",
        "03 Многогранная и сбалансированная дипломатия Казахстана",
        "04 Перспективы экономического и энергетического сотрудничества",
        "05 Казахстанско-японские отношения на международной арене",
    ],
    [
        "Япония, Центральная Азия и визит Токаева",
        "Геополитический контекст: визит в «чувствительный момент».",
        "Прагматизм вместо острых углов",
        "Экономика без иллюзий: дисбаланс и ожидания",
        "Совпадение интересов: ресурсы, технологии и стандарты",
        "Многовекторность и вопрос результата",
    ],
]
COUNTS = [15, 16, 10, 32, 23]


@pytest.mark.parametrize(("seed", "sections"), list(zip(SEEDS, SECTIONS, strict=True)))
def test_section_heads_of_the_seeds(seed: Article, sections: list[str]) -> None:
    found = [under(p, p.section) for p in split(seed, ANALYZER) if p.section]
    assert list(dict.fromkeys(found)) == sections


@pytest.mark.parametrize(("seed", "count"), list(zip(SEEDS, COUNTS, strict=True)))
def test_the_seeds_are_quoted_paragraph_by_paragraph(seed: Article, count: int) -> None:
    found = split(seed, ANALYZER)
    assert len(found) == count
    assert not any(is_litter(passage.text) for passage in found)
    assert not any(passage.text.startswith(("- ", "Комментарии", "Фото:")) for passage in found)


def test_questions_of_the_interview() -> None:
    found = [(under(p, p.question), p.text) for p in split(SEEDS[1], ANALYZER) if p.question]
    asked = list(dict.fromkeys(question for question, _ in found))
    beginnings = [
        "Ольга Алексеевна, ",
        "Какие ключевые ",
        "В программе ",
        "Япония стала ",
        "В ходе ",
    ]
    assert [question.startswith(begin) for question, begin in zip(asked, beginnings, strict=True)]
    assert all(question.endswith("?") for question in asked)
    assert found[0][1].startswith("Аудиенция у императора")
    assert [question for question, _ in found].count(asked[1]) == 5


def test_heads_from_markup_are_heads_whatever_they_look_like() -> None:
    text = "Это заголовок, хотя он похож на предложение.\n\nТокио принял гостей."
    (passage,) = split(article(text, (Span(0, 44),)), ANALYZER)
    assert passage.section == Span(0, 44)
    assert passage.text == "Токио принял гостей."


def test_a_long_paragraph_is_cut_between_sentences_into_like_parts() -> None:
    sentence = "Стороны обсудили энергетику, торговлю и водные ресурсы всего региона."
    found = passages(" ".join([sentence] * 40))
    sizes = [len(passage.text) for passage in found]
    assert len(found) == 3
    assert max(sizes) <= LONGEST
    assert max(sizes) - min(sizes) <= 2 * len(sentence)
    assert all(passage.text.endswith(".") for passage in found)


def test_a_sentence_is_never_cut() -> None:
    sentence = "Стороны обсудили " + ", ".join(["энергетику"] * 300) + "."
    assert [passage.text for passage in passages(sentence)] == [sentence]


PARTS = st.sampled_from(
    [
        *("Токио принял гостей.", "Раздел", "— Как?", "— Хорошо.", "Фото: Акорда", "Комментарии"),
        *(
            "Корр.: Да?",
            "Ответ: ",
            "- ",
            "—",
            "1)",
            "01 ",
            "«",
            "И. Ким: а",
            "Читайте также:",
            "***",
        ),
        *("Очень длинное предложение идёт. " * 50, "Ответ:", "«Да», — сказал он.", "Почему так?"),
    ]
)


@given(st.lists(PARTS | st.text(max_size=30), max_size=14), st.sampled_from(["\n", "\n\n", " "]))
def test_passages_are_slices_in_order_inside_the_body(parts: list[str], separator: str) -> None:
    whole = article(separator.join(parts))
    found = split(whole, ANALYZER)
    for passage in found:
        assert whole.body <= passage.start < passage.stop <= len(whole.text)
        assert passage.text == whole.text[passage.start : passage.stop] == passage.text.strip()
        assert all(
            span.stop <= passage.start for span in (passage.section, passage.question) if span
        )
    assert all(one.stop <= other.start for one, other in pairwise(found))
