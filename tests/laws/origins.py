"""Where each message of a view comes from: told from the record alone, not from what litany remembers."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.laws.natives import THINKING, result_texts, role
from tests.laws.writing import Message


@dataclass(frozen=True, slots=True)
class Origin:
    """A message of the view and the message of the record that it shows; -1: litany wrote it."""

    index: int
    message: Message
    whole: bool
    """Whether it is the host's own object."""


def origins(record: Sequence[Message], view: Sequence[Message]) -> list[Origin]:
    """In the view's order; a changed copy is matched with the first message behind the last match that it may show."""
    places = {id(message): index for index, message in enumerate(record)}
    found: list[Origin] = []
    last = -1
    for message in view:
        if id(message) in places:
            last = places[id(message)]
            found.append(Origin(last, message, True))
            continue
        at = next((i for i in range(last + 1, len(record)) if shows(record[i], message)), None)
        if at is None:
            at = next((i for i in range(len(record)) if shows(record[i], message)), -1)
        last = at if at >= 0 else last
        found.append(Origin(at, message, False))
    return found


def shows(native: Message, copy: Message) -> bool:
    """Whether `copy` is the message with nothing changed but texts of results, and thinking left out."""
    if "parts" in native:
        return native["role"] == copy.get("role") and _parts_show(native["parts"], copy.get("parts", []))
    held = "content" if "content" in native or "output" not in native else "output"
    if {key: value for key, value in native.items() if key != held} != {
        key: value for key, value in copy.items() if key != held
    }:
        return False
    hosted = native.get("type") == "mcp_call"
    return _content_shows("tool" if hosted else role(native), native.get(held), copy.get(held))


def _parts_show(native: list[Message], copy: list[Message]) -> bool:
    """Whether the parts stand there in order; among them may be responses that came late or were never given."""
    if copy == [part for part in native if "functionResponse" not in part]:
        return True
    found = iter(copy)
    shown = all(any(_part_shows(part, other) for other in found) for part in native)
    return shown and all("functionResponse" in part for part in copy if not any(_part_shows(p, part) for p in native))


def _part_shows(native: Message, copy: Message) -> bool:
    if "functionResponse" not in native or "functionResponse" not in copy:
        said = native.get("text", "")
        return native == copy or (said.startswith("observation") and _texts_show(said, copy.get("text", "")))
    before, after = native["functionResponse"], copy["functionResponse"]
    same = {name: value for name, value in before.items() if name != "response"}
    if same != {name: value for name, value in after.items() if name != "response"}:
        return False
    ours = any(_notes(text) for text in result_texts({"role": "user", "parts": [copy]}))
    return ours or before["response"].keys() == after["response"].keys()


def _content_shows(role: str, native: object, copy: object) -> bool:
    if native == copy:
        return True
    if role == "tool" or (role == "user" and isinstance(native, str) and native.startswith("observation")):
        return _texts_show(native, copy)
    if not isinstance(native, list) or not isinstance(copy, list | str):
        return False
    if copy == [block for block in native if block["type"] != "tool_result"]:
        return True
    kept = [block for block in native if block["type"] not in THINKING]
    if kept != native and (copy == kept or (not kept and isinstance(copy, str))):
        return True
    return isinstance(copy, list) and len(copy) >= len(native) and all(map(_block_shows, native, copy))


def _block_shows(native: Message, copy: Message) -> bool:
    if native["type"] != "tool_result":
        return native == copy
    same = {key: value for key, value in native.items() if key != "content"}
    rest = {key: value for key, value in copy.items() if key != "content"}
    return same == rest and _texts_show(native.get("content", ""), copy.get("content", ""))


def _texts_show(native: object, copy: object) -> bool:
    """Results may read otherwise; what is no text stays or leaves as a whole, with a stub in its place."""
    if isinstance(copy, str):
        return _notes(copy) or (isinstance(native, str) and _similar(native, copy))
    if not isinstance(native, list) or not isinstance(copy, list):
        return False
    pairs = list(zip(native, copy, strict=False))
    return len(copy) >= len(native) and all(
        a == b or (a["type"] == b["type"] in ("text", "input_text")) for a, b in pairs
    )


def _notes(text: str) -> bool:
    return text.startswith("[tool result cleared") or "\n[… clipped, " in text


def _similar(native: str, copy: str) -> bool:
    """Whether the texts are alike but for broken envelopes and a recitation behind."""
    before, recited, _ = copy.rpartition("<litany mark=")
    if recited and before.rstrip("\n") == native.rstrip("\n"):
        return True
    return native[:2] == copy[:2] != "<l" or (native.lstrip()[:1] in ("<", "＜") and not copy.startswith("<litany"))
