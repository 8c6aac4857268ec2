"""Large corpora like real Russian, made of the sentences of the texts at hand.

    python -m tests.benchmarks.realistic --paragraphs 1000000 --work DIR [--articles jsonl|md]

An article has 8 to 32 paragraphs. It is about two of the real articles, the longer ones chosen more
often: each of its paragraphs takes its sentences from the first of them, one in five from the
second. How many sentences a paragraph has is drawn from the real paragraphs. So frequencies,
lengths and which words stand together are those of the real texts (Wikipedia, mostly: 40 lemmas a
paragraph in the mean, 29 in the middle, 107 at the 95th percentile).

Sentences put together anew have no new words, where real text never ceases to bring them: in the
real texts V lemmas are distinct among n as V = 16 n^0.62 (Heaps). Therefore in every second
sentence that has a name or a number one of those is replaced by a made-up one: about one lemma of
forty. Its rank is Lomax distributed, P(rank > x) = (1 + x / 50,000)^-0.5, a flat head and a tail
like Zipf's. That gives 0.80 million distinct lemmas in a million paragraphs and 2.23 million in
five million, where the law foretells 0.83 and 2.24. What stays unlike real text: the sentences at
hand are 168,000, so each stands some 18 times among a million paragraphs.

The same seed gives the same corpus, in either form: lemmas, a paragraph a line, or a folder of
articles as `doslovno index` reads them. What was made is kept, and made again only for other
texts or another seed.
"""

import argparse
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice, pairwise
from pathlib import Path
from tempfile import gettempdir
from typing import NamedTuple

import numpy as np

from retrieval.analyzer import Analyzer
from tests.benchmarks.sentences import SETS, Sentence, Slot, Texts, questions, texts

SEED = 5
VERSION = 1
"""Raised by one when the same texts and seed give another corpus."""
WORK = Path(gettempdir(), "doslovno-bench")
"""Where corpora are kept unless another folder is named."""
SHORTEST, LONGEST = 8, 32
"""Paragraphs of an article."""
SECOND = 0.2
"""Share of the paragraphs that are about an article's second topic."""
MADE_UP = 0.5
"""Share of the sentences in which a name or a number, if there is one, is replaced."""
PLATEAU, TAIL = 50_000, 0.5
"""Of the ranks of made-up words."""
RAREST = 10**9
AT_ONCE = 500
"""Articles drawn at a time."""
JSONL, MARKDOWN = "jsonl", "md"
FILE_BYTES = 8 << 20
"""Of a .jsonl file; the corpus takes files of up to 10 MB."""
IN_A_FOLDER = 1_000
"""Markdown files."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2025, 12, 31)
SOURCES = 60
QUERIES = 500
"""Drawn ones, besides the questions of the set."""
_SYLLABLES = [consonant + vowel for consonant in "бвгдзклмнпрстфхш" for vowel in "аеиоу"]
_SURNAMES = ("ов", "ин", "ев", "енк")
_CASES = ("", "а", "у", "е")


class Drawn(NamedTuple):
    """A sentence of a corpus: its number among the texts', and what is made up in it."""

    sentence: int
    rank: int
    """Of the made-up word; -1: nothing is made up."""


Paragraph = list[Drawn]


def drawn(material: Texts, paragraphs: int, seed: int = SEED) -> Iterator[list[Paragraph]]:
    """The articles of a corpus of that many paragraphs, one after another without end."""
    chance = np.random.default_rng(seed)
    left = paragraphs
    while left > 0:
        for article in islice(_some(material, chance), AT_ONCE):
            yield article[:left]
            left -= len(article)
            if left <= 0:
                return


