"""Requests over aiohttp against a server that answers, is late, hangs up, or is not there."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from telegram.error import BadRequest, NetworkError, TimedOut
from telegram.ext import ExtBot

from bot.request import DirectRequest, same

SENT = {
    "message_id": 5,
    "date": 0,
    "chat": {"id": 1, "type": "private"},
    "text": "уран",
    "entities": [{"type": "bold", "offset": 0, "length": 4}],
    "reply_to_message": {"message_id": 4, "date": 0, "chat": {"id": 1, "type": "private"}},
}
TIMEOUT = httpx.Timeout(5, read=5, pool=5)

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def reply(code: int, **content: Any) -> bytes:
    body = json.dumps(content).encode()
    return b"HTTP/1.1 %d Said\r\nContent-Length: %d\r\n\r\n%b" % (code, len(body), body)


TAKEN = reply(200, ok=True, result=SENT)


def say(text: bytes) -> Answer:
    """Answer so and hang up."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(text)

    return answer


async def wait(_writer: asyncio.StreamWriter) -> None:
    """Say nothing till the end of the test."""
    await asyncio.Event().wait()


async def reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection off as a network does, with no goodbye."""
    own: socket.socket = writer.get_extra_info("socket")
    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass
class Server:
    """A server that answers as it is told, and what it was asked."""

    answer: Answer = field(default_factory=lambda: say(TAKEN))
    url: str = ""
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(line for line in head.lower().split("\r\n") if line.startswith("content-len"))
        self.heads.append(head)
        self.bodies.append(await reader.readexactly(int(length.split(":")[1])))
        try:
            await self.answer(writer)
        finally:
            writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    told, serving = Server(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.ensure_future(told.serve(reader, writer)))

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    told.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    yield told
    listening.close()
    for task in serving:
        task.cancel()
    await asyncio.gather(*serving, return_exceptions=True)


@asynccontextmanager
async def bot_at(url: str, waits: httpx.Timeout = TIMEOUT) -> AsyncIterator[ExtBot[None]]:
    """A bot whose calls go there."""
    request = DirectRequest(4, waits)
    await request.initialize()
    try:
        yield ExtBot("1:token", f"{url}/bot", request=request)
    finally:
        await request.shutdown()


async def test_a_call_arrives_as_json_and_its_answer_is_read(server: Server) -> None:
    async with bot_at(server.url) as bot:
        message = await bot.send_message(1, "уран", api_kwargs={"entities": [{"type": "bold"}]})
    (head,) = server.heads
    assert head.startswith("POST /bot1:token/sendMessage HTTP/1.1\r\n")
    assert "content-type: application/json\r\n" in head.lower()
    assert json.loads(server.bodies[0]) == {
        "chat_id": "1",
        "text": "уран",
        "entities": '[{"type": "bold"}]',
    }
    assert (message.chat_id, message.message_id, message.text) == (1, 5, "уран")


async def test_nobody_reads_what_was_sent_along(server: Server) -> None:
    async with bot_at(server.url) as bot:
        message = await bot.send_message(1, "уран")
    assert message.entities == ()
    assert message.reply_to_message is None


async def test_a_refusal_is_the_librarys_error(server: Server) -> None:
    server.answer = say(reply(400, ok=False, error_code=400, description="Bad Request: no"))
    async with bot_at(server.url) as bot:
        with pytest.raises(BadRequest, match="No"):
            await bot.send_message(1, "уран")


@pytest.mark.parametrize(
    ("answer", "raised", "cause"),
    [
        (say(b""), NetworkError, httpx.RemoteProtocolError),
        (say(TAKEN[:-9]), NetworkError, httpx.RemoteProtocolError),
        (say(b"SSH-2.0-OpenSSH\r\n\r\n"), NetworkError, httpx.RemoteProtocolError),
        (reset, NetworkError, httpx.ReadError),
        (wait, TimedOut, httpx.ReadTimeout),
    ],
)
async def test_what_may_have_arrived_is_told_from_what_has_not(
    server: Server, answer: Answer, raised: type[Exception], cause: type[Exception]
) -> None:
    """The limiter goes by the cause, and sends again as often as that allows."""
    server.answer = answer
    async with bot_at(server.url, httpx.Timeout(5, read=0.2)) as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(1, "уран")
    assert type(caught.value) is raised
    assert type(caught.value.__cause__) is cause
    assert len(server.heads) == 1, "a request is never repeated here"


async def test_where_nobody_listens_nothing_has_arrived() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with bot_at(f"http://127.0.0.1:{port}") as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(1, "уран")
    assert type(caught.value.__cause__) is httpx.ConnectError


async def test_a_call_waits_no_longer_than_it_is_told(server: Server) -> None:
    server.answer = wait
    async with bot_at(server.url) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(1, "уран", read_timeout=0.1)


async def test_who_finds_no_free_connection_has_sent_nothing(server: Server) -> None:
    server.answer = wait
    async with bot_at(server.url, httpx.Timeout(5, read=1, pool=0.2)) as bot:
        calls = (bot.send_message(1, str(number)) for number in range(5))
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    causes = [type(each.__cause__) for each in outcomes if isinstance(each, TimedOut)]
    assert sorted(causes, key=str) == [httpx.ConnectTimeout, *[httpx.ReadTimeout] * 4]


async def test_a_file_goes_as_a_form(server: Server) -> None:
    async with bot_at(server.url) as bot:
        await bot.send_document(1, "Уран добывают.".encode(), filename="статья.txt")
    assert "content-type: multipart/form-data" in server.heads[0].lower()
    assert "Уран добывают.".encode() in server.bodies[0]


async def test_a_proxy_of_the_environment_is_gone_through(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    async with bot_at("http://api.telegram.invalid") as bot:
        await bot.send_message(1, "уран")
    assert server.heads[0].startswith("POST http://api.telegram.invalid/bot1:token/sendMessage ")


async def test_it_can_be_started_again(server: Server) -> None:
    request = DirectRequest(4, TIMEOUT)
    for _ in range(2):
        await request.initialize()
        await ExtBot("1:token", f"{server.url}/bot", request=request).send_message(1, "уран")
        await request.shutdown()
        await request.shutdown()
    assert len(server.heads) == 2


@pytest.mark.parametrize("garbage", [b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nX\r\n\r\n", b""])
async def test_an_error_never_has_the_token(server: Server, garbage: bytes) -> None:
    server.answer = say(garbage)
    async with bot_at(server.url) as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(1, "уран")
    assert "token" not in f"{caught.value} {caught.value.__cause__}"


def test_every_error_has_one_in_httpx() -> None:
    assert isinstance(same(TimeoutError("slow")), httpx.ReadTimeout)
