"""What a question asks for is known from its question words."""

import pytest

from retrieval.analyzer import Analyzer
from retrieval.asking.asks import Asks, asked

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Когда запустили спутник?", Asks.WHEN),
        ("когда запустили спутник", Asks.WHEN),
        ("В каком году построен маяк?", Asks.WHEN),
        ("какого числа выборы", Asks.WHEN),
        ("с какого времени работает метро", Asks.WHEN),
        ("с каких пор работает метро", Asks.WHEN),
        ("в каком веке жил хан", Asks.WHEN),
        ("во сколько начинается матч", Asks.WHEN),
        ("дата запуска спутника", Asks.WHEN),
        ("скажите, когда запустили спутник", Asks.WHEN),
        ("сколько весит кит", Asks.HOW_MANY),
        ("На сколько подорожал хлеб?", Asks.HOW_MANY),
        ("насколько подорожал хлеб", Asks.HOW_MANY),
        ("какова сумма долга", Asks.HOW_MANY),
        ("какая доля женщин в сенате", Asks.HOW_MANY),
        ("какой процент голосов", Asks.HOW_MANY),
        ("численность населения Тараза", Asks.HOW_MANY),
        ("за какое время прошли тоннель", Asks.HOW_MANY),
        ("где добывают соль", Asks.WHERE),
        ("куда ушёл корабль", Asks.WHERE),
        ("откуда везут зерно", Asks.WHERE),
        ("в каком городе открыли музей", Asks.WHERE),
        ("в какой азиатской стране вырос спрос", Asks.WHERE),
        ("кто открыл музей", Asks.WHO),
        ("кого избрали", Asks.WHO),
        ("Кому вручили премию?", Asks.WHO),
        ("чей это проект", Asks.WHO),
        ("как зовут капитана", Asks.WHO),
        ("какой министр ушёл", Asks.WHO),
        ("какая японская компания купила завод", Asks.WHO),
        ("почему закрыли рудник", Asks.WHY),
        ("по какой причине закрыли рудник", Asks.WHY),
        ("кто такой Ким", None),
        ("что такое сухой порт", None),
        ("какой вопрос обсудил министр", None),
        ("что делать, когда идёт дождь", None),
        ("то, где лежит соль", None),
        ("где-то и когда-нибудь, никогда", None),
        ("музей в Таразе", None),
        ("", None),
    ],
)
def test_what_is_asked(question: str, asks: Asks | None) -> None:
    assert asked(question, ANALYZER.tokens(question, any_case=True)) == asks
