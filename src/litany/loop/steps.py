"""The steps of a run: the model answers, its tools are called, and the gate looks before the end.

Each may be walked again after a kill. What the journal holds is not done twice: an answer that was paid is not asked
for again, a result stays, and a call that had begun without a result is told of as unknown.
"""

from asyncio import timeout
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

from litany.adapters.langgraph.place import Place
from litany.loop import gate, stuck
from litany.loop.asking import Answer
from litany.loop.checks import unmet
from litany.loop.journal import Message, Spent
from litany.loop.limits import reached
from litany.loop.offer import SUBTASK
from litany.loop.prompt import UNKNOWN
from litany.loop.taken import raw, taken
from litany.loop.tools import Ran
from litany.loop.work import Work
from litany.middleware.tools import NAMES
from litany.models import Unanswered

NEAR = 2 * stuck.TIMES * stuck.LAST * 8
"""Messages at the end of the record in which a step that is taken again and again is looked for."""


class Loop:
    """The nodes of one run."""

    def __init__(self, work: Work) -> None:
        self._work, self._since, self._billed = work, monotonic(), work.bill()

    async def model(self, place: Place) -> Place:
        """The model's next message; the end, where a limit was reached."""
        work, at = self._work, place["at"]
        cut = False
        if len(work.journal.messages) == at:
            answer = await self._in_time()
            if answer is None:
                return {**place, "next": "", "end": "limit"}
            cut = answer.completion.finish == "length"
            work.journal.add(at, taken(answer.completion.message, at), self._spent(answer))
            self._tell(answer, work.journal.messages[at])
        calls = work.journal.messages[at].get("tool_calls")
        return {**place, "at": at + 1, "cut": cut, "next": "tools" if calls else "gate"}

    async def tools(self, place: Place) -> Place:
        """The results of the calls that the last message makes, in their order."""
        journal, at = self._work.journal, place["at"]
        calls = journal.messages[at - 1]["tool_calls"]
        for number, call in enumerate(calls):
            if len(journal.messages) > at + number:
                continue
            ran, spent = await self._ran(call, f"{at - 1}-{number}")
            result: Message = {"role": "tool", "tool_call_id": call["id"], "content": ran.text}
            if number == len(calls) - 1:
                result["content"] += self._note([*journal.messages[-NEAR:], result])
            journal.add(at + number, result, spent)
        times = stuck.repeats(journal.messages[-NEAR:])
        ends = times >= stuck.TIMES * stuck.LAST
        return {**place, "at": at + len(calls), "next": "" if ends else "model", "end": "stuck" if ends else ""}

    async def gate(self, place: Place) -> Place:
        """Lets the agent stop, or sends it back."""
        work, at = self._work, place["at"]
        if len(work.journal.messages) == at:
            open, answer = await self.open(), work.journal.messages[at - 1]
            stops = "" if place["cut"] or not gate.said(answer) else self._stops(open, answer)
            if stops:
                return {**place, "next": "", "end": stops}
            if place["told"] >= gate.TIMES:
                return {**place, "next": "", "end": "open" if open or place["cut"] else "done"}
            text = gate.inserted(gate.CUT) if place["cut"] else gate.told(open) if open else gate.inserted(gate.EMPTY)
            work.journal.add(at, {"role": "user", "content": text})
            work.say("told", text=text, open=open)
        return {**place, "at": at + 1, "told": place["told"] + 1, "cut": False, "next": "model"}

    def _stops(self, open: Sequence[str], answer: Message) -> str:
        """How the run ends with this answer; "" where it is sent back.

        A question ends it as one, but for the polite one at the end of work that is known to be done: "Anything else?".
        """
        if not open and (self._work.agenda.todos or self._work.order.task.done or not gate.asks(answer)):
            return "done"
        return "asks" if gate.asks(answer) else ""

    async def open(self) -> list[str]:
        """What is still open."""
        order = self._work.order
        return [*gate.open_todos(self._work.agenda), *await unmet(order.task.done, order.folder)]

    def rested(self) -> None:
        """Writes down the time since the last answer."""
        self._work.journal.took(self._passed())

    async def _in_time(self) -> Answer | None:
        """The answer; None where a limit was reached before it, or the time was up while it was waited for."""
        limits, now = self._work.order.task.limits, self._now()
        if reached(limits, now):
            return None
        try:
            async with timeout(None if limits.seconds is None else limits.seconds - now.seconds) as left:
                return await self._answer()
        except TimeoutError:
            if left.expired():
                return None
            raise

    async def _answer(self) -> Answer:
        work = self._work
        record, host = list(work.journal.messages), work.box.schemas()
        offered = [*host, *work.own]
        view = await work.litany(record, tools=host)
        work.say("sending", **work.sections())
        try:
            answer = await work.asking(view, offered, work.place())
        except Unanswered as error:
            if error.failure.kind != "window":
                raise
            view = work.litany.shrink(record, tools=host)
            work.say("shrunk", why=str(error), **work.sections())
            answer = await work.asking(view, offered, work.place())
        work.litany.used({"prompt_tokens": answer.completion.usage.prompt})
        return answer

    async def _ran(self, call: Mapping[str, Any], place: str) -> tuple[Ran, Spent | None]:
        work, tool, arguments = self._work, call["function"]["name"], raw(call["function"]["arguments"])
        key = f"{work.order.id}:{place}:{call['id']}"
        work.say("called", tool=tool, arguments=arguments, key=key)
        began, spent = monotonic(), None
        if tool in NAMES:
            text = work.litany.answer({**call, "function": {"name": tool, "arguments": arguments}})
            ran = Ran(text, text.startswith("error:"))
            work.told()
        elif tool == SUBTASK and work.delegate is not None:
            ran, spent = await work.delegate(place, arguments)
        elif not work.journal.begin(key, tool) and not work.box.idempotent(tool):
            work.say("unknown", tool=tool, key=key)
            ran = Ran(UNKNOWN.replace("{tool}", tool), True)
        else:
            ran = await work.box.call(tool, arguments, key)
        work.say("gave", tool=tool, text=ran.text, failed=ran.failed, seconds=round(monotonic() - began, 3))
        return ran, spent

    def _note(self, end: Sequence[Mapping[str, Any]]) -> str:
        """What stands behind the result of a step that was taken too often; then the agenda is recited as well."""
        times, goal = stuck.repeats(end), self._work.agenda.goal
        if not times or times % stuck.TIMES or goal is None:
            return ""
        self._work.say("stuck", tool=end[-1 - _results(end)]["tool_calls"][0]["function"]["name"], times=times)
        self._work.litany.revise(goal=goal.text)
        return stuck.note(times, goal.text)

    def _tell(self, answer: Answer, message: Message) -> None:
        usage = answer.completion.usage
        took = {"prompt": usage.prompt, "cached": usage.cached, "completion": usage.completion, "cost": answer.cost}
        calls = [call["function"]["name"] for call in message.get("tool_calls") or ()]
        self._work.say("answered", text=message.get("content") or "", calls=calls, model=answer.model, **took)

    def _spent(self, answer: Answer) -> Spent:
        """What the answer took, and the summaries since the one before."""
        usage, bill, before = answer.completion.usage, self._work.bill(), self._billed
        self._billed = bill
        return Spent(
            1,
            usage.prompt + bill.prompt - before.prompt,
            usage.cached + bill.cached - before.cached,
            usage.completion + bill.completion - before.completion,
            (answer.cost or 0.0) + bill.cost - before.cost,
            (answer.cost is None) + bill.unpriced - before.unpriced,
            self._passed(),
        )

    def _now(self) -> Spent:
        return self._work.journal.spent + Spent(seconds=monotonic() - self._since)

    def _passed(self) -> float:
        """Seconds since this was asked last."""
        since, self._since = self._since, monotonic()
        return self._since - since


def _results(end: Sequence[Mapping[str, Any]]) -> int:
    """How many results the messages end with."""
    number = 0
    while end[-1 - number]["role"] == "tool":
        number += 1
    return number
