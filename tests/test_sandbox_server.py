"""The sandbox as a server: faults, the journal, who may call, starting and stopping."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from bot.sandbox.pictures import SMILE
from bot.sandbox.server import Sandbox, serve
from bot.sandbox.state import State
from bot.sandbox.world import ANNA, BORIS, GROUP, SANDBOX_TOKEN
from tests.sandbox_client import SandboxClient
from tests.sandbox_rig import Json, Rig, running


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A sandbox where Anna has written to the bot."""
    async with running() as rig:
        await rig.people.say(ANNA.id, "привет")
        yield rig


async def test_a_flood_is_answered_429_so_many_times(rig: Rig) -> None:
    await rig.people.fault("sendMESSAGE", times=2, error_code=429, retry_after=7)
    for _ in range(2):
        reply = await rig.bot.call("sendMessage", chat_id=ANNA.id, text="а")
        assert reply["error_code"] == 429
        assert reply["parameters"] == {"retry_after": 7}
        assert reply["description"] == "Too Many Requests: retry after 7"
    await rig.bot.result("sendMessage", chat_id=ANNA.id, text="а")


@pytest.mark.parametrize(
    ("fault", "code", "description"),
    [
        ({"error_code": 500}, 500, "Internal Server Error"),
        ({"error_code": 502}, 502, "Bad Gateway"),
        ({"error_code": 400, "description": "Bad Request: так"}, 400, "Bad Request: так"),
    ],
)
async def test_errors_on_demand(rig: Rig, fault: Json, code: int, description: str) -> None:
    await rig.people.fault(**fault)
    reply = await rig.bot.call("getMe")
    assert (reply["error_code"], reply["description"]) == (code, description)


@pytest.mark.parametrize(("drop", "messages"), [("before", 1), ("after", 2)])
async def test_connections_dropped_on_demand(rig: Rig, drop: str, messages: int) -> None:
    await rig.people.fault("sendMessage", drop=drop)
    with pytest.raises(httpx.RemoteProtocolError):
        await rig.bot.call("sendMessage", chat_id=ANNA.id, text="а")
    assert len(await rig.people.messages(ANNA.id)) == messages
    (call,) = await rig.people.calls("sendMessage")
    assert (call["code"], call["result"] is not None) == (0, drop == "after")


async def test_what_a_bot_asked_for_is_done_even_if_it_hangs_up(rig: Rig) -> None:
    await rig.people.fault("sendMessage", delay=0.2)
    number = (await rig.people.events())[-1]["number"]
    with pytest.raises(httpx.ReadTimeout):
        await rig.people.http.get(
            f"/bot{SANDBOX_TOKEN}/sendMessage",
            params={"chat_id": ANNA.id, "text": "а"},
            timeout=0.05,
        )
    assert (await rig.people.events(number, wait=5))[0]["message"]["text"] == "а"


async def test_delays_and_other_methods(rig: Rig) -> None:
    await rig.people.fault("getMe", delay=60)
    await rig.bot.result("getWebhookInfo")
    with pytest.raises(httpx.ReadTimeout):
        await rig.people.http.get(f"/bot{SANDBOX_TOKEN}/getMe", timeout=0.1)
    await rig.people.fault("getMe", delay=0.01, times=3)
    await rig.bot.result("getMe")
    (fault,) = await rig.people.ask("GET", "faults")
    assert (fault["method"], fault["times"]) == ("getMe", 2)
    await rig.people.clear_faults()
    assert await rig.people.ask("GET", "faults") == []


async def answers(rig: Rig, calls: int) -> list[bool]:
    """Whether each of so many calls was answered as it should be."""
    return [(await rig.bot.call("getMe"))["ok"] for _ in range(calls)]


async def test_a_share_of_the_calls_fails_until_it_is_switched_off(rig: Rig) -> None:
    await rig.people.fault("getMe", error_code=500, share=0.3, seed=1)
    failed = (await answers(rig, 200)).count(False)
    assert 40 <= failed <= 80
    await rig.people.clear_faults()
    assert all(await answers(rig, 20))


async def test_the_same_seed_hits_the_same_calls(rig: Rig) -> None:
    runs = []
    for seed in (1, 1, 2):
        await rig.people.fault("getMe", error_code=500, share=0.5, seed=seed)
        runs.append(await answers(rig, 50))
        await rig.people.clear_faults()
    assert runs[0] == runs[1] != runs[2]


async def test_of_a_share_no_more_than_its_times_are_hit(rig: Rig) -> None:
    await rig.people.fault("getMe", error_code=500, share=1, times=2)
    assert await answers(rig, 4) == [False, False, True, True]


