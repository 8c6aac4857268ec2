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

    fault = state.faults.take(method.lower(), params.text("chat_id"))
    try:
        result = await fault.around(run)
    except ApiError as error:
        state.journal.add(method, params.shown(), error.code, error.description)
        return error.code, error.as_json()
    except Dropped as dropped:
        state.journal.add(method, params.shown(), 0, str(dropped), dropped.result)
        raise
    state.journal.add(method, params.shown(), HTTPStatus.OK, result=result)
    return HTTPStatus.OK, {"ok": True, "result": result}
