"""The pocket reader as an eval asks it."""

from pathlib import Path

import pytest

from litany.errors import EvalError, PocketError
from litany.models import Unanswered, model_named
from litany.models.pocket import PocketModel
from litany.pocket.reader import ANSWER
from tests.pocket.scripted import saying

ASKED = [{"role": "user", "content": "Ann lives in Paris, Bob in Oslo. It is 3 %. Where does Ann live?"}]


def test_it_answers_for_nothing(tmp_path: Path) -> None:
    model = PocketModel(saying(tmp_path / "weights.npy", "paris, 3 %", ASKED))

    done = model(ASKED)

    assert done.message["content"] == "Paris, 3 %"
    assert done.usage.prompt == model.count(ASKED)
    assert model.price(done.usage) == 0
    assert model.longest == ANSWER
    assert model.name.startswith("pocket-")


def test_what_is_too_long_is_a_failure_of_the_window(tmp_path: Path) -> None:
    model = PocketModel(saying(tmp_path / "weights.npy", "paris, 3 %", ASKED))

    with pytest.raises(Unanswered) as raised:
        model([{"role": "user", "content": "the ship is at sea " * 500}])

    assert raised.value.failure.kind == "window"
    assert not raised.value.passes
    assert isinstance(raised.value.__cause__, PocketError)


def test_pocket_takes_no_options() -> None:
    with pytest.raises(EvalError, match="pocket has no option `temperature`; it takes none"):
        model_named("pocket", temperature=0)