async def test_faults_that_are_on_together_all_have_their_chance(rig: Rig) -> None:
    for code, share in ((500, 0.2), (502, 0.2), (503, 0)):
        await rig.people.fault("getMe", error_code=code, share=share, seed=code)
    codes = [(await rig.bot.call("getMe")).get("error_code") for _ in range(200)]
    assert 20 <= codes.count(500) <= 60
    assert 20 <= codes.count(502) <= 60
    assert codes.count(503) == 0


async def test_a_fault_for_one_chat_leaves_others_alone(rig: Rig) -> None:
    blocked = "Forbidden: user is deactivated"
    await rig.people.fault(chat=ANNA.id, share=1, error_code=403, description=blocked)
    for _ in range(2):
        assert await rig.bot.error("sendMessage", chat_id=ANNA.id, text="а") == blocked
    await rig.bot.result("sendMessage", chat_id=GROUP.id, text="а")


async def test_a_moved_group_on_demand(rig: Rig) -> None:
    await rig.people.fault("sendMessage", migrate_to_chat_id=-1009)
    reply = await rig.bot.call("sendMessage", chat_id=GROUP.id, text="а")
    assert (reply["error_code"], reply["parameters"]) == (400, {"migrate_to_chat_id": -1009})


@pytest.mark.parametrize(
    ("fault", "description"),
    [
        ({"retries": 1}, "a fault has no retries"),
        ({"drop": "sometimes"}, "drop is before or after"),
        ({"error_code": 200}, "error_code is an HTTP status from 400 to 599"),
        ({"delay": "long"}, "delay is a number of seconds, at most 600"),
        ({"delay": -1}, "delay is a number of seconds, at most 600"),
        ({"delay": "nan"}, "delay is a number of seconds, at most 600"),
        ({"times": 0}, "times is 1 or more"),
        ({"share": 1.1}, "share is a part from 0 to 1"),
        ({"share": "some"}, "share is a part from 0 to 1"),
    ],
)
async def test_faults_that_mean_nothing(rig: Rig, fault: Json, description: str) -> None:
    reply = await rig.people.http.post("/sandbox/faults", json=fault)
    assert reply.json()["description"] == f"Bad Request: {description}"


async def test_the_journal(rig: Rig) -> None:
    await rig.bot.result("getMe")
    await rig.bot.error("sendMessage", chat_id=ANNA.id)
    await rig.bot.upload("sendPhoto", {"chat_id": ANNA.id}, photo=("a.png", SMILE))
    first, second, third = await rig.people.calls()
    assert (first["method"], first["code"], first["result"]["is_bot"]) == ("getMe", 200, True)
    assert second["params"] == {"chat_id": str(ANNA.id)}
    assert (second["code"], second["description"]) == (400, "Bad Request: message text is empty")
    assert third["params"]["photo"] == {"file_name": "a.png", "size": len(SMILE)}
    waiting = asyncio.create_task(rig.people.calls("GETme", after=third["number"], wait=30))
    await rig.bot.result("getMe")
    assert len(await asyncio.wait_for(waiting, 5)) == 1


async def test_the_journal_says_when_a_call_was_answered_and_for_which_chat(rig: Rig) -> None:
    before = time.time()
    await rig.bot.result("sendMessage", chat_id=ANNA.id, text="а")
    await rig.bot.error("sendMessage", chat_id="@anna", text="а")
    await rig.bot.result("getMe")
    calls = await rig.people.calls()
    assert [call["chat_id"] for call in calls] == [ANNA.id, None, None]
    times = [before, *(call["time"] for call in calls), time.time()]
    assert times == sorted(times)


async def test_the_journal_is_read_in_parts_and_keeps_as_much_as_it_is_told(rig: Rig) -> None:
    await answers(rig, 5)
    part = await rig.people.calls("getMe", after=1, limit=2)
    assert [call["number"] for call in part] == [2, 3]
    await rig.people.keep_calls(2)
    await answers(rig, 1)
    assert [call["number"] for call in await rig.people.calls()] == [5, 6]
    reply = await rig.people.http.post("/sandbox/calls", json={"kept": 0})
    assert reply.json()["description"] == "Bad Request: kept is 1 or more"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "[::1]:80"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost", "Origin": "http://localhost"}, 200),
        ({"Host": "localhost:1", "Origin": "http://localhost:2"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
@pytest.mark.parametrize("path", [f"bot{SANDBOX_TOKEN}/getMe", "sandbox/users"])
async def test_who_may_call(rig: Rig, path: str, headers: dict[str, str], code: int) -> None:
    reply = await rig.people.http.get(f"/{path}", headers=headers)
    assert reply.status_code == code
    assert reply.json()["ok"] is (code == 200)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 200),
        ({"Host": "evil.example"}, 403),
    ],
)
async def test_who_may_open_the_page(rig: Rig, headers: dict[str, str], code: int) -> None:
    reply = await rig.people.http.get("/", headers=headers)
    assert reply.status_code == code
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/", 200),
        ("/app.js", 200),
        ("/nothing.js", 404),
        ("/../server.py", 404),
        ("/%2e%2e/server.py", 403),
        ("/sandbox/nothing", 404),
        ("/sandbox/files/nothing", 404),
    ],
)
async def test_what_is_served(rig: Rig, path: str, code: int) -> None:
    reply = await rig.people.http.get(path)
    assert reply.status_code == code
    assert "def " not in reply.text


