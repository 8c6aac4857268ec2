"""Names of news media: how a publisher is recognised, and who is only ever quoted in Russian."""

import re

DOMAIN = (
    r"[A-Za-zА-Яа-яЁё0-9][\w-]*(?:\.[A-Za-z0-9-]+)*"
    r"\.(?!(?:pdf|html?|txt|docx?)\b)(?:[A-Za-z]{2,6}|рф|ру|қаз)\b"
)
"""A name that is a web address: «Zakon.kz», «SHYNDYK.KZ», «Газета.Ru»."""

_KNOWN = """
Kazinform, Sputnik, Sputnik Казахстан, Tengrinews.kz, Trend, Zakon.kz, Азаттык, АиФ, Би-би-си,
Ведомости, Власть, Время, Деловой Казахстан, Известия, Интерфакс, Интерфакс-Казахстан, КазТАГ,
Казинформ, Казахстанская правда, Капитал, Коммерсант, Коммерсантъ, Комсомольская правда, Курсив,
Литер, МИР 24, Медиазона, Московский комсомолец, Новая газета, Новости-Казахстан, Первый канал, РБК,
РИА Новости, Регнум, Российская газета, Россия 24, Росбалт, Спутник Казахстан, ТАСС, Фергана, Хабар,
Хабар 24, Экспресс К
"""
_CANONICAL = {name.casefold(): name for name in " ".join(_KNOWN.split()).split(", ")}

_FOREIGN = """
abc, afp, al jazeera, al-jazeera, anadolu, ap, asahi, associated press, axios, bbc, bild, bloomberg,
cbs, cctv, cnn, daily mail, diplomat, dw, economist, euronews, facebook, faz, financial times,
flyteam, foreign policy, forbes, fox news, ft, global times, guardian, instagram, japan times, jiji,
kyodo, kyodo news, le figaro, le monde, mainichi, nbc, new york times, newsweek, nhk, nikkei,
nikkei asia, nyt, people's daily, politico, reuters, sankei, scmp, south china morning post,
spiegel, telegram, telegraph, times, twitter, wall street journal, washington post, welt, wsj, x,
xinhua, yahoo, yahoo japan, yomiuri, yonhap, youtube, ассошиэйтед пресс, асахи, блумберг, ёнхап,
жэньминь жибао, иомиури, киодо, майнити, никкей, рейтер, рёнхап, санкэй, синьхуа, франс пресс
"""
_QUOTED = frozenset(" ".join(_FOREIGN.split()).split(", "))


def is_foreign(name: str) -> bool:
    """Whether it publishes in other languages: a Russian article quotes it, and is not its own.

    Of a web address, the name before the dot counts, unless the address is of a country where
    Russian is read («Forbes.kz»).
    """
    bare = bare_name(name).casefold().removeprefix("the ")
    stem, dot, zone = bare.rpartition(".")
    return bare in _QUOTED or bool(dot and zone not in {"kz", "ru", "kg", "uz"} and stem in _QUOTED)


def is_domain(name: str) -> bool:
    """Whether the name is a web address."""
    return bool(re.fullmatch(DOMAIN, name))


def is_known(name: str) -> bool:
    """Whether it is a known medium in Russian."""
    return bare_name(name).casefold() in _CANONICAL


def is_likely(name: str) -> bool:
    """Whether a capitalised name in a place for agencies is one: known, Latin, or like «КазТАГ»."""
    bare = bare_name(name)
    written = re.fullmatch(r"[A-Za-z][A-Za-z0-9 .-]*|.*[а-яё][А-ЯЁ].*", bare)
    return bool(written) or is_known(bare) or is_foreign(bare) or is_domain(bare)


def canonical(name: str) -> str:
    """The name as it is shown: a known medium's own spelling, else as written, without quotes."""
    bare = bare_name(name)
    return _CANONICAL.get(bare.casefold(), bare)


def bare_name(name: str) -> str:
    """The name without quotes and punctuation around it."""
    return " ".join(name.strip("«»“”„\"' .,:–—-").split())
