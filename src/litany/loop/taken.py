"""What a model said, taken into the record: in a form that every provider takes back.

Providers refuse a history in which the arguments of a call are no JSON object, two calls bear one id, or an assistant
says nothing at all. Models write all three.
"""

import json
from collections.abc import Mapping
from typing import Any

from litany.loop.journal import Message

MALFORMED = "malformed_arguments"
"""Under this key the record holds arguments that are no JSON object, as they were written."""


def taken(given: Mapping[str, Any], at: int) -> Message:
    """The message for this place of the record."""
    calls: Any = given.get("tool_calls") or ()
    if not calls:
        return {"role": "assistant", "content": given.get("content") or ""}
    ids = [call.get("id") for call in calls]
    made = [
        _call(call, id if id and ids.index(id) == number else f"call_{at}_{number}")
        for number, (call, id) in enumerate(zip(calls, ids, strict=True))
    ]
    return {**given, "role": "assistant", "content": given.get("content"), "tool_calls": made}


def raw(arguments: str) -> str:
    """The arguments as the model wrote them."""
    given = json.loads(arguments)
    return str(given[MALFORMED]) if given.keys() == {MALFORMED} else arguments


def _call(call: Mapping[str, Any], id: str) -> dict[str, Any]:
    function = call["function"]
    written = function.get("arguments") or "{}"
    try:
        sound = isinstance(json.loads(written), dict)
    except (ValueError, RecursionError):
        sound = False
    arguments = written if sound else json.dumps({MALFORMED: written})
    return {**call, "id": id, "type": "function", "function": {**function, "arguments": arguments}}