async def test_only_pictures_open_in_the_browser(rig: Rig) -> None:
    page = b"<script>alert(1)</script>"
    said = await rig.people.say(ANNA.id, files={"document": ("a.html", page)})
    reply = await rig.people.http.get(f"/sandbox/files/{said.json['document']['file_id']}")
    assert reply.content == page
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert reply.headers["Content-Disposition"] == "attachment"
    said = await rig.people.say(ANNA.id, files={"photo": ("a.png", SMILE)})
    reply = await rig.people.http.get(f"/sandbox/files/{said.json['photo'][0]['file_id']}")
    assert reply.headers["Content-Type"] == "image/png"
    assert "Content-Disposition" not in reply.headers


def live(rig: Rig, user: int, after: int, run: str, **headers: str) -> HTTPRequest:
    url = rig.sandbox.url.replace("http", "ws")
    return HTTPRequest(f"{url}/sandbox/live?user={user}&after={after}&run={run}", headers=headers)


@asynccontextmanager
async def listening(
    rig: Rig, user: int, after: int, run: str
) -> AsyncIterator[WebSocketClientConnection]:
    """An open page's websocket."""
    page = await websocket_connect(live(rig, user, after, run))
    try:
        yield page
    finally:
        page.close()
        while page.protocol and await asyncio.wait_for(page.read_message(), 5) is not None:
            continue


async def heard(page: WebSocketClientConnection) -> Json:
    said = await asyncio.wait_for(page.read_message(), 5)
    assert isinstance(said, str)
    event: Json = json.loads(said)
    return event


async def test_a_page_hears_what_its_person_sees(rig: Rig) -> None:
    now = await rig.people.ask("GET", "snapshot", params={"user": ANNA.id})
    async with listening(rig, ANNA.id, now["number"], now["run"]) as page:
        await rig.people.say(BORIS.id, "тайна")
        await rig.people.say(BORIS.id, "всем", GROUP.id)
        event = await heard(page)
    assert (event["kind"], event["message"]["text"]) == ("message", "всем")


@pytest.mark.parametrize(("after", "run"), [(0, "another"), (10**6, "")])
async def test_a_page_of_another_run_is_stale(rig: Rig, after: int, run: str) -> None:
    async with listening(rig, ANNA.id, after, run or rig.sandbox.state.run) as page:
        assert await heard(page) == {"kind": "stale"}


async def test_a_page_of_another_site_hears_nothing(rig: Rig) -> None:
    request = live(rig, ANNA.id, 0, "", Origin="https://evil.example")
    with pytest.raises(Exception, match="403"):
        await websocket_connect(request)


async def test_it_stops_while_a_bot_waits_and_a_page_listens() -> None:
    async with running() as rig:
        poll = asyncio.create_task(rig.bot.call("getUpdates", timeout=50))
        async with listening(rig, ANNA.id, 0, rig.sandbox.state.run) as page:
            assert (await heard(page))["kind"] == "bot"
            await asyncio.wait_for(rig.sandbox.stop(), 5)
            assert await asyncio.wait_for(page.read_message(), 5) is None
        with pytest.raises(httpx.RemoteProtocolError):
            await poll
        with pytest.raises(httpx.ConnectError):
            await rig.bot.call("getMe")


async def test_serve_runs_until_told_to_stop() -> None:
    stop, started = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve("127.0.0.1", 0, started=started.set_result, stop=stop))
    sandbox: Sandbox = await asyncio.wait_for(started, 5)
    async with SandboxClient(sandbox.url) as people:
        assert len(await people.ask("GET", "users")) == 3
    stop.set()
    await asyncio.wait_for(serving, 5)


async def test_a_taken_port_is_an_os_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="already in use"):
            await serve("127.0.0.1", taken.getsockname()[1])


async def test_another_token() -> None:
    async with running(State(token="77:abc")) as rig:
        assert (await rig.bot.result("getMe"))["id"] == 77
        reply = await rig.people.http.get(f"/bot{SANDBOX_TOKEN}/getMe")
        assert reply.status_code == 401
