"""mini-swe-agent: a .traj.json with its exit status beside the messages, or inside `info`."""

from litany.replay.formats.shape import OPENAI_KEYS, has_calls, messages_in, openai
from litany.replay.run import Run


def fits(value: object) -> bool:
    """The format's name, or an exit status with what the run spent."""
    if not isinstance(value, dict):
        return False
    if str(value.get("trajectory_format", "")).startswith("mini-swe-agent"):
        return True
    info = value["info"] if isinstance(value.get("info"), dict) else value
    return "exit_status" in info and ("model_stats" in info or "submission" in info)


def read(value: object, source: str, index: int) -> Run:
    """The chat without what was noted beside it; the last note, of role `exit`, is no message."""
    messages = tuple(openai(message, OPENAI_KEYS) for message in messages_in(value) if message["role"] != "exit")
    return Run(
        source=source,
        index=index,
        format="mini-swe-agent",
        dialect="openai",
        messages=messages,
        observations="tool" if has_calls(messages) else "user",
    )
