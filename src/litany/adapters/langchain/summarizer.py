"""Summaries by a chat model of LangChain: the agent's own on the prefix that it has cached (a fork), or another one.

A fork sends the agent's own request with one user message more: same tools, tool choice, system text and settings, so
that the provider's prefix cache serves it. Another model is given the view as quoted data. The calls are tagged so that
their tokens reach no stream of the agent.
"""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.constants import TAG_NOSTREAM

from litany.adapters.answers import Answer, Bill, judged
from litany.adapters.asking import quoted
from litany.adapters.langchain.messages import LangChain
from litany.core.summary import SummaryError
from litany.errors import PolicyError
from litany.tokens import counter

Summarize = Callable[[Sequence[object], str], object] | BaseChatModel | str | bool | None
"""What a host may give to summarize with."""
QUIET: RunnableConfig = {"tags": [TAG_NOSTREAM], "metadata": {"lc_source": "summarization"}}
"""What keeps a call out of the agent's streams."""
ROOM = 100_000
"""Tokens of a quoted view, where the model does not say what it takes."""
SHARE = 0.7
"""How much of a model's window a quoted view may fill by our own count."""


@dataclass(slots=True)
class Agent:
    """The request that a summary is asked for beside of. Within `with`, the summarizer asks for this one."""

    model: Any
    tools: Sequence[Any] = ()
    tool_choice: Any = None
    system: SystemMessage | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    waits: bool = False
    """Whether the caller is a task, which awaits the answer."""
    _token: Token["Agent | None"] | None = None

    def __enter__(self) -> "Agent":
        self._token = _AGENT.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._token is not None:
            _AGENT.reset(self._token)

    def bound(self) -> Runnable[Any, Any]:
        """The model as the agent calls it."""
        if not isinstance(self.model, BaseChatModel):
            bound: Runnable[Any, Any] = self.model
            return bound
        if not self.tools:
            return self.model.bind(**self.settings)
        return self.model.bind_tools(list(self.tools), tool_choice=self.tool_choice, **self.settings)


_AGENT: ContextVar[Agent | None] = ContextVar("litany_langchain_agent", default=None)


class ModelSummarizer:
    """A summarizer on a chat model; None: the agent's own."""

    def __init__(self, model: BaseChatModel | None = None) -> None:
        self._model = model

    def __call__(self, messages: Sequence[Any], prompt: str, /) -> object:
        """The summary, or an awaitable of it where a task asks. Raises: SummaryError, and what the model raises."""
        agent = _AGENT.get() or Agent(self._model)
        model, asked = self._asked(agent, messages, prompt)
        if agent.waits:
            return _answered_async(model, asked)
        return _judged(model.invoke(asked, QUIET))

    def _asked(
        self, agent: Agent, messages: Sequence[Any], prompt: str
    ) -> tuple[Runnable[Any, Any], list[BaseMessage]]:
        """Whom to ask, and what."""
        if self._model is not None:
            return self._model, [HumanMessage(_quoted(self._model, messages, prompt))]
        system = [] if agent.system is None or not messages else [agent.system]
        return agent.bound() if messages else agent.model, [*system, *messages, HumanMessage(prompt)]


def summarizer(given: object) -> Callable[[Sequence[object], str], object] | None:
    """What a host gives to summarize with: a function, a chat model or its name, True for the agent's own model.

    Raises: PolicyError for anything else.
    """
    if given is None or given is False:
        return None
    if given is True:
        return ModelSummarizer()
    if isinstance(given, str):
        from langchain.chat_models import init_chat_model

        return ModelSummarizer(init_chat_model(given))
    if isinstance(given, BaseChatModel):
        return ModelSummarizer(given)
    if callable(given):
        return given
    raise PolicyError(f"`summarize` is a {type(given).__name__}; give a function, a chat model, its name, or True")


async def _answered_async(model: Runnable[Any, Any], asked: list[BaseMessage]) -> str:
    return _judged(await model.ainvoke(asked, QUIET))


def _judged(message: object) -> str:
    """Its text, when it is a summary."""
    if not isinstance(message, AIMessage):
        raise SummaryError(f"the model answered with a {type(message).__name__}")
    said = message.response_metadata
    finish = str(said.get("finish_reason") or said.get("stop_reason") or "")
    calls = message.tool_calls
    written = message.usage_metadata["output_tokens"] if message.usage_metadata else 0
    return judged(Answer(str(message.text), finish, calls[0]["name"] if calls else "", Bill(completion=written)))


def _quoted(model: BaseChatModel, messages: Sequence[Any], prompt: str) -> str:
    """The prompt with the view as data, its middle left out where the model's window is small."""
    profile: Mapping[str, Any] = getattr(model, "profile", None) or {}
    room = int(SHARE * profile.get("max_input_tokens", ROOM / SHARE))
    dialect = LangChain()
    views = [{"said": dialect.plain(message)} for message in messages]
    return quoted(prompt, views, room, counter())