def _some(material: Texts, chance: np.random.Generator) -> Iterator[list[Paragraph]]:
    """Draw `AT_ONCE` articles."""
    counts = np.diff(material.bounds)
    sizes = chance.integers(SHORTEST, LONGEST + 1, AT_ONCE)
    about = chance.choice(len(counts), (AT_ONCE, 2), p=counts / counts.sum())
    lengths = chance.choice(material.lengths, sizes.sum())
    second = (chance.random(sizes.sum()) < SECOND).astype(np.int64)
    topics = about[np.repeat(np.arange(AT_ONCE), sizes), second].repeat(lengths)
    numbers = material.bounds[topics] + (chance.random(len(topics)) * counts[topics]).astype(int)
    ranks = np.minimum(chance.pareto(TAIL, len(topics)) * PLATEAU, RAREST).astype(int)
    ranks[chance.random(len(topics)) >= MADE_UP] = -1
    every = [Drawn(*one) for one in zip(numbers.tolist(), ranks.tolist(), strict=True)]
    ends = np.cumsum(lengths).tolist()
    paragraphs = [every[start:stop] for start, stop in pairwise([0, *ends])]
    for start, stop in pairwise([0, *np.cumsum(sizes).tolist()]):
        yield paragraphs[start:stop]


def invented(rank: int) -> str:
    """A surname for each rank, without an ending: at least two syllables and a suffix."""
    syllables = []
    rest = rank + len(_SYLLABLES)
    while rest:
        rest, digit = divmod(rest, len(_SYLLABLES))
        syllables.append(_SYLLABLES[digit])
    return "".join(syllables) + _SURNAMES[rank % len(_SURNAMES)]


def _replaced(sentence: Sentence, rank: int) -> Slot | None:
    """Which of its names and numbers is made up, if any."""
    return sentence.slots[rank % len(sentence.slots)] if rank >= 0 and sentence.slots else None


def lemmas(sentence: Sentence, rank: int) -> tuple[str, ...]:
    """Its lemmas; a made-up surname's is its stem, as the analyzer writes unknown words."""
    if (slot := _replaced(sentence, rank)) is None:
        return sentence.lemmas
    number = sentence.text[slot.start].isdecimal()
    word = str(rank) if number else f"{invented(rank)}-"
    return (*sentence.lemmas[: slot.first], word, *sentence.lemmas[slot.last :])


def wording(sentence: Sentence, rank: int) -> str:
    """Its text; a made-up surname stands in some case form."""
    if (slot := _replaced(sentence, rank)) is None:
        return sentence.text
    number = sentence.text[slot.start].isdecimal()
    ending = _CASES[(rank + slot.start) % len(_CASES)]
    word = str(rank) if number else f"{invented(rank).capitalize()}{ending}"
    return f"{sentence.text[: slot.start]}{word}{sentence.text[slot.stop :]}"


def lemma_lines(material: Texts, paragraphs: int, seed: int = SEED) -> Iterator[str]:
    """The lemmas of each paragraph, spaces between them."""
    joined = [" ".join(sentence.lemmas) for sentence in material.sentences]
    for article in drawn(material, paragraphs, seed):
        for paragraph in article:
            yield " ".join(
                joined[number] if rank < 0 else " ".join(lemmas(material.sentences[number], rank))
                for number, rank in paragraph
            )


