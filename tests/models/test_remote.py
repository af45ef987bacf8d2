"""A model that LiteLLM reaches: what its failures say."""

import pytest

from litany.models import Unanswered, model_named
from litany.testing import Fault, Provider
from tests.adapters.asked import GPT

pytest.importorskip("litellm")


def test_a_failure_says_where_the_model_was_asked_and_no_password() -> None:
    with Provider(["yes"], faults=[Fault(status=500)]) as provider:
        base = provider.url.replace("//", "//me:secret@")
        model = model_named(GPT, api_base=f"{base}/v1")
        with pytest.raises(Unanswered) as raised:
            model([{"role": "user", "content": "hi"}])

        assert str(raised.value).endswith(f"(at {provider.url}/v1)")
        assert "secret" not in str(raised.value)
