"""The HTTP side: tornado handlers that read requests and write replies."""

import asyncio
from collections.abc import Awaitable
from http import HTTPStatus
from typing import cast
from urllib.parse import SplitResult, urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError, RequestHandler, StaticFileHandler

from bot.sandbox import params, pictures
from bot.sandbox.calls import call
from bot.sandbox.desk import find_act
from bot.sandbox.faults import Dropped
from bot.sandbox.params import Params, Upload
from bot.sandbox.state import State
from bot.sandbox.wire import ApiError, BadRequest, Json

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def check_caller(request: HTTPServerRequest, hosts: frozenset[str]) -> None:
    """Refuse what a page of another site sends here; `hosts` empty: any name is ours.

    A name that isn't ours leads here by DNS rebinding; programs send no Origin, pages send
    their own. Raises HTTPError 403.
    """
    if hosts and _parts(f"//{request.host}").hostname not in hosts:
        raise HTTPError(HTTPStatus.FORBIDDEN, reason="Forbidden: unknown host")
    origin = request.headers.get("Origin")
    if origin is not None and _parts(origin).netloc != request.host:
        raise HTTPError(HTTPStatus.FORBIDDEN, reason="Forbidden: another origin")


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:
        raise HTTPError(HTTPStatus.FORBIDDEN, reason="Forbidden: no address") from error


def check_site(request: HTTPServerRequest) -> None:
    """Refuse what an image or a frame of another site's page asks for; raises HTTPError 403."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise HTTPError(HTTPStatus.FORBIDDEN, reason="Forbidden: another site")


class Guarded(RequestHandler):
    """What all handlers share: the state, the checks, the headers, errors as JSON."""

    @property
    def state(self) -> State:
        return cast("State", self.settings["state"])

    def prepare(self) -> None:
        check_caller(self.request, cast("frozenset[str]", self.settings["hosts"]))

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")

    def reply(self, code: int, body: Json) -> None:
        self.set_status(code)
        self.finish(body)

    def write_error(self, status_code: int, **_kwargs: object) -> None:
        self.finish(ApiError(status_code, self._reason).as_json())


class Calls(Guarded):
    """Requests answered with JSON.

    What only waits (`idle`) stops when the caller hangs up; what does something gets done.
    """

    idle = True
    _work: asyncio.Task[tuple[int, Json]] | None = None

    def prepare(self) -> None:
        super().prepare()
        check_site(self.request)

    async def answer(self, work: Awaitable[tuple[int, Json]]) -> None:
        self._work = asyncio.ensure_future(work)
        await asyncio.wait([self._work])
        if self._work.cancelled():
            return
        try:
            self.reply(*self._work.result())
        except Dropped:
            self.detach().close()

    def on_connection_close(self) -> None:
        if self._work and self.idle:
            self._work.cancel()


class BotApi(Calls):
    """`/bot<token>/<method>`."""

    async def get(self, token: str, method: str) -> None:
        self.idle = method.lower() == "getupdates"
        await self.answer(self._answered(token, method))

    post = get

    async def _answered(self, token: str, method: str) -> tuple[int, Json]:
        try:
            check_token(self.state, token)
            return await call(self.state, method, read(self.request))
        except ApiError as error:
            return error.code, error.as_json()


class Desk(Calls):
    """`/sandbox/<act>`."""

    async def get(self, act: str) -> None:
        await self.answer(self._answered(act))

    post = get
    delete = get

    async def _answered(self, act: str) -> tuple[int, Json]:
        try:
            known = find_act(self.request.method or "", act)
            result = await known(self.state, read(self.request))
        except ApiError as error:
            return error.code, error.as_json()
        return HTTPStatus.OK, {"ok": True, "result": result}


class BotFile(Guarded):
    """`/file/bot<token>/<path>`: what getFile leads to."""

    def get(self, token: str, path: str) -> None:
        check_site(self.request)
        file = self.state.files.by_path(path)
        if file is None or token != self.state.token:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.set_header("Content-Type", "application/octet-stream")
        self.finish(file.body)


class PageFile(Guarded):
    """`/sandbox/files/<id>`: a file for the page; only pictures open in the browser."""

    def get(self, file_id: str) -> None:
        check_site(self.request)
        file = self.state.files.get(file_id)
        if file is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        picture = pictures.mime_of(file.body)
        self.set_header("Content-Type", picture or "application/octet-stream")
        if not picture:
            self.set_header("Content-Disposition", "attachment")
        self.finish(file.body)


class Page(Guarded, StaticFileHandler):
    """The page and its parts."""

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002 - tornado's signature
        self.set_header("Cache-Control", "no-store")


def check_token(state: State, token: str) -> None:
    """Raises ApiError as Telegram does: 404 for what is no token, 401 for another's."""
    if not token.partition(":")[0].isdecimal() or ":" not in token:
        raise ApiError(HTTPStatus.NOT_FOUND, "Not Found")
    if token != state.token:
        raise ApiError(HTTPStatus.UNAUTHORIZED, "Unauthorized")


def read(request: HTTPServerRequest) -> Params:
    """The request's parameters, whichever way they came; raises BadRequest."""
    try:
        values = {name: said[-1].decode() for name, said in request.arguments.items()}
    except UnicodeDecodeError as error:
        raise BadRequest("strings must be encoded in UTF-8") from error
    if request.headers.get("Content-Type", "").startswith("application/json"):
        values |= params.from_json(request.body)
    uploads = {
        name: Upload(files[0].filename, files[0].content_type, files[0].body)
        for name, files in request.files.items()
    }
    return Params(values, uploads)