def articles(
    material: Texts, paragraphs: int, seed: int = SEED
) -> Iterator[tuple[dict[str, str], str]]:
    """The fields of each article, and its text with blank lines between paragraphs."""
    days = (LAST_DAY - FIRST_DAY).days
    done = 0
    for number, article in enumerate(drawn(material, paragraphs, seed)):
        split = [
            " ".join(wording(material.sentences[one], rank) for one, rank in paragraph)
            for paragraph in article
        ]
        fields = {
            "id": f"a{number}",
            "title": " ".join(split[0].split()[:8]).rstrip(".,:;"),
            "source": f"Издание {invented(number % SOURCES).capitalize()}",
            "date": (FIRST_DAY + timedelta(days=done * days // paragraphs)).isoformat(),
        }
        done += len(article)
        yield fields, "\n\n".join(split)


def lemma_file(work: Path, paragraphs: int, seed: int = SEED, sets: Path = SETS) -> Path:
    """The file of lemmas, `lemmas-N.txt` in the folder `work`; made if it is not there."""
    path = work / f"lemmas-{paragraphs}.txt"

    def write(aside: Path) -> None:
        with aside.open("w", encoding="utf-8") as file:
            file.writelines(
                f"{line}\n" for line in lemma_lines(texts(work, sets), paragraphs, seed)
            )

    return _made(path, [seed, str(sets.resolve())], write)


def query_file(work: Path, seed: int = SEED, sets: Path = SETS) -> Path:
    """The questions of the set as lemmas, then as many lines of 3–8 lemmas as frequent as they are.

    A lemma is drawn as often as it stands in the real texts, and not twice into one line.
    """

    def write(aside: Path) -> None:
        chance = np.random.default_rng(seed)
        every = [lemma for sentence in texts(work, sets).sentences for lemma in sentence.lemmas]
        lines = questions(Analyzer(), sets)
        for _ in range(QUERIES):
            numbers = chance.integers(len(every), size=chance.integers(3, 9)).tolist()
            lines.append([every[number] for number in numbers])
        file = "\n".join(" ".join(dict.fromkeys(line)) for line in lines)
        aside.write_text(f"{file}\n", encoding="utf-8")

    return _made(work / "queries.txt", [seed, QUERIES, str(sets.resolve())], write)


def natural(queries: Sequence[list[str]]) -> int:
    """How many of the lines of `query_file` are people's questions: the first ones."""
    return len(queries) - QUERIES


def article_folder(
    work: Path, paragraphs: int, form: str = JSONL, seed: int = SEED, sets: Path = SETS
) -> Path:
    """The same corpus as a folder of articles; `articles-N`, as Markdown files `markdown-N`."""
    name = "articles" if form == JSONL else "markdown"

    def write(aside: Path) -> None:
        every = articles(texts(work, sets), paragraphs, seed)
        aside.mkdir(exist_ok=True)
        (_write_jsonl if form == JSONL else _write_markdown)(aside, every)

    return _made(work / f"{name}-{paragraphs}", [seed, str(sets.resolve())], write)


def _write_jsonl(folder: Path, every: Iterable[tuple[dict[str, str], str]]) -> None:
    lines: list[bytes] = []
    size = files = 0
    for fields, text in every:
        line = json.dumps({**fields, "text": text}, ensure_ascii=False).encode() + b"\n"
        if size + len(line) > FILE_BYTES:
            (folder / f"{files:04}.jsonl").write_bytes(b"".join(lines))
            lines, size, files = [], 0, files + 1
        lines.append(line)
        size += len(line)
    (folder / f"{files:04}.jsonl").write_bytes(b"".join(lines))


def _write_markdown(folder: Path, every: Iterable[tuple[dict[str, str], str]]) -> None:
    for number, (fields, text) in enumerate(every):
        inside = folder / f"{number // IN_A_FOLDER:04}"
        if number % IN_A_FOLDER == 0:
            inside.mkdir(exist_ok=True)
        head = "".join(
            f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items()
        )
        (inside / f"{fields['id']}.md").write_text(f"---\n{head}---\n\n{text}\n", encoding="utf-8")


def _made(path: Path, parameters: list[str | int], write: Callable[[Path], None]) -> Path:
    """What `write` makes of the parameters, kept beside a note of them."""
    note = path.with_name(f"{path.name}.made")
    wanted = json.dumps([VERSION, *parameters])
    if not (path.exists() and note.exists() and note.read_text(encoding="utf-8") == wanted):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.part")
        _remove(aside)
        write(aside)
        _remove(path)
        aside.rename(path)
        note.write_text(wanted, encoding="utf-8")
    return path


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a corpus of realistic paragraphs.")
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--work", type=Path, default=WORK, help="the folder to keep it in")
    parser.add_argument("--sets", type=Path, default=SETS, help="a folder of test sets")
    parser.add_argument("--articles", choices=[JSONL, MARKDOWN], help="articles, not lemmas")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    size, seed = options.paragraphs, options.seed
    if options.articles:
        print(article_folder(options.work, size, options.articles, seed, options.sets))
    else:
        print(lemma_file(options.work, size, seed, options.sets))
    print(query_file(options.work, seed, options.sets))


if __name__ == "__main__":
    main()
