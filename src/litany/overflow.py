"""Overflow: whether an error says that the request was too long for the model's window, and nothing else.

An exception of any SDK is read by its attributes, a body or an event of a stream by its keys; no SDK is imported.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

STATUSES = (200, 400, 413, 422)
"""HTTP statuses under which providers report an overflow; 200 is an error within a stream."""
CODES = re.compile(
    r"context_?(?:length|window)_?(?:exceeded|overflow)|exceed_context_size|contextoverflow"
    r"|model_context_window_exceeded|model_max_prompt_tokens_exceeded|request_too_large"
)
"""Error codes, types and class names that mean an overflow: of OpenAI, LiteLLM, llama.cpp, Copilot, Anthropic."""
SAID = re.compile(rf"(?:(?<!\w)|(?<=\\[nrt]))(?:{CODES.pattern})(?:_?(?:error|exception))?(?!\w)")
"""The same within a text: whole words, not a part of another name."""
REASONS = ("model_context_window_exceeded", "model_length", "contextLengthReached")
"""Why a model stopped when its window was full: Anthropic and Z.ai, Mistral, LM Studio."""
_N = r"\d+(?:[,._'\s]\d+)*"
WORDINGS = re.compile(
    r"maximum context length"  # OpenAI, Azure, vLLM, DeepSeek, OpenRouter, Mistral, Fireworks
    r"|model's maximum context limit"
    r"|(?:longer than|exceed(?:s|ed)?|greater than) (?:the )?(?:model's |maximum )?context (?:length|window|limit)"
    r"|exceeds? (?:the |this )?(?:model |model's )?context (?:window|limit)"  # OpenAI Responses, Anthropic
    r"|context (?:window|limit|length)(?: is| was)? exceed(?:ed|s limit)"  # MiniMax
    r"|\bprompt (?:is )?too long\b"  # Anthropic, Ollama
    r"|input is too long for (?:the )?requested model"  # Bedrock
    r"|too many input tokens|too many tokens: (?:total number|size limit)"  # Bedrock, Cohere
    r"|input tokens exceed the configured limit"  # OpenAI since GPT-5
    r"|`inputs` tokens \+ `max_new_tokens` must be"  # TGI, Together
    r"|exceeds? the available context size"  # llama.cpp
    r"|\b(?:input|prompt|request|token count)\b[^.;:]{0,60} exceeds? the maximum number of tokens allowed"  # Gemini
    r"|length of all messages is too long"  # Perplexity
    rf"|current length is {_N} while limit is"  # Cerebras
    rf"|maximum input length (?:of this model )?(?:is|of) (?:approximately |about |around |~ ?)?{_N} tokens"  # vLLM
    rf"|input length \({_N} tokens\) exceeds the maximum allowed length"  # SGLang
    rf"|input length (?:of )?{_N}(?: tokens)? exceeds (?:the )?maximum input length(?!\W+(?:of )?[\d,]* ?(?:char|byte))"
    rf"|maximum prompt length is {_N} but"  # xAI
    r"|range of input length should be"  # DashScope
    r"|exceeded model token limit"  # Moonshot
    rf"|prompt token count of {_N} exceeds the limit"  # GitHub Copilot
    rf"|reached context length of {_N} tokens"  # LM Studio
    r"|context the overflows|when context overflows"  # LM Studio, with and without its slip of the pen
)
OTHERS = re.compile(
    r"(?<![\w-])[a-z_]*rate[ _-]?limit[a-z_]*(?![\w-])|tokens?[ _]per[ _](?:second|min|minute|hour|day)"
    r"|(?<![\w-])(?:tpm|tpd|rpm|rpd)(?![\w-])|(?<!-)quota|(?<!-)throttl"
    r"|\b(?:a|per|each|every) (?:second|minute|hour|day|week|month)\b|\bof your (?:account|plan|subscription)\b"
    r"|string_above_max_length|content_filter|content_policy|overloaded"
)
"""Words of other errors, which may speak of tokens, too. A header's name or a pool's is none of them."""
PLACE = re.compile(r"\b(?:messages|inputs?|contents|system|tools)(?:\[\d+\]|\.\d+)[^\s:]*:")
"""What an error about one part of the request begins with; it may quote what stands there."""
ROUTER = "received model group="
"""Where LiteLLM's router begins to speak of itself."""
NEAR, SUBJECT = 200, 100
"""Characters around a wording in which another error's words rule it out, and those at the text's beginning."""
STATUS = re.compile(
    r"^\W*(?:apierror: |error: )?(\d{3})\b(?! tokens)|(?:error code|status(?: code)?|http)\W{1,3}(\d{3})\b"
)
"""Where a text names the HTTP status."""
READ = 20_000
"""Characters of an error's text that are read."""
DEEP = 5
"""How deep an error may lie within another."""


