"""A sandbox in the test's own process, with someone on each side of it."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from bot.sandbox.server import Sandbox
from bot.sandbox.state import State
from bot.sandbox.world import SANDBOX_TOKEN
from tests.sandbox_client import SandboxClient

Json = dict[str, Any]


@dataclass(frozen=True)
class Caller:
    """A bot made of bare HTTP requests."""

    http: httpx.AsyncClient
    token: str = SANDBOX_TOKEN

    async def call(self, method: str, /, **params: object) -> Json:
        """The whole reply to a method called with a JSON body; its status must match."""
        response = await self.http.post(f"/bot{self.token}/{method}", json=params)
        reply: Json = response.json()
        assert response.status_code == reply.get("error_code", 200)
        assert reply["ok"] is (response.status_code == 200)
        return reply

    async def result(self, method: str, /, **params: object) -> Any:
        """What a call that succeeds gives."""
        reply = await self.call(method, **params)
        assert reply["ok"], reply
        return reply["result"]

    async def error(self, method: str, /, **params: object) -> str:
        """The description of a refused call."""
        reply = await self.call(method, **params)
        assert not reply["ok"], reply
        return str(reply["description"])

    async def upload(
        self, method: str, fields: Mapping[str, object], **files: tuple[str, bytes]
    ) -> Json:
        """The whole reply to a call with files, as a multipart form."""
        data = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in fields.items()
        }
        response = await self.http.post(f"/bot{self.token}/{method}", data=data, files=files)
        reply: Json = response.json()
        return reply


@dataclass(frozen=True)
class Rig:
    """A running sandbox, its people and its bot."""

    sandbox: Sandbox
    people: SandboxClient
    bot: Caller


@asynccontextmanager
async def running(state: State | None = None) -> AsyncIterator[Rig]:
    """A sandbox on a free port for the time of the block."""
    async with Sandbox(state) as sandbox, SandboxClient(sandbox.url) as people:
        yield Rig(sandbox, people, Caller(people.http, sandbox.state.token))
