"""What the delivery benchmark counts: arrivals, repeats and their causes, the rate."""

from tests.benchmarks.arrivals import Delivery, Repeat, Sending

TITLES = ("Медь", "Мост")
BOTH = "Новое: Медь, Мост"


def sent(chat: int, time: float, text: str | None = BOTH, code: int = 200) -> Sending:
    return Sending(chat, time, code, text)


def test_what_the_journal_says_of_a_call() -> None:
    call = {"chat_id": 1, "time": 2.0, "code": 0, "result": {"text": "Медь"}}
    assert Sending.from_call(call) == Sending(1, 2.0, 0, "Медь")
    assert Sending.from_call(call | {"result": None}) == Sending(1, 2.0, 0, None)


def test_articles_are_missing_where_nothing_or_too_little_arrived() -> None:
    sendings = [sent(1, 0), sent(2, 1, "Медь"), sent(3, 2, None, 429)]
    assert Delivery(sendings, TITLES).missing([1, 2, 3]) == 0 + 1 + 2


def test_a_digest_in_two_messages_is_no_repeat() -> None:
    assert Delivery([sent(1, 0, "Медь"), sent(1, 1, "Мост")], TITLES).repeats() == []


def test_a_repeat_has_the_cause_that_lies_between() -> None:
    first = [sent(1, 0), sent(2, 1, code=0), sent(3, 2), sent(4, 3)]
    again = [sent(4, 4), sent(1, 15), sent(2, 16), sent(3, 25)]
    repeats = Delivery([*first, *again], TITLES, kills=(10, 20)).repeats()
    assert repeats == [Repeat(4, "?"), Repeat(1, 1), Repeat(2, "lost"), Repeat(3, 2)]


def test_what_did_not_arrive_repeats_nothing() -> None:
    sendings = [sent(1, 0, None, 0), sent(1, 1, None, 429), sent(1, 2)]
    delivery = Delivery(sendings, TITLES)
    assert delivery.repeats() == []
    assert delivery.codes() == {"dropped before": 1, "429": 1, "200": 1}


def test_the_rate_leaves_pauses_out() -> None:
    times = [*(n / 8 for n in range(9)), *(20 + n / 8 for n in range(9))]
    delivery = Delivery([sent(n, time) for n, time in enumerate(times)], TITLES)
    assert (delivery.rate(), delivery.busiest_second(), delivery.seconds()) == (8, 8, 21)


def test_the_least_gap_is_within_a_chat() -> None:
    sendings = [sent(1, 0), sent(2, 0.1), sent(1, 1.5), sent(2, 3)]
    assert Delivery(sendings, TITLES).smallest_gap() == 1.5
    assert Delivery(sendings[:2], TITLES).smallest_gap() == float("inf")


def test_a_delivery_of_nothing_has_no_figures() -> None:
    nothing = Delivery([], TITLES)
    assert (nothing.rate(), nothing.busiest_second(), nothing.seconds()) == (0, 0, 0)
