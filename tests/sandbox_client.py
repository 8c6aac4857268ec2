"""A client of the sandbox for tests: what people do there and what they see.

Waiting is done by the sandbox (long polling), never by sleeping here.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Self

import httpx

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as people see it; `number` is that of the event that told of it."""

    json: Json = field(repr=False)
    number: int

    @property
    def id(self) -> int:
        return int(self.json["message_id"])

    @property
    def chat(self) -> int:
        return int(self.json["chat"]["id"])

    @property
    def text(self) -> str:
        """The text or the caption, "" if there is neither."""
        return str(self.json.get("text", self.json.get("caption", "")))

    @property
    def buttons(self) -> dict[str, str]:
        """Callback data by the button's text."""
        rows = self.json.get("reply_markup", {}).get("inline_keyboard", [])
        return {key["text"]: key.get("callback_data", "") for row in rows for key in row}

    def pieces(self, *kinds: str) -> list[str]:
        """The parts of the text that entities of these types cover."""
        units = self.text.encode("utf-16-le")
        entities = self.json.get("entities") or self.json.get("caption_entities") or []
        spans = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in kinds]
        return [units[2 * start : 2 * stop].decode("utf-16-le") for start, stop in spans]


class Pressed(NamedTuple):
    """A button that was pressed."""

    query_id: str
    number: int


