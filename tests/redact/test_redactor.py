"""The Redactor: what it takes out, what it leaves, and that JSON stays JSON."""

import json
from itertools import islice
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany import PolicyError
from litany.dialects.canonical import plain
from litany.redact import Redactor
from litany.redact.keys import GONE
from litany.replay.read import read
from litany.replay.run import Run
from tests.redact.corpus import INNOCENT, PLANTED

REDACT = Redactor()
TRAJECTORIES = Path(__file__).parents[3] / "shared" / "data" / "trajectories"


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_is_taken_out(kind: str) -> None:
    text, secret = PLANTED[kind]

    redacted = REDACT(text.format(secret))

    assert secret not in redacted
    assert GONE in redacted


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_is_taken_out_of_a_message_and_the_json_still_parses(kind: str) -> None:
    text, secret = PLANTED[kind]
    message = {"role": "tool", "tool_call_id": "call_1", "content": f"Here it is.\n{text.format(secret)}\nDone."}

    redacted = json.loads(REDACT(json.dumps(message)))

    assert secret not in redacted["content"]
    assert redacted["tool_call_id"] == "call_1"
    assert redacted["content"].endswith("Done.") or kind == "pem head", "a key without an end is taken out to the end"


@pytest.mark.parametrize("kind", PLANTED)
def test_redacting_twice_changes_nothing(kind: str) -> None:
    text, secret = PLANTED[kind]
    once = REDACT(text.format(secret))

    assert REDACT(once) == once


@pytest.mark.parametrize("text", INNOCENT)
def test_an_innocent_text_stays_to_the_letter(text: str) -> None:
    assert REDACT(text) == text
    assert json.loads(REDACT(json.dumps({"role": "tool", "content": text})))["content"] == text


def test_json_without_a_secret_stays_to_the_letter() -> None:
    text = '{ "b":1,\n  "a": [1.50, 1e5, "é", "\\u00e9"], "nan": NaN }'

    assert REDACT(text) == text


def test_ids_images_and_signatures_are_never_edited() -> None:
    drawn = "Zq8rT2mXw4Kp9Lv3Nc7Yb1Hd6Jf5Gs0A"
    message = {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "hm", "signature": drawn},
            {"type": "tool_use", "id": drawn, "name": "look", "input": {}},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": drawn}},
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{drawn}"}},
        ],
    }

    assert json.loads(REDACT(json.dumps(message))) == message


def test_arguments_that_are_json_within_json_stay_json() -> None:
    arguments = json.dumps({"url": "https://x", "headers": {"Authorization": "Bearer swordfish-77"}, "n": [1, None]})
    message = {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "get", "arguments": arguments}}]}

    redacted = json.loads(REDACT(json.dumps(message)))

    inside = json.loads(redacted["tool_calls"][0]["function"]["arguments"])
    assert inside == {"url": "https://x", "headers": {"Authorization": GONE}, "n": [1, None]}


def test_entropy_can_be_left_out() -> None:
    text, secret = PLANTED["random mixed"]

    assert secret in Redactor(entropy=False)(text.format(secret))


PIECES = st.sampled_from(
    [text.format(secret) for text, secret in PLANTED.values()] + [*"{}[]\"'\\:=,;&@/ \n-", "token", GONE]
)
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXTS | st.sampled_from(["password", "id"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(TEXTS)
def test_any_text_is_redacted_once_and_for_all(text: str) -> None:
    once = REDACT(text)

    assert REDACT(once) == once


@given(st.dictionaries(st.text(max_size=8), JSONS, max_size=4))
def test_any_json_stays_json_and_is_redacted_once_and_for_all(value: dict[str, object]) -> None:
    once = REDACT(json.dumps(value))

    assert isinstance(json.loads(once), dict)
    assert REDACT(once) == once


UNITS = [
    'a="', 'password="$', "token:", "eyJ-", "eyJabcdefgh.", "://a:", "cookie:", "sk-", "-----BEGIN PRIVATE KEY-----",
    "aB3", "password=a.b.c ", "Bearer ", "{", '[{"a":', '\\"', " ", "-u ", "secret=[", "aA1/", "A" * 64 + "\n",
    "mysql ", "mysql -p", "login a password ", "machine x ", "default ", "<a>", "<a ", "<pass>a", "a:12:b:c:", "a:12:",
    "password is ", "password for a ", "-----END PRIVATE KEY-----", "A" * 64 + "\n-----END PRIVATE KEY-----\n",
    "$1$a$", "echo a", "echo a|", "code 1234 ", "1234 is your ", "passphrase: ab cd ef gh ", "mnemonic:", "&sig=",
    "MHcCAQEE", "MHcCAQEE\n", "pass: ", "Password: aB", "EAAC", "M" + "a" * 24 + ".", "AGE-SECRET-KEY-", "pass",
    "htpasswd -b a ", "key=a value=", "{SHA}", "\n", "-u a:", "a.", "1:",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_time_is_linear_in_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        started = process_time()
        REDACT(text)
        return process_time() - started

    small = min(seconds(40_000) for _ in range(3))
    large = min(seconds(320_000) for _ in range(2))

    assert large < 8 * 4 * small + 0.05


@pytest.mark.slow
def test_recorded_runs_keep_all_but_a_few_words() -> None:
    files = sorted(TRAJECTORIES.rglob("*.jsonl.gz"))
    if not files:
        pytest.skip("the recorded runs are not on this machine")
    runs = [run for file in files[:8] for run in islice(read(file), 3) if isinstance(run, Run)]
    texts = [plain(message) for run in runs for message in run.messages]

    changed = [text for text in texts if REDACT(text) != text]

    assert len(texts) > 100
    assert len(changed) < len(texts) / 20


def test_a_redactor_is_what_redact_true_gives() -> None:
    from litany import Litany

    assert issubclass(PolicyError, ValueError)
    Litany(redact=True)
    Litany(redact=False)
    with pytest.raises(PolicyError, match="`redact`"):
        Litany(redact="yes")  # type: ignore[arg-type]  # what is refused here
