"""The command: what it says as it begins, what stops it, how it ends, and that workers and restarts agree."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from litany.cli.serve import _options, _Session
from litany.serve.options import ANTHROPIC, OPENAI, Options
from litany.testing import Provider
from tests.histories import rows
from tests.serve.agent import GOAL, posted, recited, refused, said, step, walked
from tests.serve.proxied import Proxy, chat, command, environment, needs_proxy, proxied, until

pytestmark = needs_proxy
HI = [{"role": "user", "content": "hi"}]
POLICY = ("--window", "4000", "--set", 'recite=["turns", 2]')


def ran(*words: str, **variables: str) -> Any:
    """A command that ends by itself."""
    line = [sys.executable, "-m", "litany.cli", "serve", *words]
    return subprocess.run(line, capture_output=True, text=True, env=environment(**variables), timeout=60, check=False)


def test_it_says_where_to_point_each_client_and_its_key_once(tmp_path: Path) -> None:
    with Provider() as provider:
        words = [word for word in command(provider, "--store", str(tmp_path / "s"), key=None) if word != "--json"]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(words, env=environment(LITANY_KEY=""), **pipes) as process:
            process.wait(60)
        variables = environment()
        variables.pop("LITANY_KEY", None)
        with subprocess.Popen(words, env=variables, **pipes) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            first = running.stdout.readline()
            key = running.stderr.readline()
            running.send_signal(signal.SIGINT)
            out, err = running.stdout.read(), running.stderr.read()

    assert process.returncode == 2  # an empty LITANY_KEY is a mistake, and no key
    assert first.startswith("litany serve on http://127.0.0.1:")
    url = first.split()[3]
    assert f"OPENAI_BASE_URL={url}/v1" in out
    assert f"ANTHROPIC_BASE_URL={url} " in out
    assert len((first + out).splitlines()) <= 24
    assert key.startswith("litany: the key, made for this run: litany-")
    assert err.strip() == "litany: interrupted"
    assert running.returncode == 130


def test_it_begins_within_two_seconds_of_processor_time() -> None:
    with Provider() as provider, proxied(provider) as proxy:
        fields = Path(f"/proc/{proxy.process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()

    assert (int(fields[11]) + int(fields[12])) / 100 < 2.0


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_ends_cleanly(number: int, status: int, workers: str, tmp_path: Path) -> None:
    with Provider() as provider, proxied(provider, "--workers", workers, "--store", str(tmp_path / "s")) as proxy:
        walked(proxy, "openai", GOAL, 1)
        ended = proxy.ended(number)
        said_so = proxy.process.stderr.read() if proxy.process.stderr else ""

    assert ended == status
    assert "Traceback" not in said_so


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--openai-base", "not a url"], "--openai-base is 'not a url'; give a URL"),
        (["--anthropic-base", "ftp://x"], "--anthropic-base is 'ftp://x'; give a URL"),
        (["--store", "/proc/none/store"], "/proc/none/store"),
        (["--trace", "/proc/none/trace"], "/proc/none/trace cannot be written"),
        (["--workers", "2"], "--workers needs --store"),
        (["--key", "a", "--pass-key"], "leave one out"),
        (["--key", "two words"], "give a key without spaces"),
        (["--goal", " "], "--goal is blank"),
        (["--allow-host", " "], "an --allow-host is blank"),
        (["--window", "12"], "`window` is 12"),
        (["--max-body", "much"], "--max-body is 'much'"),
        (["--host", "300.1.1.1"], "cannot listen on 300.1.1.1:0 (Name or service not known)"),
    ],
)
def test_what_cannot_be_started_is_told_in_a_line(words: list[str], says: str) -> None:
    stopped = ran("--port", "0", *words)

    assert (stopped.returncode, stopped.stdout) == (2, "")
    assert says in stopped.stderr
    assert len(stopped.stderr.splitlines()) == 1


def test_a_name_by_which_clients_call_it_is_allowed_without_its_port() -> None:
    given = {"workers": 1, "store": None, "goal": None, "constraints": (), "host": "127.0.0.1"}
    options = _options({"openai": OPENAI, "anthropic": ANTHROPIC}, ["Box:8080", "[fe80::1]:80", "other"], given)

    assert options.hosts[-3:] == ("box", "[fe80::1]", "other")


def test_a_port_that_is_taken_is_told_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        stopped = ran("--port", port)

    assert stopped.returncode == 2
    assert stopped.stderr.splitlines() == [
        f"litany: cannot listen on 127.0.0.1:{port} (Address already in use); give another --port or --host"
    ]


def test_what_it_answers_is_sent_at_once_and_does_not_wait_for_the_client_to_acknowledge() -> None:
    with (
        _Session(Options(port=0), False, False)._bound() as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_proxy_whose_lines_nobody_reads_goes_on_serving_and_ends() -> None:
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with Provider() as provider, subprocess.Popen(command(provider), env=environment(), **pipes) as process:
        proxy = Proxy(process, json.loads(process.stdout.readline())["url"]) if process.stdout else None
        assert proxy is not None
        with proxy.client() as client:
            answers = {client.get(f"/{'long' * 2_000}", timeout=20).status_code for _ in range(40)}
        ended = proxy.ended()
        said_so = process.stderr.read() if process.stderr else ""

    assert (answers, ended, said_so) == ({404}, 0, "")


def test_a_proxy_whose_output_was_closed_answers_as_before() -> None:
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with Provider() as provider, subprocess.Popen(command(provider), env=environment(), **pipes) as process:
        assert process.stdout is not None
        proxy = Proxy(process, json.loads(process.stdout.readline())["url"])
        process.stdout.close()
        with proxy.client() as client:
            answers = [client.post("/v1/chat/completions", json=chat(HI)).status_code for _ in range(3)]
        ended = proxy.ended()

    assert (answers, ended) == ([200] * 3, 0)


@pytest.mark.parametrize("dialect", ["openai", "anthropic", "responses"])
@pytest.mark.slow
def test_a_proxy_that_is_killed_goes_on_where_it_was(dialect: str, tmp_path: Path) -> None:
    options = ("--store", str(tmp_path / "store"), *POLICY)
    messages = [{"role": "user", "content": GOAL}]
    with Provider() as provider:
        for turn in range(0, 12, 4):
            with proxied(provider, *options) as proxy:
                for page in range(turn, turn + 4):
                    assert posted(proxy, dialect, messages).status_code == 200
                    messages += step(dialect, f"look-{page}", page, rows(20, f"page {page}"))
                proxy.process.kill()
                proxy.process.wait(30)

    cut = [len(said(request)) < 2 * number + 1 for number, request in enumerate(provider.requests)]
    assert refused(provider.requests) == []
    assert all(GOAL in json.dumps(said(request)) for request in provider.requests)
    assert cut[-1]
    assert sum(map(recited, provider.requests)) >= 3


@pytest.mark.slow
def test_workers_over_one_store_agree_and_one_that_dies_is_replaced(tmp_path: Path) -> None:
    messages = [{"role": "user", "content": GOAL}]
    options = ("--workers", "2", "--store", str(tmp_path / "store"), *POLICY)
    with Provider() as provider, proxied(provider, *options) as proxy:
        for page in range(12):
            assert posted(proxy, "anthropic", messages).status_code == 200
            messages += step("anthropic", f"look-{page}", page, rows(20, f"page {page}"))
        until(lambda: len(proxy.events) == 12)  # a worker tells of a request after it was answered
        workers = until(lambda: found if len(found := _children(proxy.process.pid)) == 2 else [])
        os.kill(workers[0], signal.SIGKILL)
        replaced = until(lambda: found if len(found := _children(proxy.process.pid)) == 2 and found != workers else [])
        walked(proxy, "openai", f"{GOAL} Again.", 4)

    told = until(lambda: proxy.events if len(proxy.events) == 16 else [])
    assert len({event["conversation"] for event in told[1:12]}) == 1
    assert refused(provider.requests) == []
    assert len(said(provider.requests[11])) < 23
    assert workers[0] not in replaced


def test_its_trace_is_explained(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    with Provider() as provider, proxied(provider, "--trace", str(trace), *POLICY) as proxy:
        walked(proxy, "openai", GOAL, 10, **{"x-litany-conversation": "explained"})
    line = [sys.executable, "-m", "litany.cli", "explain", str(trace)]
    explained = subprocess.run(line, capture_output=True, text=True, env=environment(), timeout=60, check=False)

    assert explained.returncode == 0, explained.stderr
    assert "explained" in explained.stdout
    assert "10 calls" in explained.stdout


def test_in_shadow_nothing_is_changed_and_the_trace_tells_what_would_be(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    with Provider() as provider, proxied(provider, "--trace", str(trace), *POLICY, "--set", "shadow=true") as proxy:
        messages = walked(proxy, "openai", GOAL, 10)

    assert [len(said(request)) for request in provider.requests] == list(range(1, 21, 2))
    assert said(provider.requests[-1]) == messages[:19]
    assert any(json.loads(line)["compacted"] for line in trace.read_text().splitlines())


def _children(pid: int) -> list[int]:
    """The workers of a proxy: its children that serve, told by what spawned them."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [int(child) for child in listed if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
