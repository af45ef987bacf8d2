"""Sending requests on over HTTP, and reading what comes back as it comes."""

import importlib
from collections.abc import AsyncIterator, Sequence
from functools import lru_cache
from types import ModuleType
from typing import Any

from litany.errors import LitanyError, PolicyError

CONNECT = 15.0
"""Seconds until an upstream must take the connection; how long it may think is for the client to say."""
Header = tuple[bytes, bytes]


class Unreached(LitanyError):
    """An upstream was not reached, or hung up before it answered."""


class Answer:
    """What an upstream answers: status and headers, then its body, chunk by chunk."""

    def __init__(self, response: Any, errors: type[Exception]) -> None:
        self._response, self._errors = response, errors
        self.status: int = response.status_code
        self.headers: Sequence[Header] = response.headers.raw

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes as they came over the wire. Raises: Unreached when the upstream breaks off."""
        try:
            async for chunk in self._response.aiter_raw():
                yield chunk
        except self._errors as error:
            raise Unreached(f"{self._response.url.host} broke off its answer ({_said(error)})") from error

    async def close(self) -> None:
        """Lets the upstream know that nobody reads on."""
        await self._response.aclose()


class Upstream:
    """A pool of connections."""

    def __init__(self) -> None:
        """Raises: PolicyError when httpx is not installed."""
        httpx = self._httpx = package()
        self._read = lru_cache(maxsize=64)(httpx.URL)  # nearly every request goes to the same few
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        timeout = httpx.Timeout(None, connect=CONNECT)
        self._client = httpx.AsyncClient(limits=limits, timeout=timeout, follow_redirects=False)

    async def send(self, method: str, url: str, headers: Sequence[Header], content: bytes) -> Answer:
        """Sends a request. Raises: Unreached."""
        httpx = self._httpx
        try:
            request = httpx.Request(method, self._read(url), headers=list(headers), content=content)
            return Answer(await self._client.send(request, stream=True), httpx.HTTPError)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreached(f"{url.partition('?')[0]} was not reached ({_said(error)})") from error

    async def close(self) -> None:
        """Closes every connection."""
        await self._client.aclose()


def package() -> ModuleType:
    """httpx, imported when it is first needed."""
    try:
        return importlib.import_module("httpx")
    except ModuleNotFoundError as error:
        if error.name != "httpx":
            raise
        raise PolicyError("httpx is not installed; install litany[proxy]") from None


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
