"""The websocket by which an open page hears of what happens."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import cast

from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from bot.sandbox.handlers import check_caller
from bot.sandbox.state import State
from bot.sandbox.wire import ApiError


class Live(WebSocketHandler):
    """Sends events after number `after` that `user` sees, one JSON message each.

    A page that was opened in another run of the sandbox, or has missed too much, gets one
    message {"kind": "stale"} and is to take a new snapshot.
    """

    _feed: asyncio.Task[None] | None = None

    @property
    def state(self) -> State:
        return cast("State", self.settings["state"])

    def prepare(self) -> None:
        check_caller(self.request, cast("frozenset[str]", self.settings["hosts"]))
        try:
            self._person = self.state.person(self.get_query_argument("user", ""))
            self._seen = int(self.get_query_argument("after", ""))
        except (ApiError, ValueError) as error:
            raise HTTPError(HTTPStatus.BAD_REQUEST) from error

    def open(self) -> None:
        self._pages.add(self)
        self._feed = asyncio.create_task(self._send_events())

    def on_message(self, message: str | bytes) -> None:
        """Pages only listen; what they do goes by POST."""

    def on_close(self) -> None:
        self._pages.discard(self)
        if self._feed:
            self._feed.cancel()

    @property
    def _pages(self) -> "set[Live]":
        return cast("set[Live]", self.settings["pages"])

    async def _send_events(self) -> None:
        with suppress(WebSocketClosedError):
            same_run = self.get_query_argument("run", "") == self.state.run
            while same_run and self.state.events.reaches(self._seen):
                await self._send_new()
                await self.state.events.bell.heard()
            await self.write_message({"kind": "stale"})

    async def _send_new(self) -> None:
        while newer := self.state.events.after(self._seen):
            for event in newer:
                self._seen = event.number
                if event.seen_by(self._person):
                    await self.write_message(event.as_json())
