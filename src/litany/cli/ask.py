"""`litany ask`: one question to a model, about a text or at the end of a chat."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litany.cli.inputs import STDIN, chat_in, text_in, tools_in
from litany.cli.models import MODELS, model_named
from litany.cli.settings import from_settings
from litany.cli.store import plain
from litany.errors import PolicyError

if TYPE_CHECKING:  # a model is loaded when the command runs
    from litany.core.completion import Completion
    from litany.core.ports import Complete

Question = Annotated[
    str | None,
    typer.Argument(help="What is asked; may be left out where --messages ends with it.", metavar="QUESTION"),
]
ModelName = Annotated[str, typer.Option("--model", help=f"Who is asked: {MODELS}.", metavar="NAME")]
Texts = Annotated[
    list[Path] | None,
    typer.Option("--file", help="A text to read first; repeatable; - is standard input.", metavar="TEXT"),
]
Chat = Annotated[
    Path | None, typer.Option("--messages", help="A chat to read first: .json, .jsonl or -.", metavar="CHAT")
]
Tools = Annotated[Path | None, typer.Option("--tools", help="Tools on offer, as JSON.", metavar="TOOLS")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="An option of the model, such as api_base=URL; repeatable.", metavar="KEY=VALUE"),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object: model, message, usage, finish.")]


def ask(
    question: Question = None,
    model: ModelName = "pocket",
    settings: Settings = None,
    files: Texts = None,
    messages: Chat = None,
    tools: Tools = None,
    as_json: AsJson = False,
) -> int:
    """Put one question to a model: the chat first, then the texts, then the question. pocket needs no key, no network.

    The answer is printed; a call of a tool as name(key="value"). Exit status: 0 answered; 2 could not start, or there
    is no answer.
    """
    if [*(files or []), messages, tools].count(STDIN) > 1:
        raise PolicyError("- is given twice, and standard input can be read once; put one of them into a file")
    chat, beside = chat_in(messages) if messages else ([], [])
    chat = [*chat, *({"role": "user", "content": text_in(path)} for path in files or [])]
    if question is not None:
        chat.append({"role": "user", "content": question})
    _checked(chat, question, bool(files))
    offered = tools_in(tools) if tools else beside
    asked = model_named(model, **from_settings(settings or [], "temperature=0"))
    done = completed(asked, chat, offered)
    print(json.dumps(_whole(asked, done)) if as_json else said(done.message))
    if not as_json:
        print(_dim(spent(asked.name, done)), file=sys.stderr)
    return 0


def completed(model: Complete, messages: Sequence[object], tools: Sequence[object]) -> Completion:
    """The model's answer, waited for where it is one to wait for."""
    answer = model(messages, tools)
    return asyncio.run(_waited(answer)) if isinstance(answer, Awaitable) else answer


def said(message: Mapping[str, object]) -> str:
    """A message as it can be printed: its text, and each call as `name(key="value")`."""
    text, calls = message.get("content"), message.get("tool_calls")
    lines = text.split("\n") if isinstance(text, str) and text else []
    lines += [_call(call["function"]) for call in calls] if isinstance(calls, list) else []
    return "\n".join(map(plain, lines))


def spent(name: str, done: Completion) -> str:
    """What the answer took."""
    usage = done.usage
    known = f" ({usage.cached:,} of them known)" if usage.cached else ""
    cut = ", and was cut off there" if done.finish == "length" else ""
    return f"{name} read {usage.prompt:,} tokens{known}, wrote {usage.completion:,}{cut}"


async def _waited(answer: Awaitable[Completion]) -> Completion:
    return await answer


def _checked(chat: Sequence[object], question: str | None, read: bool) -> None:
    """Raises: PolicyError when nothing is asked."""
    if question is not None and not question.strip():
        raise PolicyError("the question is blank; write what is to be answered")
    last = chat[-1] if chat else None
    answered = isinstance(last, Mapping) and last.get("role") == "assistant"
    if question is None and (read or not chat or answered):
        raise PolicyError("nothing is asked; give a QUESTION, or --messages that end with a message to answer")


def _call(function: Mapping[str, Any]) -> str:
    try:
        given = json.loads(function["arguments"])
    except ValueError:
        given = None
    if not isinstance(given, dict):
        return f"{function['name']}({function['arguments']})"
    pairs = (f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in given.items())
    return f"{function['name']}({', '.join(pairs)})"


def _whole(model: Complete, done: Completion) -> dict[str, object]:
    usage = {"prompt": done.usage.prompt, "completion": done.usage.completion, "cached": done.usage.cached}
    return {"model": model.name, "message": dict(done.message), "usage": usage, "finish": done.finish}


def _dim(text: str) -> str:
    coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\x1b[2m{text}\x1b[0m" if coloured else text
