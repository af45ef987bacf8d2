"""Models of a run: streamed, asked again, replaced, and sent less when the view was too long, over real HTTP."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from litany.cli.app import run as inside
from litany.errors import TaskError
from litany.loop.asking import Asking
from litany.loop.events import Event
from litany.loop.folder import Folder, Order, limited
from litany.loop.run import run
from litany.loop.task import task_of
from litany.models import Unanswered, model_named
from litany.testing import Fault, Provider
from tests.adapters.asked import MARKS
from tests.adapters.conftest import litellm as litellm  # noqa: PLC0414 -- a fixture, known here by its name
from tests.loop.runs import END, TOOLS, Ran, calls, effects, says

pytestmark = [*MARKS, pytest.mark.usefixtures("litellm")]
PUT = calls(("put", {"text": "a"}))


def walked(at: Path, provider: Provider, **task: Any) -> Ran:
    """A run on a model behind that provider."""
    (at / "tools.py").write_text(TOOLS)
    options = {"api_base": f"{provider.url}/v1", "window": 8_000, "timeout": 20.0}
    whole = {"goal": "Put a thing.", "model": "openai/any", "tools": ["tools.py"], "options": options, **task}
    order = Order(task_of(whole, "the test"), at)
    folder = Folder(at / "run")
    folder.write(order)
    events: list[Event] = []
    return Ran(folder, asyncio.run(run(folder, order, events.append)), events)


def test_a_model_that_litellm_reaches_is_streamed(tmp_path: Path) -> None:
    with Provider([PUT, says(END)]) as provider:
        done = walked(tmp_path, provider)

    assert (done.ended.status, done.ended.text) == ("done", END)
    assert effects(tmp_path) == ["a"]
    assert "".join(event.fields["text"] for event in done.events if event.kind == "heard") == END
    assert all(request.body["stream"] for request in provider.requests)
    assert not any(request.violations for request in provider.requests)
    assert done.ended.spent.prompt > 0
    names = [tool["function"]["name"] for tool in provider.requests[0].body["tools"]]
    assert names == ["put", "fail", "update_todos", "note", "recall"]


def test_a_provider_that_is_loaded_is_asked_again(tmp_path: Path) -> None:
    with Provider([says(END)], faults=[Fault(status=429, retry_after=0.01), Fault(status=500)]) as provider:
        done = walked(tmp_path, provider)

    assert done.ended.status == "done"
    assert done.kinds.count("waiting") == 2


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_time_is_up_while_an_answer_is_waited_for(tmp_path: Path) -> None:
    # LiteLLM, ended before it has sent its request, leaves a coroutine behind that nobody awaits: hence the warnings.
    faults = [Fault(status=429, retry_after=20), Fault(silence=5)]
    with Provider([says(END)], faults=faults) as provider:
        waited = walked(tmp_path, provider, limits={"seconds": 0.3})
        order = limited(waited.folder.order, {"seconds": waited.ended.spent.seconds + 0.3})
        silent = asyncio.run(run(waited.folder, order))
        order = limited(order, {"seconds": 1e9})

        assert (waited.ended.status, silent.status) == ("limit", "limit")
        assert silent.spent.seconds < 10
        assert asyncio.run(run(waited.folder, order)).status == "done"


def test_a_view_that_was_too_long_is_sent_again_smaller(tmp_path: Path) -> None:
    lines = [*(calls(("put", {"text": f"{'x ' * 300}{turn}"}), id=f"t{turn}") for turn in range(8)), says(END)]
    with Provider(lines, window=3_000) as provider:
        done = walked(tmp_path, provider)

    assert done.ended.status == "done"
    assert "shrunk" in done.kinds
    assert any(request.violations == () for request in provider.requests)


def test_dollars_that_were_spent_end_a_run_and_more_of_them_go_on_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tools.py").write_text(TOOLS)
    store = ["--store", str(tmp_path / "store")]
    with Provider([PUT, says(END)]) as provider:
        words = ["--goal", "Put a thing.", "--tools", "tools.py", "--folder", str(tmp_path), "--name", "one"]
        words += ["--model", "openai/gpt-4o-mini", "--option", f"api_base={provider.url}/v1"]
        reached = inside(["run", *words, "--usd", "0.0000001", *store])
        told = capsys.readouterr().err
        assert len(provider.requests) == 1, "no answer is asked for behind the limit"
        done = inside(["resume", "one", "--usd", "1", *store])

    assert (reached, "litany: a limit was reached" in told) == (3, True)
    assert (done, effects(tmp_path)) == (0, ["a"])


def test_a_limit_of_dollars_needs_a_model_whose_price_is_known(tmp_path: Path) -> None:
    with Provider([PUT]) as provider, pytest.raises(TaskError, match=r"no price of .*`limits.usd` cannot hold"):
        walked(tmp_path, provider, limits={"usd": 1.0})

    assert provider.requests == []


def test_a_model_that_gives_no_answer_is_replaced_by_the_next() -> None:
    told: list[str] = []

    class Silent:
        name, window, answer, longest = "silent", 9, 0, None

        def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
            return 0

        def price(self, usage: object, /) -> float | None:
            return None

        def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Any:
            from litany.models.failure import Failure

            raise Unanswered(Failure("provider", "down"), passes=True)

    pocket = model_named("pocket")
    ask = Asking([Silent(), pocket], lambda kind, **fields: told.append(kind), retries=1, first=0.001)

    answer = asyncio.run(ask([{"role": "user", "content": "What is 2 + 2?"}], [], 0))

    assert answer.model == pocket.name
    assert told == ["waiting", "fallback"]
    with pytest.raises(Unanswered, match="down"):
        asyncio.run(Asking([Silent()], lambda kind, **fields: None, 0)([], [], 0))
