"""One call of the bot: faults, the method, the journal."""

from http import HTTPStatus

from bot.sandbox.faults import Dropped
from bot.sandbox.methods import METHODS
from bot.sandbox.params import Params
from bot.sandbox.state import State
from bot.sandbox.wire import ApiError, Json


async def call(state: State, method: str, params: Params) -> tuple[int, Json]:
    """The HTTP status and the JSON that answer a call; raises Dropped where nothing should."""

    async def run() -> object:
        if method.lower() not in METHODS:
            raise ApiError(HTTPStatus.NOT_FOUND, "Not Found: method not found")
        return await METHODS[method.lower()](state, params)

    try:
        result = await state.faults.take(method.lower()).around(run)
    except ApiError as error:
        state.journal.add(method, params.shown(), error.code, error.description)
        return error.code, error.as_json()
    except Dropped:
        state.journal.add(method, params.shown(), 0, "connection dropped on demand")
        raise
    state.journal.add(method, params.shown(), HTTPStatus.OK, result=result)
    return HTTPStatus.OK, {"ok": True, "result": result}
