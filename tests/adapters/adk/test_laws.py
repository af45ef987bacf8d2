"""The laws over random histories of ADK's contents, sent as Google's client sends them."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

pytest.importorskip("google.adk", reason="needs google-adk: make test-adapters HOSTS=adk")

from google.genai import types
from hypothesis import given, settings
from hypothesis import strategies as st

from litany.adapters.adk import written
from litany.dialects import DIALECTS
from tests.adapters.hosted import LAWS, Host


def turned(message: dict[str, Any]) -> list[Any]:
    return [types.Content.model_validate_json(json.dumps(message))]


def sent(view: Sequence[Any]) -> list[dict[str, Any]]:
    return [content.model_dump(mode="json", exclude_none=True, by_alias=True) for content in written(view)]


HOST = Host(DIALECTS["gemini"], turned, sent, "gemini")


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_a_law_holds(law: Callable[[Host, st.DataObject], None], data: st.DataObject) -> None:
    law(HOST, data)
