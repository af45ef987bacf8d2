"""Claude Code session files: an entry a line, linked to a tree by `parentUuid`, as Anthropic messages.

A session can hold several trees (the conversation, and the sidechains of its sub-agents) and branches (the user went
back). Each tree with an answer is a run; of its branches, the one that ends last in the file. What was compacted is
still in the file: the whole record is replayed, and the summary that Claude Code put in its place is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from litany.errors import TrajectoryError
from litany.replay.formats.pairing import Entry, Log
from litany.replay.formats.shape import Message, blocks, text, word
from litany.replay.run import Run

Record = dict[str, Any]
MARKS = frozenset({"sessionId", "uuid", "parentUuid", "leafUuid", "messageId", "isSidechain"})
INJECTED = (
    "<command-name>",
    "<command-message>",
    "<command-args>",
    "<local-command-",
    "<bash-input>",
    "<bash-stdout>",
    "<bash-stderr>",
    "<task-notification>",
    "<system-reminder>",
    "Caveat: The messages below were generated",
    "[Request interrupted by user",
)
THINKING = ("thinking", "redacted_thinking")


@dataclass(frozen=True, slots=True)
class Tree:
    """The entries of one conversation in file order, and the parent of each."""

    records: tuple[Record, ...]
    parents: Mapping[str, str]


def fits(first: Mapping[str, Any]) -> bool:
    """A typed line with one of the keys that link a session together."""
    return isinstance(first.get("type"), str) and not MARKS.isdisjoint(first)


def read(records: list[Any], source: str, index: int) -> Iterator[Run]:
    """One run a tree that holds an answer, in file order."""
    found = [record for tree in _trees(records) if (record := _run(tree, source)) is not None]
    if not found:
        raise TrajectoryError("a Claude Code session without a conversation (no assistant message)")
    for place, (messages, injected) in enumerate(found, start=index):
        yield Run(
            source=source,
            index=place,
            format="claude-code",
            dialect="anthropic",
            messages=tuple(messages),
            demonstrations=injected,
        )


def _trees(records: list[Any]) -> list[Tree]:
    linked: dict[str, Record] = {}
    for record in records:
        if isinstance(record, dict) and isinstance(record.get("uuid"), str):
            linked.setdefault(record["uuid"], record)
    parents = _parents(linked)
    roots: dict[str, str] = {}
    grown: dict[str, list[Record]] = {}
    for key, record in linked.items():
        grown.setdefault(_root(key, parents, roots), []).append(record)
    whole = (tree for root, tree in grown.items() if not _is_part(linked[root]))
    return [Tree(tuple(tree), parents) for tree in whole]


def _is_part(root: Record) -> bool:
    """A sidechain whose beginning is not in the file is no whole run."""
    return bool(root.get("isSidechain")) and word(root, "parentUuid") is not None


def _parents(linked: Mapping[str, Record]) -> dict[str, str]:
    """The parent of each entry. One that is lost, or cut off by a compaction, is the entry before in the main chain."""
    parents: dict[str, str] = {}
    before: str | None = None
    for key, record in linked.items():
        named = word(record, "parentUuid") or word(record, "logicalParentUuid")
        lost = named not in linked and (named is not None or _is_boundary(record)) and not record.get("isSidechain")
        parent = before if lost else named
        if parent is not None and parent in linked and parent != key:
            parents[key] = parent
        if not record.get("isSidechain"):
            before = key
    return parents


def _is_boundary(record: Record) -> bool:
    return record.get("subtype") == "compact_boundary" or bool(record.get("isCompactSummary"))


def _root(key: str, parents: Mapping[str, str], roots: dict[str, str]) -> str:
    path: dict[str, None] = {}
    while key in parents and key not in roots and key not in path:
        path[key] = None
        key = parents[key]
    root = roots.get(key, key)
    roots.update(dict.fromkeys(path, root))
    return root


def _run(tree: Tree, source: str) -> tuple[list[Message], frozenset[int]] | None:
    log = Log()
    made: dict[str, Entry] = {}
    for record in _branch(tree):
        _take(log, made, record)
    _close(log)
    if not any(entry.message["role"] == "assistant" for entry in log.entries):
        return None
    messages: list[Message] = []
    injected: set[int] = set()
    for entry in log.entries:
        if entry.injected:
            injected.add(len(messages))
        messages.append(entry.message)
        if entry.results:
            messages.append({"role": "user", "content": entry.results})
    return messages, frozenset(injected)


def _branch(tree: Tree) -> list[Record]:
    """The branch that ends last, in file order, with parallel calls and their results, which stand beside the path."""
    spoken = [record for record in tree.records if record.get("type") in ("user", "assistant")]
    at: str | None = spoken[-1]["uuid"] if spoken else None
    path: set[str] = set()
    while at is not None and at not in path:
        path.add(at)
        at = tree.parents.get(at)
    answers = {_id(record) for record in spoken if record["uuid"] in path} - {None}
    kept = [record for record in spoken if record["uuid"] in path or _id(record) in answers]
    calls = {word(block, "id") for record in kept for block in _blocks(record) if block.get("type") == "tool_use"} - {
        None
    }
    ours = {record["uuid"] for record in kept}
    return [record for record in spoken if record["uuid"] in ours or _answers(record, calls)]


def _id(record: Record) -> str | None:
    message = record.get("message")
    return word(message, "id") if isinstance(message, dict) and record["type"] == "assistant" else None


def _blocks(record: Record) -> list[Message]:
    message = record.get("message")
    return blocks(message) if isinstance(message, dict) else []


def _answers(record: Record, calls: set[str | None]) -> bool:
    return any(block.get("type") == "tool_result" and word(block, "tool_use_id") in calls for block in _blocks(record))


def _take(log: Log, made: dict[str, Entry], record: Record) -> None:
    message = record.get("message")
    if not isinstance(message, dict) or _was_never_sent(record, message):
        return
    if record["type"] == "assistant":
        _assistant(log, made, message)
    elif not (record.get("isCompactSummary") and log.entries):
        _user(log, message, bool(record.get("isMeta")))


def _was_never_sent(record: Record, message: Message) -> bool:
    synthetic = record.get("isApiErrorMessage") or message.get("model") == "<synthetic>"
    return bool(synthetic or (record.get("isVisibleInTranscriptOnly") and not record.get("isCompactSummary")))


def _assistant(log: Log, made: dict[str, Entry], message: Message) -> None:
    content = message.get("content")
    entry = made.get(str(message.get("id")))
    if entry is None:
        entry = log.add({"role": "assistant", "content": []})
        if isinstance(message.get("id"), str):
            made[message["id"]] = entry
    for block in [{"type": "text", "text": content}] if isinstance(content, str) else blocks(message):
        if block not in entry.message["content"] and not _is_blank(block):
            entry.message["content"].append(block)
            if block.get("type") == "tool_use":
                log.callers[str(block.get("id"))] = entry


def _is_blank(block: Message) -> bool:
    return block.get("type") == "text" and not str(block.get("text") or "").strip()


def _user(log: Log, message: Message, meta: bool) -> None:
    rest = [block for block in blocks(message) if not _is_answer(log, block)]
    if rest or isinstance(message.get("content"), str):
        kept = {"role": "user", "content": rest or message["content"]}
        log.add(kept, injected=meta or text(kept).lstrip().startswith(INJECTED))


def _is_answer(log: Log, block: Message) -> bool:
    return block.get("type") == "tool_result" and log.answer(str(block.get("tool_use_id")), block)


def _close(log: Log) -> None:
    """Leave out what Claude Code itself leaves out when it sends: thinking at the end, and messages of nothing."""
    for entry in log.entries:
        content = entry.message["content"]
        if entry.message["role"] == "assistant":
            while content and content[-1].get("type") in THINKING:
                content.pop()
    log.entries[:] = [entry for entry in log.entries if entry.message["content"]]
