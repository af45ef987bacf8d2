"""A hook for those who run LiteLLM's proxy: each request of an agent goes on with the view of its conversation.

In a file beside the proxy's configuration, `agents.py`:

    from litany import Policy, SqliteStore
    from litany.adapters.litellm_proxy import LitanyHook

    hook = LitanyHook(policy=Policy(window=128_000), store=SqliteStore("agents.litany"))

and in the configuration: `litellm_settings: {callbacks: agents.hook}`. A conversation is named by the header
x-litany-conversation, or by LiteLLM's own session id, else told by its messages; its goal by the header x-litany-goal.
The same name or the same messages under another key, team or user of the proxy are another conversation.
"""

import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from hashlib import sha256
from os import PathLike
from typing import Any

from litellm.integrations.custom_logger import CustomLogger

from litany.adapters.clients.body import ELSEWHERE
from litany.adapters.underway import UnderWay
from litany.archive import Store
from litany.core.policy import Policy
from litany.errors import LitanyError, MessageError
from litany.middleware import Conversations, Exchange
from litany.middleware.usage import prompt_tokens
from litany.overflow import overflowed

DIALECTS = {
    "completion": ("openai", "messages", None),
    "acompletion": ("openai", "messages", None),
    "anthropic_messages": ("anthropic", "messages", "system"),
    "responses": ("responses", "input", "instructions"),
    "aresponses": ("responses", "input", "instructions"),
}
"""Calls of the proxy: their dialect, where the messages stand, and where the system text does beside them."""
CONVERSATION, GOAL, SESSION = "x-litany-conversation", "x-litany-goal", "x-litellm-session-id"

CALLER = ("api_key", "team_id", "user_id")
"""What LiteLLM knows of a caller: the hash of its key, its team, its user."""


class LitanyHook(CustomLogger):
    """What LiteLLM's proxy calls before and after each request."""

    def __init__(
        self,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Callable[[Sequence[object], str], object] | None = None,
        trace: Callable[[dict[str, Any]], object] | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """The options of a Litany, for every conversation. Raises: PolicyError, AgendaError."""
        super().__init__()
        self._door = Conversations(goal, constraints, policy, store, summarize, trace, redact=redact)
        self._under_way = UnderWay()

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: Any
    ) -> dict[str, Any]:
        """The request with the view in the place of its messages; as it came where litany cannot read them.

        Raises: WindowTooSmall, StateError, PolicyError: the proxy tells the client.
        """
        known = DIALECTS.get(str(getattr(call_type, "value", call_type)))
        if known is None or any(data.get(name) for name in ELSEWHERE):
            return data
        dialect, name, beside = known
        messages = data.get(name)
        if not isinstance(messages, list) or not messages:
            return data
        headers = _headers(data)
        key = headers.get(CONVERSATION) or headers.get(SESSION) or data.get("litellm_session_id") or None
        caller = _caller(user_api_key_dict)
        key = None if key is None else f"{caller}{key}"
        system = data.get(beside) if beside else None
        tools, goal = data.get("tools") or (), headers.get(GOAL) or None
        try:
            exchange = await self._door.open_async(messages, system, tools, key, goal, dialect=dialect, tenant=caller)
        except MessageError:
            return data  # what the provider may know and litany does not is for the provider to judge
        self._hold(data, exchange)
        return {**data, name: exchange.view}

    async def async_post_call_success_hook(self, data: dict[str, Any], user_api_key_dict: Any, response: Any) -> Any:
        """Takes what the provider reported."""
        exchange = self._let_go(data)
        if exchange is not None:
            exchange.used(_usage(response))
        return response

    async def async_post_call_streaming_iterator_hook(
        self, user_api_key_dict: Any, response: Any, request_data: dict[str, Any]
    ) -> AsyncGenerator[Any, None]:
        """The stream as it is, and takes what is reported in it."""
        usage: object = None
        async for item in response:
            usage = max(usage, _usage(item), key=prompt_tokens)
            yield item
        exchange = self._let_go(request_data)
        if exchange is not None and prompt_tokens(usage):
            exchange.used(usage)

    async def async_post_call_failure_hook(
        self,
        request_data: dict[str, Any],
        original_exception: Exception,
        user_api_key_dict: Any,
        traceback_str: str | None = None,
    ) -> None:
        """After an overflow the view is made smaller: the client that tries again gets that one."""
        exchange = self._let_go(request_data)
        if exchange is None or self._door.policy.shadow or not overflowed(original_exception):
            return
        try:
            await exchange.shrink_async()
        except LitanyError:
            return  # nothing smaller can be sent: what the provider said stands

    def _hold(self, data: Mapping[str, Any], exchange: Exchange) -> None:
        call = data.get("litellm_call_id")
        if isinstance(call, str):
            self._under_way.hold(call, exchange)

    def _let_go(self, data: Mapping[str, Any]) -> Exchange | None:
        return self._under_way.take(str(data.get("litellm_call_id")))


def _caller(auth: object) -> str:
    """What stands before a conversation's name, so that callers do not share one; "" where the proxy knows none."""
    known = [str(getattr(auth, name, None) or "") for name in CALLER]
    return f"{sha256(json.dumps(known).encode()).hexdigest()[:16]}:" if any(known) else ""


def _headers(data: Mapping[str, Any]) -> dict[str, str]:
    """The headers with which the client came, their names in lower case."""
    request = data.get("proxy_server_request")
    headers = request.get("headers") if isinstance(request, Mapping) else None
    found = headers if isinstance(headers, Mapping) else {}
    return {str(name).lower(): value for name, value in found.items() if isinstance(value, str)}


def _usage(answer: object) -> object:
    return answer.get("usage") if isinstance(answer, Mapping) else getattr(answer, "usage", None)
