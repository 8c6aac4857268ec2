"""Interviews: which paragraphs are the interviewer's questions."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import zip_longest

_DASH = re.compile(r"[-–—]\s+")
_ANSWERS = re.compile(r"(?:Ответ|О\.?)\s*:\s*(?=\S)")
_ASKS = re.compile(
    r"(?:[-–—]\s+)?(?:Вопрос|Корр(?:\.|еспондент)?|Журналист|Ведущ(?:ий|ая)|Интервьюер)\.?\s*:\s*\S",
    re.I,
)
_SPEAKER = re.compile(r"([A-ZА-ЯЁ][^:.!?\n]{1,40}):\s+\S")
_REQUEST = re.compile(
    r"(?:^|[.!?…]\s+|,\s+)(?:скажите|расскажите|поясните|объясните|назовите|поделитесь|опишите|уточните"
    r"|прокомментируйте|оцените|напомните|приведите|давайте)\b",
    re.IGNORECASE,
)
_LONGEST = 700


def questions(texts: Sequence[str]) -> set[int]:
    """Which of these paragraphs, in order, are an interviewer's questions.

    They are known by a label («Корр.: …»), by a speaker who mostly asks, by dashes that take turns,
    or, in an interview without marks, by paragraphs that end with a question mark.
    """
    labelled = {index for index, text in enumerate(texts) if _ASKS.match(text)}
    marked = labelled | _by_speaker(texts) | _by_turns(texts)
    return marked or _unmarked(texts)


def opening(text: str) -> int:
    """How many characters of a turn stand before what is said: «- », «— », «Ответ: »."""
    match = _DASH.match(text)
    start = match.end() if match else 0
    answer = _ANSWERS.match(text, start)
    return answer.end() if answer else start


def asks(text: str) -> bool:
    """Whether a turn ends by asking, or requests to be told something."""
    bare = text.rstrip("»”\"') ")
    start = opening(text)
    return len(text) <= _LONGEST and (bare.endswith("?") or bool(_REQUEST.search(text[start:])))


def _by_speaker(texts: Sequence[str]) -> set[int]:
    """Turns of the speakers («Айгуль: …») who ask in at least half of two turns or more."""
    turns: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(texts):
        if match := _SPEAKER.match(text):
            turns[match[1]].append(index)
    speakers = [said for said in turns.values() if len(said) > 1]
    asking = [said for said in speakers if 2 * sum(asks(texts[turn]) for turn in said) >= len(said)]
    return {index for said in asking for index in said} if len(asking) < len(turns) else set()


def _by_turns(texts: Sequence[str]) -> set[int]:
    """Questions among the paragraphs that begin with a dash."""
    turns = [index for index, text in enumerate(texts) if _DASH.match(text)]
    asking = [turn for turn in turns if asks(texts[turn])]
    dashes = {texts[turn][0] for turn in asking} if len(asking) > 1 else set()
    found: set[int] = set()
    for turn, following in zip_longest(turns, turns[1:]):
        may_prompt = texts[turn][0] in dashes and turn + 1 == following
        prompts = may_prompt and _prompts(texts[turn], texts[following])
        if turn - 1 not in found and (turn in asking or prompts):
            found.add(turn)
    return found - {len(texts) - 1}


def _prompts(text: str, reply: str) -> bool:
    """A remark of the interviewer that does not end by asking, and the turn that answers it.

    Either it asks in an earlier sentence, or it is short and the reply is longer. Its dash is the
    one that questions begin with; the items of a list in an answer mostly have another.
    """
    said = text[opening(text) :]
    if not said.endswith(".") or asks(reply) or len(said) > _LONGEST:
        return False
    remark = len(said) <= 300 and said[0].isupper() and reply.endswith(".")
    return "? " in said or (remark and len(reply) > len(text))


def _unmarked(texts: Sequence[str]) -> set[int]:
    """Paragraphs that end with a question mark, if there are two or more and each is answered."""
    asking = {index for index, text in enumerate(texts) if text.endswith("?") and len(text) <= 400}
    answered = {index for index in asking if index + 1 < len(texts) and index + 1 not in asking}
    return answered if len(answered) >= 2 else set()
