"""Refusal: what the proxy itself answers when a request goes nowhere, in the words of the client's API."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from litany.serve.route import Side

ANTHROPIC: Mapping[int, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
}
"""Anthropic's name for each status; any other is an api_error."""
WINDOW = "context_length_exceeded"
"""OpenAI's code for a window that is full."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status, what was found, and what to do."""

    status: int
    text: str
    code: str | None = None
    """OpenAI's code, where its clients look for one."""

    def body(self, side: Side) -> bytes:
        """The answer as that API words an error."""
        if side == "anthropic":
            said = f"prompt is too long: {self.text}" if self.code == WINDOW else self.text  # told there by these words
            kind = ANTHROPIC.get(self.status, "api_error")
            return _plain({"type": "error", "error": {"type": kind, "message": said}})
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        return _plain({"error": {"message": self.text, "type": kind, "param": None, "code": self.code}})


def _plain(value: object) -> bytes:
    return json.dumps(value).encode()
