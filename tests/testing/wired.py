"""A plain HTTP client for the provider's tests: no SDK stands between the test and the bytes."""

import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from litany.testing import Provider

CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"
HEADERS = {
    CHAT: {"Authorization": "Bearer key"},
    MESSAGES: {"x-api-key": "key", "anthropic-version": "2023-06-01"},
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def events(self) -> list[tuple[str, Any]]:
        """Name and data of each server-sent event; the end of an OpenAI stream is `[DONE]`."""
        return list(_events(self.raw.decode()))


def post(provider: Provider, path: str, body: object, headers: Mapping[str, str] | None = None) -> Heard:
    """One request on a connection of its own."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return call(provider, "POST", path, raw, HEADERS.get(path, {}) if headers is None else headers)


def call(provider: Provider, method: str, path: str, raw: bytes, headers: Mapping[str, str]) -> Heard:
    connection = http.client.HTTPConnection(provider.url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path, raw, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Heard(response.status, names, response.read())
    finally:
        connection.close()


def chat(*messages: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    return {"model": "fake", "messages": list(messages), **fields}


def ask(*messages: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    return {"model": "fake", "max_tokens": 100, "messages": list(messages), **fields}


def user(content: object) -> dict[str, Any]:
    return {"role": "user", "content": content}


def _events(text: str) -> Iterator[tuple[str, Any]]:
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if fields:
            data = fields["data"]
            yield fields.get("event", ""), data if data == "[DONE]" else json.loads(data)
