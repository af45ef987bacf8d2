"""Pace, retries and money, on a clock that stands still."""

from random import Random
from threading import Thread

import pytest

from litany.core.completion import Completion, Usage
from litany.errors import EvalError
from litany.evals.outcome import Failure
from litany.evals.sweep import Pace
from litany.evals.sweep.asking import Heard, Stopped, asked
from litany.evals.sweep.failing import unanswered
from litany.evals.sweep.gate import Gate
from litany.evals.sweep.purse import Purse, limited
from litany.models.backoff import backoff
from litany.models.model import Unanswered
from tests.evals.sweep.parts import HttpError, Model, Still

DONE = Completion({"role": "assistant", "content": "7"}, Usage(100, 10), "stop")


def ask(clock: Still, *errors: Exception, retries: int = 5) -> Heard | Failure:
    left = list(errors)

    def call() -> Completion:
        if left:
            raise left.pop(0)
        return DONE

    return asked(call, 100, retries, Gate(Pace(), clock), clock, Random(1))


def starts(pace: Pace, tokens: int, calls: int) -> list[float]:
    clock = Still()
    gate = Gate(pace, clock)
    return [clock.time for _ in range(calls) if gate.passed(tokens)]


def test_no_minute_holds_more_calls_than_the_limit() -> None:
    assert starts(Pace(requests=120), 1_000, 5) == [0, 0.5, 1, 1.5, 2]


def test_no_minute_holds_more_tokens_than_the_limit() -> None:
    assert starts(Pace(requests=120, tokens=60_000), 2_000, 4) == [0, 2, 4, 6]


def test_without_a_limit_nobody_waits() -> None:
    assert starts(Pace(), 1_000_000, 3) == [0, 0, 0]


def test_tokens_that_were_not_taken_are_given_back() -> None:
    clock = Still()
    gate = Gate(Pace(tokens=60_000), clock)
    gate.passed(10_000)
    gate.corrected(-9_000)
    gate.passed(10_000)

    assert clock.time == 1


def test_errors_that_pass_are_tried_again_longer_apart_each_time() -> None:
    clock = Still()

    heard = ask(clock, HttpError(503), ConnectionResetError(), TimeoutError())

    assert isinstance(heard, Heard)
    assert heard.tries == 4
    first, second, third = [wait for wait in clock.waits if wait]
    assert 0.25 <= first <= 0.5 <= second <= 1 <= third <= 2


def test_a_back_off_is_never_longer_than_a_minute_unless_asked_for() -> None:
    assert 30 <= backoff(2_000, Random(0)) <= 60
    assert backoff(0, Random(0), wait=90) == 90


def test_the_providers_own_wait_is_kept_by_every_worker() -> None:
    clock = Still()
    gate = Gate(Pace(), clock)
    gate.pause(20)

    assert gate.passed(1)
    assert clock.time == 20
    ask(clock, HttpError(429, retry_after="7"))
    assert clock.time >= 27


def test_retries_end_and_the_failure_says_how_many_there_were() -> None:
    failure = ask(Still(), *[HttpError(429, "slow down")] * 9, retries=2)

    assert failure == Failure("rate_limit", "HttpError: slow down (after 3 tries)")


@pytest.mark.parametrize(
    ("error", "failure", "passes"),
    [
        (HttpError(401, "no key"), Failure("provider", "HttpError: no key"), False),
        (HttpError(429, "insufficient_quota"), Failure("rate_limit", "HttpError: insufficient_quota"), False),
        (HttpError(400, "maximum context length"), Failure("window", "HttpError: maximum context length"), False),
        (KeyError("choices"), Failure("provider", "KeyError: 'choices'"), False),
        (Unanswered(Failure("refused", "no")), Failure("refused", "no"), False),
        (Unanswered(Failure("provider", "busy"), passes=True, wait=1), Failure("provider", "busy"), True),
        (HttpError(500, "a\n b"), Failure("provider", "HttpError: a b"), True),
    ],
)  # fmt: skip
def test_each_error_is_a_failure_of_its_kind(error: Exception, failure: Failure, passes: bool) -> None:
    found = unanswered(error)

    assert (found.failure, found.passes) == (failure, passes)
    assert isinstance(ask(Still(), error), Heard) is passes


def test_a_date_in_retry_after_is_read_and_nonsense_is_not() -> None:
    assert unanswered(HttpError(429, retry_after="Thu, 01 Jan 1970 00:00:00 GMT")).wait == 0
    assert unanswered(HttpError(429, retry_after="soon")).wait is None


def test_a_quota_that_returns_tomorrow_is_not_waited_for() -> None:
    clock = Still()

    assert isinstance(ask(clock, HttpError(429, retry_after="80000")), Failure)
    assert clock.time == 0


def test_a_stopped_sweep_waits_for_nothing_and_makes_no_call() -> None:
    clock = Still()
    clock.stop()

    with pytest.raises(Stopped):
        ask(clock)


def test_a_purse_holds_for_calls_under_way_and_never_gives_more_than_there_is() -> None:
    purse = Purse(1.0, 0.1)

    assert purse.hold(0.4)
    assert purse.hold(0.4)
    assert not purse.hold(1.0)
    purse.pay(0.4, 0.2)
    purse.pay(0.4, 0.0)
    assert round(purse.spent, 6) == 0.3
    assert purse.hold(0.7)
    assert Purse(None, 0.0).hold(1_000_000)


@pytest.mark.parametrize("most", [-1.0, float("nan")])
def test_a_limit_that_cannot_be_is_refused(most: float) -> None:
    with pytest.raises(EvalError, match="give 0 or more"):
        limited(most, [])


def test_a_limit_needs_the_price_of_every_model_that_is_asked() -> None:
    with pytest.raises(EvalError, match="no price is known for stub-1, so that no cost can be kept"):
        limited(1.0, [Model(dollars=1.0), Model()])
    limited(1.0, [Model(dollars=1.0)])
    limited(None, [Model()])


def test_whoever_lacks_only_what_is_held_waits_for_the_calls_under_way() -> None:
    purse, came = Purse(1.0, 0.0), list[bool]()
    assert purse.hold(0.9)
    waiting = Thread(target=lambda: came.append(purse.hold(0.5)), daemon=True)
    waiting.start()

    waiting.join(0.05)
    assert waiting.is_alive()
    purse.pay(0.9, 0.1)
    waiting.join(5)

    assert came == [True]
