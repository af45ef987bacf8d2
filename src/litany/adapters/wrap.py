"""wrap: the client that an agent has, with litany's view in its requests."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, TypeVar

from litany.archive import Store
from litany.core.policy import Policy
from litany.errors import PolicyError
from litany.middleware import Conversations

Client = TypeVar("Client")
KNOWN = "a client of openai or anthropic, litellm.completion, litellm.acompletion, or a litellm.Router"


def wrap(
    client: Client,
    goal: str | None = None,
    constraints: Sequence[str] = (),
    policy: Policy | None = None,
    store: Store | None = None,
    key: str | None = None,
    summarize: Callable[[Sequence[object], str], object] | None = None,
    trace: Callable[[dict[str, Any]], object] | str | PathLike[str] | None = None,
    redact: Callable[[str], str] | bool | None = None,
    cache: bool = True,
) -> Client:
    """The client, like the one given and on its connections, whose requests carry litany's view of their messages.

        client = litany.wrap(OpenAI(), policy=Policy(window=128_000))
        client = litany.wrap(AsyncAnthropic(), store=SqliteStore("agents.litany"))
        completion = litany.wrap(litellm.completion)

    client -- of openai (chat completions and responses; sync, async, streamed, parsed, raw) or anthropic (messages,
    beta messages and the tool runner), litellm.completion, litellm.acompletion, or a litellm.Router. All else that it
    does passes through, and so do the host's own tools and system text; `isinstance` holds.
    goal, constraints, policy, store, summarize, trace, redact -- as a Litany takes them.
    key -- the name of the conversation that its calls belong to. None, and within `with litany.conversation(key)`: each
    call finds its own, by that key, else by the messages that it begins with.
    cache -- whether cache marks are placed for Anthropic where the host places none.

    A request that the provider refuses for its length is sent once more, smaller; a second refusal is the provider's
    own error; within a stream read raw (`with_raw_response`) an overflow is the host's. What litany cannot read goes on
    as it came, traced, for the provider to judge. What that reports corrects the counting, in a stream where the host
    asks for usage.
    Where the provider holds what was said (`previous_response_id`, `conversation`) a due recitation is appended,
    rarely, and nothing else is done. Anthropic's tool runner sends all messages on every call.
    litany's own tools are not added, for the host would be shown calls that it does not know, and an exchange hidden
    from it would part thinking from its prefix. To offer them: `wrapped.litany.tools("openai")` among the host's tools,
    and `wrapped.litany.find([*messages, answer], system).answer(call)` where it serves its own.
    Raises: PolicyError for what cannot be wrapped; in a call what a Litany raises for other reasons.
    """
    wrapped = _adapter(client)
    conversations = Conversations(goal, constraints, policy, store, summarize, trace, None, redact)
    return wrapped(client, conversations, key, cache)


def _adapter(client: Client) -> Callable[[Client, Conversations, str | None, bool], Client]:
    """What wraps a client of this package. Raises: PolicyError when nothing does."""
    roots = {kind.__module__.partition(".")[0] for kind in type(client).__mro__}
    if "openai" in roots and hasattr(client, "chat"):
        from litany.adapters import openai_client

        return openai_client.wrapped
    if "anthropic" in roots and hasattr(client, "messages"):
        from litany.adapters import anthropic_client

        return anthropic_client.wrapped
    if "litellm" in roots or str(getattr(client, "__module__", "")).partition(".")[0] == "litellm":
        from litany.adapters import litellm_client

        return litellm_client.wrapped
    raise PolicyError(f"litany cannot wrap {type(client).__module__}.{type(client).__qualname__}; it wraps {KNOWN}")
