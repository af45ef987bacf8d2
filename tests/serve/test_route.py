"""Routes: where a path goes, and that none leads out of the base that the proxy was given."""

import pytest

from litany.serve.route import routed


@pytest.mark.parametrize(
    "path",
    [
        "/v1/files/../../../secret",
        "/v1/files/%2e%2e/x",
        "/v1/files/%2E./x",
        "/v1/files/..%2f..%2fx",
        "/v1/files/%252e%252e/x",
        "/v1/files/%2525252525252e/x",
        "/v1/files/..\\x",
        "/v1/files/..%5Cx",
        "/v1/models/.",
        "/v1/chat/..",
    ],
)
def test_a_path_with_a_segment_of_dots_is_nobodys(path: str) -> None:
    assert routed("GET", path, {}) is None
    assert routed("GET", path, {b"anthropic-version": b"2023-06-01"}) is None


@pytest.mark.parametrize("path", ["/models/gpt-4.1", "/models/..a", "/files/a%2Fb", "/models/...", "/models/a/"])
def test_any_other_path_goes_on_as_it_is_written(path: str) -> None:
    route = routed("GET", f"/v1{path}", {})

    assert route is not None
    assert route.path == path


def test_messages_are_read_behind_a_slash_at_the_end_too() -> None:
    route = routed("POST", "/v1/chat/completions/", {})

    assert route is not None
    assert (route.path, route.dialect) == ("/chat/completions/", "openai")
