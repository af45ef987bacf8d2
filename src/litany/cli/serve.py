"""`litany serve`: a proxy on this machine, through which any client's conversations are kept short and recited."""

from __future__ import annotations

import os
import re
import secrets
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litany.cli.settings import from_file, from_settings, size
from litany.cli.store import plain
from litany.cli.telling import Event, Teller, as_json, as_line
from litany.core.policy import Policy
from litany.errors import PolicyError
from litany.serve.guard import KEYS
from litany.serve.options import ANTHROPIC, LOCAL, OPENAI, PORT, Options, based
from litany.serve.route import Side

if TYPE_CHECKING:  # imported when the command runs
    from litany.serve.app import App

KEY = "LITANY_KEY"
BYTES = "bytes as 64m, 500k"
MOST = 60
"""Letters of a goal that are shown."""
BACKLOG = 512

OpenAIBase = Annotated[str, typer.Option("--openai-base", help="Where OpenAI's API is.", metavar="URL")]
AnthropicBase = Annotated[str, typer.Option("--anthropic-base", help="Where Anthropic's API is.", metavar="URL")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="0: any that is free.", metavar="N")]
Host = Annotated[str, typer.Option(help="The address to listen on; others than this machine's see it too.")]
AllowHost = Annotated[
    list[str] | None,
    typer.Option("--allow-host", help="A name by which clients may call it; repeatable.", metavar="NAME"),
]
StorePath = Annotated[
    Path | None, typer.Option("--store", help="A file for the conversations. [default: memory]", metavar="PATH")
]
Goal = Annotated[
    str | None, typer.Option(help="What every conversation is for. [default: its first user message]", metavar="TEXT")
]
Constraints = Annotated[
    list[str] | None, typer.Option("--constraint", help="What each must keep to; repeatable.", metavar="TEXT")
]
Window = Annotated[str | None, typer.Option(help="Tokens the model takes. [default: 128k]", metavar="SIZE")]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="A TOML file of Policy fields.", metavar="FILE")]
Settings = Annotated[list[str] | None, typer.Option("--set", help="One Policy field; repeatable.", metavar="KEY=VALUE")]
Key = Annotated[
    str | None,
    typer.Option("--key", help=f"What clients send as their API key. [default: ${KEY}, else one is made]", metavar="K"),
]
PassKey = Annotated[bool, typer.Option("--pass-key", help="Ask for no key; hand on what the client sends.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Processes, over one --store.", metavar="N")]
MaxBody = Annotated[str, typer.Option("--max-body", help="Bytes of a request: 64m, 500k.", metavar="SIZE")]
TracePath = Annotated[
    Path | None, typer.Option("--trace", help="Write a JSON line a call; see `litany explain`.", metavar="FILE")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object an event, a line each.")]


def serve(
    openai_base: OpenAIBase = OPENAI,
    anthropic_base: AnthropicBase = ANTHROPIC,
    port: Port = PORT,
    store: StorePath = None,
    goal: Goal = None,
    constraints: Constraints = None,
    window: Window = None,
    policy: PolicyFile = None,
    settings: Settings = None,
    key: Key = None,
    pass_key: PassKey = False,
    workers: Workers = 1,
    trace: TracePath = None,
    host: Host = "127.0.0.1",
    allow_host: AllowHost = None,
    max_body: MaxBody = "64m",
    as_json: AsJson = False,
) -> int:
    """Serve OpenAI's and Anthropic's API on this machine, and send each request on with the view of its conversation.

    Clients need no change but their base URL and key. What litany does not change passes byte for byte, streams too.
    A conversation is told by the header x-litany-conversation, by a coding agent's own session header, else by its
    messages; its goal by the header x-litany-goal, by --goal, else by its first user message. Where the provider holds
    what was said (previous_response_id or conversation of Responses) goal and constraints are said once and recited
    rarely, and nothing is compacted. Untouched: Anthropic's threads, and bodies without messages. Exit status: 2 could
    not start; 130 ended by Ctrl-C.
    """
    own, made = (None, False) if pass_key and key is None else _keyed(key, pass_key)
    bases = {"openai": openai_base, "anthropic": anthropic_base}
    here = {"host": host, "port": port, "workers": workers, "most": _bytes(max_body), "key": own}
    told = {"goal": goal, "constraints": tuple(constraints or ()), "policy": _policy(policy, settings or [], window)}
    options = _options(bases, allow_host or [], {**here, **told, "store": store, "trace": trace})
    return _Session(options, made, as_json).run()


def _keyed(key: str | None, pass_key: bool) -> tuple[str, bool]:
    """The proxy's key, and whether it was made just now. Raises: PolicyError."""
    if pass_key:
        raise PolicyError("--key and --pass-key are both given; leave one out")
    given = os.environ.get(KEY) if key is None else key
    if given is None:
        return f"litany-{secrets.token_urlsafe(24)}", True
    if not given.strip() or not given.isascii() or not given.isprintable() or " " in given:
        name = f"${KEY}" if key is None else "--key"
        raise PolicyError(f"{name} is {given!r}; give a key without spaces, in ASCII")
    return given, False


def _policy(file: Path | None, settings: list[str], window: str | None) -> Policy:
    table = {**(from_file(file) if file else {}), **from_settings(settings)}
    if window is not None and "window" in from_settings(settings):
        raise PolicyError("--window and --set window= are both given; leave one out")
    return Policy.of({**table, **({} if window is None else {"window": size(window, "--window")})})


def _bytes(text: str) -> int:
    """Bytes: 64m, 500k or a plain number. Raises: PolicyError for anything else, and for none."""
    most = size(text, "--max-body", BYTES)
    if not most:
        raise PolicyError(f"--max-body is {text!r}; write {BYTES} or a plain number")
    return most


def _options(bases: Mapping[str, str], names: list[str], given: Mapping[str, Any]) -> Options:
    """What the proxy is started with. Raises: PolicyError."""
    if given["workers"] > 1 and given["store"] is None:
        raise PolicyError("--workers needs --store: the processes meet in it; give it a path")
    if given["goal"] is not None and not given["goal"].strip():
        raise PolicyError("--goal is blank; write what the conversations are for, or leave it out")
    if not all(text.strip() for text in given["constraints"]):
        raise PolicyError("a --constraint is blank; write a sentence, or leave it out")
    if not all(name.strip() for name in names):
        raise PolicyError("an --allow-host is blank; write a name by which clients call the proxy, or leave it out")
    names = [re.sub(r"\A([^:]+|\[.*\]):\d+\Z", r"\1", name.strip()) for name in names]
    own = [f"[{given['host']}]" if ":" in given["host"] else given["host"], *names]
    return Options(
        openai=based(bases["openai"], "--openai-base", "openai"),
        anthropic=based(bases["anthropic"], "--anthropic-base", "anthropic"),
        hosts=tuple(dict.fromkeys([*LOCAL, *(name.lower() for name in own)])),
        openai_key=os.environ.get("OPENAI_API_KEY", ""),
        anthropic_key=os.environ.get("ANTHROPIC_API_KEY", ""),
        **given,
    )


@dataclass(frozen=True, slots=True)
class _Session:
    """One command: how it is run, and how it tells of it."""

    options: Options
    made: bool
    """Whether the key was made for this run, so that it must be told."""
    as_json: bool

    def run(self) -> int:
        """The exit status."""
        from litany.adapters.httpx import package
        from litany.adapters.uvicorn import serve as served
        from litany.adapters.uvicorn import serve_in

        package()
        made = partial(_made, self.options, as_json if self.as_json else as_line)
        made()  # what is wrong with store, trace or goal is said now, not by a worker
        with closing(self._bound()) as listener:
            ready = partial(self._begun, listener.getsockname()[1])
            try:
                if self.options.workers == 1:
                    served(made, listener, ready)
                else:
                    serve_in(self.options.workers, made, listener, ready)
            except KeyboardInterrupt:
                print("litany: interrupted", file=sys.stderr)
                return 130
        return 0

    def _bound(self) -> socket.socket:
        """The socket that it listens on. Raises: PolicyError when it cannot."""
        host, port = self.options.host, self.options.port
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
        except OSError as error:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
            raise PolicyError(f"cannot listen on {host}:{port} ({why}); give another --port or --host") from error
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else the end of each answer waits 40 ms
        return listener

    def _begun(self, port: int) -> None:
        """Says where it is, and how clients come to it."""
        options = self.options
        host = f"[{options.host}]" if ":" in options.host else options.host
        url = f"http://{host}:{port}"
        if self.as_json:
            store = None if options.store is None else str(options.store)
            bases = {"openai": options.openai, "anthropic": options.anthropic}
            print(as_json({"event": "ready", "url": url, **bases, "store": store}), flush=True)
        else:
            print("\n".join(_greeting(options, url)), flush=True)
        if self.made:
            print(f"litany: the key, made for this run: {options.key}", file=sys.stderr, flush=True)


def _made(options: Options, worded: Callable[[Event], str]) -> App:
    """The application of one process, with a teller of its own."""
    from litany.serve.app import App

    return App(options, Teller(worded))


def _greeting(options: Options, url: str) -> list[str]:
    """The screen that says where to point each client."""
    key = "<your own key>" if options.key is None else f"<the key, or ${KEY}>"
    where = "in memory, gone with this process" if options.store is None else plain(options.store)
    goal = "the first user message of each" if options.goal is None else plain(options.goal)
    return [
        f"litany serve on {url} (Ctrl-C ends it)",
        "",
        f"  OPENAI_BASE_URL={url}/v1   OPENAI_API_KEY={key}",
        f"      goes on to {_upstream(options, 'openai')}",
        f"  ANTHROPIC_BASE_URL={url}   ANTHROPIC_API_KEY={key}",
        f"      goes on to {_upstream(options, 'anthropic')}",
        "",
        f"  conversations: {where}; goal: {goal if len(goal) <= MOST else goal[:MOST] + '…'}",
        *(["  shadow: everything goes on untouched; the trace tells what would be sent"] * options.policy.shadow),
    ]


def _upstream(options: Options, side: Side) -> str:
    base = options.openai if side == "openai" else options.anthropic
    if options.key is None:
        return f"{base}, with the client's own key"
    name = KEYS[side]
    return f"{base}, with ${name}" if options.secret(side) else f"{base}; refused until ${name} is set here"