class SandboxClient:
    """Talks to a sandbox at `url`; people and chats are named by their ids."""

    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(base_url=url, timeout=70)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.http.aclose()

    async def ask(self, verb: str, path: str, **request: Any) -> Any:
        """The `result` of a request under `/sandbox/`; fails where it is refused."""
        reply = (await self.http.request(verb, f"/sandbox/{path}", **request)).json()
        assert reply["ok"], reply
        return reply["result"]

    async def say(
        self,
        user: int,
        text: str = "",
        chat: int | None = None,
        *,
        reply_to: Seen | None = None,
        attach: str = "",
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Seen:
        """A person writes, to the bot or into `chat`.

        `attach` is sticker, photo or voice; `files` are {"document" or "photo": (name, body)}.
        """
        fields = {"user": user, "chat": chat or user, "text": text, "attach": attach}
        answers = {"reply_to": reply_to.id} if reply_to else {}
        said = await self.ask("POST", "say", data=fields | answers, files=files or None)
        return Seen(said["message"], said["number"])

    async def send_document(
        self, user: int, name: str, body: bytes, chat: int | None = None, *, caption: str = ""
    ) -> Seen:
        """A person sends a file, to the bot or into `chat`."""
        return await self.say(user, caption, chat, files={"document": (name, body)})

    async def edit(self, user: int, message: Seen, text: str) -> Seen:
        """A person changes their message."""
        fields = {"user": user, "chat": message.chat, "message": message.id, "text": text}
        edited = await self.ask("POST", "edit", json=fields)
        return Seen(edited["message"], edited["number"])

    async def press(self, user: int, message: Seen, button: str) -> Pressed:
        """A person presses the button with this text."""
        assert button in message.buttons, f"no «{button}» among {list(message.buttons)}"
        data = message.buttons[button]
        fields = {"user": user, "chat": message.chat, "message": message.id, "data": data}
        return Pressed(**await self.ask("POST", "press", json=fields))

    async def block(self, user: int, *, blocked: bool = True) -> None:
        """A person blocks the bot, or unblocks it."""
        await self.ask("POST", "block", json={"user": user, "blocked": blocked})

    async def crowd(self, people: int) -> range:
        """So many made-up people more, to whom the bot may write; gives their ids."""
        made = await self.ask("POST", "crowd", json={"people": people})
        return range(made["first"], made["last"] + 1)

    async def migrate(self, chat: int) -> int:
        """An ordinary group becomes a supergroup; gives its new id."""
        return int((await self.ask("POST", "migrate", json={"chat": chat}))["chat"])

    async def put_out(self, chat: int) -> None:
        """The owner of a group puts the bot out of it."""
        await self.ask("POST", "membership", json={"chat": chat, "in": False})

    async def let_in(self, chat: int) -> None:
        """The owner of a group puts the bot into it again."""
        await self.ask("POST", "membership", json={"chat": chat, "in": True})

    async def appoint(self, user: int, chat: int, *, admin: bool = True) -> None:
        """A member of a group becomes its administrator, or a plain member again."""
        await self.ask("POST", "appoint", json={"user": user, "chat": chat, "admin": admin})

    async def messages(self, chat: int) -> list[Seen]:
        """All messages of a chat (their `number` is 0: it isn't known)."""
        return [Seen(each, 0) for each in await self.ask("GET", "messages", params={"chat": chat})]

    async def menu(self, user: int, chat: int | None = None) -> dict[str, str]:
        """The commands a person is offered in a chat, with their descriptions."""
        menus = await self.ask("GET", "menu", params={"user": user})
        return {each["command"]: each["description"] for each in menus[str(chat or user)]}

    async def wait_for_event(
        self, after: int, fits: Callable[[Json], bool], seconds: float = 20
    ) -> Json:
        """The first event after number `after` that fits; fails with what the bot called."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for event in await self.events(after, wait=30):
                        after = event["number"]
                        if fits(event):
                            return event
        except TimeoutError as error:
            called = [f"{call['method']} {call['code']}" for call in await self.calls()]
            raise AssertionError(f"not seen in {seconds} s; the bot called {called}") from error

    async def events(self, after: int = 0, *, wait: int = 0) -> list[Json]:
        """What happened after event number `after`; waits so many seconds for something."""
        params = {"after": after, "wait": wait}
        events: list[Json] = await self.ask("GET", "events", params=params)
        return events

    async def wait_for_reply(
        self, after: Seen | Pressed, chat: int = 0, seconds: float = 20
    ) -> Seen:
        """The bot's first new message in the chat after this one, or after a button's press."""
        place = after.chat if isinstance(after, Seen) else chat
        return await self._wait_for("message", after.number, place, seconds)

    async def wait_for_edit(
        self, after: Seen | Pressed, chat: int = 0, seconds: float = 20
    ) -> Seen:
        """The bot's first change of a message in the chat after this one, or after a press."""
        place = after.chat if isinstance(after, Seen) else chat
        return await self._wait_for("edited", after.number, place, seconds)

    async def _wait_for(self, kind: str, after: int, chat: int, seconds: float) -> Seen:
        def fits(event: Json) -> bool:
            here = event["kind"] == kind and chat in (0, event["chat"])
            return here and bool(event["message"]["from"]["is_bot"])

        event = await self.wait_for_event(after, fits, seconds)
        return Seen(event["message"], event["number"])

    async def wait_for_answer(self, pressed: Pressed, seconds: float = 20) -> Json:
        """How the bot answered a press: {"text": …, "show_alert": …} among other things."""
        query_id = pressed.query_id
        return await self.wait_for_event(
            pressed.number, lambda event: event.get("query_id") == query_id, seconds
        )

    async def wait_for_bot(self, seconds: float = 20) -> None:
        """Wait until a bot asks for updates."""
        await self.wait_for_event(
            0, lambda event: event["kind"] == "bot" and bool(event["online"]), seconds
        )

    async def fault(self, method: str = "*", **what: str | float) -> None:
        """Switch a fault on; `bot.sandbox.faults` says what there is."""
        await self.ask("POST", "faults", json={"method": method, **what})

    async def clear_faults(self) -> None:
        """Switch all faults off."""
        await self.ask("DELETE", "faults")

    async def keep_calls(self, kept: int) -> None:
        """How many of the bot's calls the sandbox is to remember."""
        await self.ask("POST", "calls", json={"kept": kept})

    async def calls(
        self, method: str = "", *, after: int = 0, wait: int = 0, limit: int = 0
    ) -> list[Json]:
        """The bot's calls after number `after`, of one method or of all; waits for one.

        With a limit the earliest so many.
        """
        params = {"method": method, "after": after, "wait": wait, "limit": limit}
        calls: list[Json] = await self.ask("GET", "calls", params=params)
        return calls
