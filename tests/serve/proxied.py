"""The real proxy, a process of its own on a port of its own, in front of the strict fake provider."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from litany.testing import Fault, Provider, Received

ABSENT = find_spec("uvicorn") is None
needs_proxy = pytest.mark.skipif(ABSENT, reason="uvicorn comes with the extra proxy: install litany[proxy]")
KEY, OPENAI_KEY, ANTHROPIC_KEY = "the-proxys-own", "sk-upstream", "sk-ant-upstream"
SOURCE = Path(__file__).parents[2] / "src"
VERSION = {"anthropic-version": "2023-06-01"}


@dataclass(slots=True)
class Proxy:
    """A proxy at work, and what it printed."""

    process: subprocess.Popen[str]
    url: str
    events: list[dict[str, Any]] = field(default_factory=list)

    def client(self, key: str = KEY, **fields: Any) -> httpx.Client:
        """A client without a framework, that shows the key as both kinds do."""
        headers = {"authorization": f"Bearer {key}", **fields.pop("headers", {})}
        return httpx.Client(base_url=self.url, headers=headers, timeout=120, trust_env=False, **fields)

    def ended(self, number: int = signal.SIGTERM) -> int:
        """Its exit status after a signal."""
        self.process.send_signal(number)
        return self.process.wait(60)


def environment(**more: str) -> dict[str, str]:
    """This one's, with the upstreams' keys, and without what would lead elsewhere."""
    own = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
    keys = {"OPENAI_API_KEY": OPENAI_KEY, "ANTHROPIC_API_KEY": ANTHROPIC_KEY}
    return {**own, **keys, "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1", **more}


def command(provider: Provider, *options: str, key: str | None = KEY) -> list[str]:
    """The command line of a proxy before that provider."""
    bases = ["--openai-base", f"{provider.url}/v1", "--anthropic-base", provider.url]
    keyed = [] if key is None else ["--key", key]
    return [sys.executable, "-m", "litany.cli", "serve", *bases, "--port", "0", "--json", *keyed, *options]


@contextmanager
def proxied(provider: Provider, *options: str, key: str | None = KEY, **variables: str) -> Iterator[Proxy]:
    """The proxy before that provider, until the block ends."""
    words = command(provider, *options, key=key)
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(words, env=environment(**variables), **pipes) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if not first:
            assert process.stderr is not None
            raise AssertionError(process.stderr.read())
        proxy = Proxy(process, json.loads(first)["url"])
        reader = Thread(target=_read, args=(process.stdout, proxy.events), daemon=True)
        reader.start()
        try:
            yield proxy
        finally:
            process.terminate()
            process.wait(60)
            reader.join()


def until(happened: Any, seconds: float = 60.0) -> Any:
    """What `happened` gives, once it is true."""
    end, never = time.monotonic() + seconds, Event()
    while not (found := happened()) and time.monotonic() < end:
        never.wait(0.01)
    assert found
    return found


def chat(messages: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """A request to OpenAI's chat."""
    return {"model": "fake", "messages": list(messages), **more}


def message(messages: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """A request to Anthropic's Messages."""
    return {"model": "fake", "max_tokens": 1_000, "messages": list(messages), **more}


def items(messages: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """A request to OpenAI's Responses."""
    return {"model": "fake", "store": False, "input": list(messages), **more}


ASKED = {"/v1/chat/completions": chat, "/v1/messages": message, "/v1/responses": items}
"""What is asked at each path."""
PATHS = list(ASKED)


def _through(request: Received) -> bool:
    """Whether it came through a proxy, not from a test itself."""
    return any(key in value for key in (OPENAI_KEY, ANTHROPIC_KEY) for value in request.headers.values())


def _read(stream: Any, events: list[dict[str, Any]]) -> None:
    events.extend(map(json.loads, stream))


@dataclass(slots=True)
class Stage:
    """One proxy before one provider, for many tests: each sets what is said and what goes wrong."""

    provider: Provider
    proxy: Proxy
    said: Callable[[Received], Any] = field(default=lambda _: "ok")
    wrong: Callable[[Received], Fault | None] = field(default=lambda _: None)
    since: int = 0
    told: int = 0

    def cleared(self) -> "Stage":
        """The stage for the next test, once the proxy has told of all that came before."""
        self.said, self.wrong = (lambda _: "ok"), (lambda _: None)
        last = f"/nothing-behind-{len(self.proxy.events)}"
        with self.proxy.client() as client:
            client.get(last)
        until(lambda: any(event.get("path") == last for event in self.proxy.events))
        until(lambda: self._answered() >= sum(map(_through, self.provider.requests)))
        self.since, self.told = len(self.provider.requests), len(self.proxy.events)
        return self

    def _answered(self) -> int:
        """How many requests to the provider the proxy has told of, which it does after the client has the answer."""
        return sum(1 + event.get("retried", False) for event in self.proxy.events if "refused" not in event)

    @property
    def requests(self) -> list[Received]:
        """What the provider received in this test."""
        return self.provider.requests[self.since :]

    @property
    def events(self) -> list[dict[str, Any]]:
        """What the proxy told of since then."""
        return self.proxy.events[self.told :]


@contextmanager
def staged(*options: str, key: str | None = KEY, **fields: Any) -> Iterator[Stage]:
    """A stage, until the block ends. `fields`: the provider's."""
    stages: list[Stage] = []

    def said(asked: Received) -> Any:
        return stages[0].said(asked)

    def wrong(asked: Received) -> Fault | None:
        return stages[0].wrong(asked)

    provider = Provider(said, faults=wrong, **fields)
    with provider, proxied(provider, *options, key=key) as proxy:
        stages.append(Stage(provider, proxy))
        yield stages[0]
