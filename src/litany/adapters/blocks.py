"""Blocks: the dialect of a host whose messages hold a list of blocks; what is the host's own is told by its Form.

A Form says what each block is, and writes the few that litany changes. What is unchanged leaves as the very object that
came; what is changed as a shallow copy that the Form makes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from litany.core.message import Call, Message, Role
from litany.core.ports import Count

FRAME = 4
CALL_FRAME = 6
ROLES: Mapping[object, Role] = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
}


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a message as litany reads it."""

    native: object
    text: str | None = None
    """What is said, or thought; None where it holds no such text."""
    call: Call | None = None
    answers: str | None = None
    """The id of the call whose result it is."""
    slots: tuple[str, ...] = ()
    """The texts of that result."""
    thinks: bool = False
    bound: bool = False
    """Whether it is a thought that is bound to the prefix that produced it."""
    tokens: int = 0
    """Tokens beside its texts: pictures, files, what is sealed."""


class Form(Protocol):
    """How one host writes its messages."""

    @property
    def name(self) -> str:
        """The dialect's name."""

    def role(self, native: object, /) -> Role:
        """Who speaks. Raises: MessageError when it is no message of this host's."""

    def blocks(self, native: object, /) -> Sequence[Block]:
        """What the message holds."""

    def plain(self, native: object, /) -> str:
        """The message as JSON."""

    def digest(self, native: object, /) -> str:
        """Hash of what a model reads of it."""

    def holding(self, native: object, blocks: Sequence[object], /) -> object:
        """A shallow copy that holds these blocks."""

    def said(self, text: str, /) -> object:
        """A block that says the text."""

    def user(self, text: str, /) -> object:
        """A user message."""

    def failed(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """Messages that hold an error as the result of each call."""

    def changed(self, block: object, change: Callable[[str], str], /) -> object:
        """A shallow copy of a result in which each of its texts, in their order, is as the function gives it."""

    def stub(self, block: object, text: str, /) -> object:
        """A shallow copy of a result that is only the text."""

    def longer(self, block: object, text: str, /) -> object:
        """A shallow copy of a result that ends with the text."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """The dialect of a host with this Form."""

    form: Form
    alternates: bool = False

    @property
    def name(self) -> str:
        """The host's name."""
        return self.form.name

    def read(self, native: object, count: Count, observed: bool, /) -> Message:
        """The message, counted. Raises: MessageError when it is none."""
        role, blocks = self.form.role(native), self.form.blocks(native)
        results = [block for block in blocks if block.answers is not None]
        said = [block for block in blocks if block.answers is None and block.call is None and not block.thinks]
        thought = [block for block in blocks if block.thinks]
        calls = tuple(block.call for block in blocks if block.call is not None)
        observed = observed and not results
        texts = tuple(block.text for block in said if block.text is not None)
        slots = texts if observed else tuple(text for block in results for text in block.slots)
        sizes = tuple(map(count, slots))
        loose = sum(FRAME + block.tokens + count(block.text or "") for block in thought)
        spoken = FRAME + sum(block.tokens for block in said) + (0 if observed else sum(map(count, texts)))
        tokens = spoken + loose + sum(sizes) + sum(FRAME + block.tokens for block in results)
        return Message(
            role=Role.TOOL if observed or (results and not "".join(texts).strip()) else role,
            text="" if observed else "\n".join(texts),
            calls=calls,
            answers=tuple(block.answers for block in results if block.answers is not None),
            slots=slots,
            sizes=sizes,
            bound=any(block.bound for block in thought),
            loose=loose,
            tokens=tokens + sum(CALL_FRAME + count(call.name) + count(call.arguments) for call in calls),
            said=spoken if results else 0,
            digest=self.form.digest(native),
        )

    def plain(self, native: object, /) -> str:
        """The message as JSON."""
        return self.form.plain(native)

    def digest(self, native: object, /) -> str:
        """Hash of what a model reads of the message."""
        return self.form.digest(native)

    def user(self, text: str, /) -> object:
        """A user message."""
        return self.form.user(text)

    def system(self, text: str, after: object, /) -> object | None:
        """None: not every model that these hosts reach takes one in mid-conversation."""
        return None

    def repair(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """Error results."""
        return self.form.failed(calls, text)

    def joined(self, extra: Sequence[object], own: object | None, /) -> Sequence[object]:
        """The messages as they are."""
        return extra if own is None else [*extra, own]

    def rewritten(self, native: object, texts: Mapping[int, str], /) -> object:
        """A copy in which the named texts of its results read otherwise."""
        blocks = self.form.blocks(native)
        carries = any(block.answers is not None for block in blocks)
        change, out = _numbered(texts), list[object]()
        for block in blocks:
            if block.answers is not None:
                out.append(self.form.changed(block.native, change))
            elif not carries and block.text is not None and not block.thinks:
                new = change(block.text)
                out.append(block.native if new == block.text else self.form.said(new))
            else:
                out.append(block.native)
        return self.form.holding(native, out)

    def cleared(self, native: object, stub: str, /) -> object:
        """A copy in which each result is the stub."""
        blocks = self.form.blocks(native)
        if all(block.answers is None for block in blocks):
            return self.form.holding(native, [self.form.said(stub)])
        out = [block.native if block.answers is None else self.form.stub(block.native, stub) for block in blocks]
        return self.form.holding(native, out)

    def spoken(self, native: object, /) -> object:
        """A copy without its results."""
        kept = [block.native for block in self.form.blocks(native) if block.answers is None]
        return self.form.holding(native, kept)

    def bare(self, native: object, /) -> object:
        """A copy without thoughts."""
        kept = [block.native for block in self.form.blocks(native) if not block.thinks]
        return self.form.holding(native, kept or [self.form.said("(thinking left out)")])

    def appended(self, native: object, text: str, /) -> object | None:
        """A copy whose last result ends with the text; None where no result stands last."""
        blocks = self.form.blocks(native)
        if not blocks or blocks[-1].answers is None:
            return None
        return self.form.holding(
            native, [*(block.native for block in blocks[:-1]), self.form.longer(blocks[-1].native, text)]
        )


def _numbered(texts: Mapping[int, str]) -> Callable[[str], str]:
    """Gives the text that is to stand in the place of each, as they come."""
    number = -1

    def change(text: str) -> str:
        nonlocal number
        number += 1
        return texts.get(number, text)

    return change
