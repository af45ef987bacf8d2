"""tau2-bench: calls with plain arguments, results that name their call by `id`, and a user who calls tools too."""

import json
from typing import Any

from litany.replay.formats.shape import Message, messages_in, openai
from litany.replay.run import Run

KEYS = ("role", "content", "tool_calls", "tool_call_id")


def fits(messages: list[Message]) -> bool:
    """Turn numbers or requestors in messages, or calls whose name is not inside a function."""
    return any("turn_idx" in message or "requestor" in message or _plain_calls(message) for message in messages)


def read(value: object, source: str, index: int) -> Run:
    """The agent's side of the conversation; what the simulated user did with tools is left out."""
    return Run(
        source=source,
        index=index,
        format="tau2",
        dialect="openai",
        messages=tuple(_message(message) for message in messages_in(value) if not _users_own(message)),
    )


def simulations(value: dict[str, Any]) -> list[Any]:
    """The runs of a results file, each with the policy that its agent had as the system message."""
    environment = value["info"].get("environment_info") if isinstance(value.get("info"), dict) else None
    policy = environment.get("policy") if isinstance(environment, dict) else None
    if not isinstance(policy, str):
        return list(value["simulations"])
    return [_under(policy, simulation) for simulation in value["simulations"]]


def _under(policy: str, simulation: Any) -> Any:
    if not isinstance(simulation, dict) or not isinstance(simulation.get("messages"), list):
        return simulation
    return {**simulation, "messages": [{"role": "system", "content": policy}, *simulation["messages"]]}


def _users_own(message: Message) -> bool:
    if message["role"] == "user":
        return bool(message.get("tool_calls"))
    return message["role"] == "tool" and message.get("requestor") == "user"


def _plain_calls(message: Message) -> bool:
    calls = message.get("tool_calls")
    return isinstance(calls, list) and any("function" not in call and "arguments" in call for call in calls)


def _message(message: Message) -> Message:
    if message["role"] == "tool":
        return openai({**message, "tool_call_id": message.get("tool_call_id", message.get("id"))}, KEYS)
    if message.get("tool_calls"):
        return openai({**message, "tool_calls": [_call(call) for call in message["tool_calls"]]}, KEYS)
    return openai(message, KEYS)


def _call(call: dict[str, Any]) -> dict[str, Any]:
    if "function" in call:
        return call
    arguments = call.get("arguments") or {}
    spelled = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return {"id": call.get("id"), "type": "function", "function": {"name": call.get("name"), "arguments": spelled}}