def overflowed(error: object) -> bool:
    """Whether this error means that the request did not fit the model's context window.

    error -- an exception of an SDK, the body of an error or an event of a stream (a dict or an object), a response
    that stopped because the window was full, or plain text. Rate limits, quotas and wrong parameters are none, even
    when they speak of tokens.
    """
    return _judged(error, DEEP)


def _judged(error: object, deep: int) -> bool:
    if error is None or deep <= 0:
        return False
    if isinstance(error, bytes | bytearray):
        error = bytes(error[:READ]).decode(errors="replace")
    if isinstance(error, str):
        return _says(error)
    if isinstance(error, list | tuple):
        return any(_judged(inner, deep - 1) for inner in error[:DEEP])
    if isinstance(error, BaseException):
        return _raised(error, deep)
    return _stopped(error) or any(_judged(inner, deep - 1) for inner in _inner(error)) or _body(error)


def _raised(error: BaseException, deep: int) -> bool:
    """An exception: its status rules out, then its names, body and words tell, then what caused it."""
    status = _status(error)
    if status is not None and status not in STATUSES:
        return False
    names = " ".join(kind.__name__ for kind in type(error).__mro__).lower()
    if CODES.search(names) or _body(error) or _judged(_field(error, "body"), deep - 1):
        return True
    spoken = "\n".join(str(part) for part in error.args if isinstance(part, str | int))
    body = _text(_field(error, "response"), "text")
    return any(map(_says, (_text(error, "message"), spoken, body))) or _judged(error.__cause__, deep - 1)


def _body(error: object) -> bool:
    """An error by its own fields: code and type first, then the message."""
    status = _status(error)
    if status is not None and status not in STATUSES:
        return False
    codes = " ".join(_text(error, name) for name in ("code", "type", "error_code", "Code")).lower()
    if CODES.search(codes):
        return True
    return not OTHERS.search(codes) and any(_says(_text(error, name)) for name in ("message", "Message", "detail"))


def _inner(error: object) -> Iterator[object]:
    """Where a body or an event holds the error itself."""
    for name in ("error", "Error", "errors", "response", "incomplete_details"):
        value = _field(error, name)
        yield value
    for choice in _choices(error):
        yield _field(choice, "error")


def _stopped(error: object) -> bool:
    """Whether a response, or an event of one, says that the window was full."""
    parts = [error, _field(error, "delta"), _field(error, "message"), *_choices(error)]
    names = ("stop_reason", "finish_reason", "stopReason", "native_finish_reason", "reason")
    return any(_text(part, name) in REASONS for part in parts for name in names)


def _choices(error: object) -> Sequence[object]:
    choices = _field(error, "choices")
    return choices if isinstance(choices, list | tuple) else ()


def _says(text: str) -> bool:
    """Whether a text says so in one of the known wordings, or names a code."""
    read = text[:READ].lower().replace("’", "'").replace("\\'", "'").partition(ROUTER)[0]
    status = STATUS.search(read)
    if status and int(status[1] or status[2]) not in STATUSES:
        return False
    return bool(SAID.search(read)) or any(_meant(read, *match.span()) for match in WORDINGS.finditer(read))


def _meant(read: str, start: int, end: int) -> bool:
    """Whether a wording is the error itself: no other error's words stand near, and nobody is quoted."""
    before, behind = read[max(0, start - NEAR) : start], read[start : end + NEAR]
    return not (OTHERS.search(read, 0, SUBJECT) or OTHERS.search(before + behind) or PLACE.search(before))


def _status(error: object) -> int | None:
    """The HTTP status where one is known; a code of another kind is none."""
    response = _field(error, "response")
    metadata = _field(response, "ResponseMetadata")
    places = (
        (error, ("status_code", "http_status", "status", "code")),
        (response, ("status_code", "status")),
        (metadata, ("HTTPStatusCode",)),
    )
    for place, names in places:
        for name in names:
            value = _field(place, name)
            number = int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else 0
            if 100 <= number < 600:
                return number
    return None


def _text(error: object, name: str) -> str:
    value = _field(error, name)
    return value if isinstance(value, str) else ""


def _field(error: object, name: str) -> object:
    """A key of a mapping or an attribute of an object; None when there is none, or a text was asked."""
    if isinstance(error, Mapping):
        return error.get(name)
    if error is None or isinstance(error, str | bytes | int | float | list | tuple):
        return None
    try:
        value: object = getattr(error, name, None)
    except (AttributeError, RuntimeError, ValueError):
        return None  # a property that needs what an unread response does not have
    return value
