"""A model through LiteLLM, over real HTTP against the strict provider; and as an eval asks it by its name."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from litany.adapters.failing import NoAnswer
from litany.adapters.litellm_model import LiteLLMModel
from litany.core.completion import Usage
from litany.errors import EvalError, PolicyError
from litany.models import Unanswered, model_named
from litany.testing import Fault, Provider, Reply
from tests.adapters.asked import CALLING, CHAT, CLAUDE, GPT, LONG, MARKS, TOOLS, base

pytestmark = [*MARKS, pytest.mark.usefixtures("litellm")]
ASKED: list[dict[str, Any]] = [{"role": "user", "content": "Is the tide in?"}]
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY")


def model(provider: Provider, name: str = GPT, **fields: Any) -> LiteLLMModel:
    return LiteLLMModel(name, api_base=base(provider, name), api_key="key", **fields)


@pytest.mark.parametrize("name", [GPT, CLAUDE])
def test_an_answer_comes_with_what_it_took(name: str) -> None:
    with Provider(["It is.", "It still is."]) as provider:
        asked = model(provider, name)
        first, second = asked(CHAT, TOOLS), asked(CHAT, TOOLS)

    assert (first.message, first.finish) == ({"role": "assistant", "content": "It is."}, "stop")
    assert first.usage.prompt > 300
    assert first.usage.completion > 0
    assert second.usage.cached == (second.usage.prompt if name == GPT else 0)
    assert (asked.price(first.usage) or 0) > 0


def test_the_request_is_what_was_given_and_nothing_else() -> None:
    with Provider(["yes"]) as provider:
        model(provider, options={"temperature": 0.0})(CHAT, TOOLS)
        (request,) = provider.requests

    (call,) = (message for message in request.body["messages"] if message.get("tool_calls"))
    call["content"] = None  # LiteLLM leaves out what is null
    assert request.body == {"model": "gpt-4o-mini", "messages": CHAT, "tools": TOOLS, "temperature": 0.0}


@pytest.mark.parametrize("name", [GPT, CLAUDE])
def test_a_call_is_read_as_openai_writes_it(name: str) -> None:
    use = {"role": "assistant", "content": [{"type": "tool_use", "id": "c1", "name": "look", "input": {"at": "sea"}}]}
    with Provider([CALLING if name == GPT else use]) as provider:
        done = model(provider, name)(ASKED, TOOLS)

    calls: Any = done.message["tool_calls"]
    (call,) = calls
    assert done.finish == "tool_calls"
    assert (call["id"], call["type"], call["function"]["name"]) == ("c1", "function", "look")
    assert call["function"]["arguments"].replace(" ", "") == '{"at":"sea"}'


def test_an_answer_that_was_cut_off_says_so() -> None:
    with Provider([Reply({"role": "assistant", "content": "half a"}, "length")]) as provider:
        assert model(provider)(ASKED).finish == "length"


@pytest.mark.parametrize(
    ("fault", "kind", "passes"),
    [
        (Fault(status=429, retry_after=7), "rate_limit", True),
        (Fault(status=429, text="You exceeded your current quota: insufficient_quota"), "rate_limit", False),
        (Fault(status=500), "provider", True),
        (Fault(status=503), "provider", True),
        (Fault(status=401), "provider", False),
        (Fault(status=404), "provider", False),
        (Fault(reset_after=0), "provider", True),
    ],
)
def test_what_goes_wrong_has_a_kind_and_is_asked_once(fault: Fault, kind: str, passes: bool) -> None:
    with Provider(["yes"], faults=[fault]) as provider:
        with pytest.raises(NoAnswer) as raised:
            model(provider)(ASKED)

        assert len(provider.requests) == 1
    assert (raised.value.kind, raised.value.passes) == (kind, passes)
    assert raised.value.wait == fault.retry_after
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", [GPT, CLAUDE])
def test_a_request_too_long_for_the_model_is_a_failure_of_the_window(name: str) -> None:
    with Provider(window=50) as provider, pytest.raises(NoAnswer) as raised:
        model(provider, name)([{"role": "user", "content": LONG}])

    assert (raised.value.kind, raised.value.passes) == ("window", False)


def test_a_filtered_answer_is_refused() -> None:
    no = Reply({"role": "assistant", "content": "no"}, "content_filter")
    with Provider([no]) as provider, pytest.raises(NoAnswer) as raised:
        model(provider)(ASKED)

    assert raised.value.kind == "refused"


@pytest.mark.parametrize("fault", [Fault(silence=30), Fault(pause=30)], ids=["silence", "slow drip"])
def test_the_time_limit_holds(fault: Fault) -> None:
    begun = time.monotonic()
    with Provider(["yes"], faults=[fault]) as provider, pytest.raises(NoAnswer) as raised:
        model(provider, timeout=0.5)(ASKED)

    assert (raised.value.kind, raised.value.passes) == ("timeout", True)
    assert time.monotonic() - begun < 20


def test_a_server_that_is_down_is_a_provider_that_may_come_back() -> None:
    with pytest.raises(NoAnswer) as raised:
        LiteLLMModel(GPT, api_base="http://127.0.0.1:9/v1", api_key="key", timeout=5)(ASKED)

    assert (raised.value.kind, raised.value.passes) == ("provider", True)


def test_many_threads_ask_at_once() -> None:
    with Provider(lambda received: received.body["messages"][-1]["content"]) as provider:
        asked = model(provider)
        with ThreadPoolExecutor(8) as threads:
            said = list(
                threads.map(lambda n: asked([{"role": "user", "content": f"{n}"}]).message["content"], range(40))
            )

    assert said == [str(number) for number in range(40)]


def test_it_counts_as_the_provider_does() -> None:
    with Provider(["yes"]) as provider:
        asked = model(provider)
        reported = asked(CHAT, TOOLS).usage.prompt

    assert abs(asked.count(CHAT, TOOLS) - reported) <= 0.05 * reported


def test_a_window_is_known_or_given() -> None:
    assert LiteLLMModel(GPT, api_key="key").window == 128_000
    assert LiteLLMModel("openai/sea-1", api_key="key", window=4_000).window == 4_000
    with pytest.raises(
        PolicyError, match=r"does not know the window of openai/sea-1; give it as the option window=TOKENS"
    ):
        LiteLLMModel("openai/sea-1", api_key="key")


@pytest.mark.parametrize(("name", "longest"), [(GPT, 16_384), (CLAUDE, 4_096), ("openai/sea-1", None)])
def test_the_longest_answer_is_known_or_given(name: str, longest: int | None) -> None:
    assert LiteLLMModel(name, api_key="key", window=4_000).longest == longest
    assert model_named(name, api_key="key", window=4_000, max_tokens=9).longest == 9


def test_no_price_is_none_and_not_zero() -> None:
    assert LiteLLMModel("openai/sea-1", api_key="key", window=4_000).price(Usage(10, 10)) is None


def test_a_server_of_ones_own_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    with Provider(["yes"]) as provider:
        asked = LiteLLMModel("openai/sea-1", api_base=f"{provider.url}/v1", window=4_000)
        assert asked(ASKED).message["content"] == "yes"


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        (GPT, {}, "openai/gpt-4o-mini needs a key of openai; set OPENAI_API_KEY in the environment"),
        (CLAUDE, {}, "set ANTHROPIC_API_KEY in the environment"),
        ("pockt", {}, "no model 'pockt'; .*of litany's own there are pocket and scripted:FILE.jsonl"),
        (GPT, {"timeout": 0}, "`timeout` is 0; give a number above 0"),
        (GPT, {"window": "big"}, "`window` is 'big'; give a whole number"),
        (GPT, {"stream": True}, "`stream` cannot be set"),
    ],
)
def test_what_cannot_be_asked_is_told_before_the_first_call(
    monkeypatch: pytest.MonkeyPatch, name: str, options: dict[str, Any], words: str
) -> None:
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)
    with pytest.raises(EvalError, match=words):
        model_named(name, **options)


def test_an_eval_reads_the_failure_and_passes_further_options_on() -> None:
    with Provider(["yes"], faults=[None, Fault(status=429, retry_after=3)]) as provider:
        asked = model_named(GPT, api_base=f"{provider.url}/v1", api_key="key", temperature=0.5, max_tokens=9)
        assert asked(ASKED).message["content"] == "yes"
        with pytest.raises(Unanswered) as raised:
            asked(ASKED)
        body = provider.requests[0].body

    assert (body["temperature"], body["max_tokens"], asked.answer) == (0.5, 9, 9)
    assert (raised.value.failure.kind, raised.value.passes, raised.value.wait) == ("rate_limit", True, 3)
