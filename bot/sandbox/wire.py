"""JSON as it travels, and the errors that answer a request as Telegram words them."""

from collections.abc import Mapping
from http import HTTPStatus

Json = dict[str, object]


class ApiError(Exception):
    """A request that is refused: the HTTP status, Telegram's description and `parameters`."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, object] | None = None):
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def as_json(self) -> Json:
        reply: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return reply | ({"parameters": self.parameters} if self.parameters else {})


class BadRequest(ApiError):
    """400: the request itself is wrong; `reason` is what stands after «Bad Request: »."""

    def __init__(self, reason: str) -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, f"Bad Request: {reason}")


class Migrated(ApiError):
    """400: the group is a supergroup now, with the id `chat_id`."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(
            HTTPStatus.BAD_REQUEST,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat_id},
        )


class Forbidden(ApiError):
    """403: the person or the chat doesn't let the bot."""

    def __init__(self, reason: str) -> None:
        super().__init__(HTTPStatus.FORBIDDEN, f"Forbidden: {reason}")


class Conflict(ApiError):
    """409: another getUpdates request took over."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.CONFLICT,
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running",
        )


class TooManyRequests(ApiError):
    """429: come back after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"Too Many Requests: retry after {seconds}",
            {"retry_after": seconds},
        )
