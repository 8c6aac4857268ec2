"""What Russian makes words with: endings, first parts of compounds, prefixes of aspect pairs.

From «Русская грамматика» (АН СССР, 1980), словообразование; of each only what leaves a word about
the same thing as a rule.
"""

_STEMS = "а я е и о у ова ева ирова изирова ствова ыва ива ва ну"
_MADE_FROM_VERBS = """
ение ание яние ование евание ирование ывание ивание вание ка овка ировка ба ьба ля
итель атель ительство ительный ательный емость аемость
"""
_OF_THREE = "ный ной овый овой ебный"
_OF_FOUR = """
нный енный онный янный ственный ний ский ской цкий кий ческий ический истический етический ийский
евый евой очный ичный ечный ливый чивый истый альный ональный ционный иционный ационный арный ивный
анский янский енский инский овский евский ейский ологический иологический еский ничий
ость ность нность ивость ливость ство ество ничество чество енство тельство ичество
ник ница енник чик чица щик щица ист истка ер тель ельница тельница ительница ец енец
ийка ианин иянин янин анин янка ианка иянка анка чанин чанка няк ионер
ация изация яция иция ция сия истика олог ология щина изна ыш ье арня
"""
_OF_FIVE = "ор атор ент ант изм ик ика ина ак ура ир ня ач арь"

BARE = frozenset(("", *"аяоеьйиы", "ие", "ия", "ый", "ий", "ой"))
"""Endings of case alone: «порт», «долгий». No word with one is made from another such word."""
VERBAL = frozenset(stem + end for stem in _STEMS.split() for end in ("ть", "ться")) | {"ти", "тись"}
DEVERBAL = frozenset(_MADE_FROM_VERBS.split())
"""Of words made from verbs: what is done, who does it, what it is done with."""
LEAST = {
    **dict.fromkeys(BARE | VERBAL | DEVERBAL, 3),
    **dict.fromkeys(_OF_THREE.split(), 3),
    **dict.fromkeys(_OF_FOUR.split(), 4),
    **dict.fromkeys(_OF_FIVE.split(), 5),
}
"""The endings, each with how many letters a root before it must have at the least."""

_ABOUT_ANYTHING = """
противо анти био водо газо гидро зерно лесо между много нефте нефтегазо сельско тепло хлебо
электро энерго гидроэлектро теплоэлектро безъ без бес
"""
_ABOUT_LONGER = """
авиа авто агро вело вице видео гос евро кибер контр корона макро микро мини мото не обще псевдо
радио разно само сверх спец супер теле трудо турбо ультра фото
"""
_OF_ADJECTIVES = "пред пост вне внутри меж после до транс около при за под над"
COMPOUND = {
    **dict.fromkeys(_ABOUT_ANYTHING.split(), 3),
    **dict.fromkeys(_ABOUT_LONGER.split(), 4),
}
"""First parts that leave a word what it is about, each with how many letters the root behind it
must have."""
ADJECTIVAL = dict.fromkeys(_OF_ADJECTIVES.split(), 4)
"""The same for adjectives only: «приграничный», but «транспорт» is no «порт»."""

_THING_FORMS = "газо водо нефте энерго электро тепло зерно лесо хлебо"
_THING_STEMS = "баз канал комплекс носител продукт ресурс сет систем стан хоз эконом"
_ACT_STEMS = """
добы заготов обеспеч отвед очист перераб потреб польз пров пром сбереж снаб торг транс хран эффект
"""
FIRST = frozenset(_THING_FORMS.split())
"""First parts that are roots of nouns themselves, but for the vowel."""
ACTS = tuple(_ACT_STEMS.split())
"""What is done with the thing that such a word begins with: «водопровод» is about water, and not
about «проводить»."""
SECOND = (*_THING_STEMS.split(), *ACTS)
"""What follows where the first part says what the word is about: «водород» is not about water."""

_PERFECTIVE_LONG = "вы за из ис на о об от при про раз рас с у"
ASPECT = {"по": 4, **dict.fromkeys(_PERFECTIVE_LONG.split(), 6)}
"""Prefixes that may do no more than make a verb perfective, by the least length of the root."""
_PAIRS = """
куп: по за; стро: по за; рост: вы; леч: вы; плат: за о у вы; корм: на; лом: с; дел: с; вар: с;
тон: за у; крас: по о; печат: на; рисов: на; лов: вы; мер: из; чист: о вы; гор: с за; сох: за вы;
бур: про; слуш: по; жен: по
"""
PERFECTIVE = {
    root: frozenset(prefixes.split())
    for root, _, prefixes in (pair.strip().partition(":") for pair in _PAIRS.split(";"))
}
"""Shorter roots of verbs with the prefixes that do so."""
