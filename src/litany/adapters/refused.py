"""Refused: whether what was sent was too long for the model, told by the error that a host lets pass, or by the answer.

No SDK is imported for it, and no error is caught but this one.
"""

from types import TracebackType
from typing import Any

from litany.errors import WindowTooSmall
from litany.middleware.shared import Exchange
from litany.overflow import overflowed


class Refused:
    """A `with` around one request. It ends quietly when the request was too long, and is then true."""

    def __init__(self, shadow: bool = False) -> None:
        """shadow -- litany only looks on: what was refused stays refused."""
        self.error: BaseException | None = None
        """What the provider, or the host's client, raised."""
        self._stopped, self._shadow = False, shadow

    def __bool__(self) -> bool:
        return self.error is not None or self._stopped

    def __enter__(self) -> "Refused":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self._shadow or not isinstance(error, Exception) or not overflowed(error):
            return False
        self.error = error
        return True

    def begun(self) -> None:
        """Content of the answer went on to the host: what comes from here on is the host's to see."""
        self._shadow = True

    def heard(self, answer: object) -> None:
        """Looks at an answer: one that stopped because the window was full was refused as well."""
        self._stopped = not self._shadow and overflowed(answer)

    def stands(self, error: WindowTooSmall) -> None:
        """Lets an answer that came cut short stand. Raises: what the provider said, where none came."""
        if self.error is not None:
            raise self.error from error


def smaller(exchange: Exchange, refused: Refused) -> list[Any] | None:
    """The smaller view to send; None when there is none, and an answer came. Raises: what the provider said."""
    try:
        return exchange.shrink()
    except WindowTooSmall as error:
        refused.stands(error)
    return None


async def smaller_async(exchange: Exchange, refused: Refused) -> list[Any] | None:
    """The same, for a task."""
    try:
        return await exchange.shrink_async()
    except WindowTooSmall as error:
        refused.stands(error)
    return None
