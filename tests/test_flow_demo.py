"""`doslovno sandbox --bot`, which `make demo` starts: an address, an answer, a clean end."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.builders import ARTICLES, ROOT
from tests.running import READER, assert_verbatim
from tests.sandbox_client import SandboxClient


@dataclass
class Demo:
    """The running command and the address that it printed."""

    process: asyncio.subprocess.Process
    url: str

    async def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return await self.process.wait()


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--bot", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"CORPUS_DIR": str(ARTICLES)},
    )
    assert process.stdout
    said = (await process.stdout.readline()).decode()
    address = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert address, said
    yield Demo(process, address[0])
    if process.returncode is None:
        process.kill()
        await process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_demo_answers_and_ends_cleanly(demo: Demo, number: int) -> None:
    async with SandboxClient(demo.url) as client:
        page = await client.http.get("/")
        assert page.status_code == 200
        assert "Песочница" in page.text
        question = await client.say(READER, "Какой маршрут называют Средним коридором?")
        assert_verbatim(await client.wait_for_reply(question), ARTICLES)
    assert await demo.stop(number) == 0
