"""Exceptions shaped as those of the SDKs, built by hand."""

from collections.abc import Mapping
from typing import Any


class Response:
    """What an exception of an SDK knows of the HTTP response."""

    def __init__(self, status: int, text: str = "") -> None:
        self.status_code = status
        self.text = text


class StreamError(Exception):
    """openai.APIError as it is raised for an error event within a stream: no status, no response."""

    def __init__(self, message: str, body: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.message = message
        self.body = body
        self.code = body.get("code")
        self.type = body.get("type")


class StatusError(StreamError):
    """openai.APIStatusError and anthropic.APIStatusError."""

    def __init__(self, message: str, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(message or f"Error code: {status}", body)
        self.status_code = status
        self.response = Response(status)


class Unread:
    """A response whose text was not read: httpx refuses to give it."""

    status_code = 400

    @property
    def text(self) -> str:
        raise RuntimeError("attempted to access streaming response content, without having called `read()`")


class HTTPStatusError(Exception):
    """httpx.HTTPStatusError and requests.HTTPError: the body stands in the response only."""

    def __init__(self, response: Response | Unread) -> None:
        super().__init__(f"Client error '{response.status_code}' for url 'https://example.test/v1/chat/completions'")
        self.response = response


class ClientError(Exception):
    """botocore.exceptions.ClientError."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(f"An error occurred ({code}) when calling the Converse operation: {message}")
        metadata = {"HTTPStatusCode": status}
        self.response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}


class GenaiError(Exception):
    """google.genai.errors.ClientError."""

    def __init__(self, code: int, status: str, message: str) -> None:
        super().__init__(f"{code} {status}. {message}")
        self.code, self.status, self.message = code, status, message


class ContextWindowExceededError(Exception):
    """LiteLLM's class, known by its name."""

    status_code = 400
