"""Many conversations at once through one proxy, 200 in `make soak-serve`: each holds its own canary and no other's."""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.histories import calls, result, rows, user
from tests.serve.agent import GOAL, TOOLS, refused, said
from tests.serve.proxied import KEY, Stage, chat, needs_proxy, staged

MANY, CALLS = int(os.environ.get("CONVERSATIONS", "24")), 3
WORKERS = ["1", "2"] if "CONVERSATIONS" in os.environ else ["1"]
CANARY = re.compile(r"canary-\d{3}")


@needs_proxy
@pytest.mark.parametrize("workers", WORKERS)
def test_conversations_at_once_do_not_cross(workers: str, tmp_path: Path) -> None:
    options = ("--workers", workers, "--store", str(tmp_path / "store")) if workers != "1" else ()
    with staged("--window", "1500", "--set", "reserve=200", "--set", 'recite=["turns", 1]', *options) as stage:
        asyncio.run(_all(stage))

    found = [set(CANARY.findall(json.dumps(said(request)))) for request in stage.requests]
    assert refused(stage.requests) == []
    assert sorted(map(len, found)) == [1] * MANY * CALLS
    assert len(set().union(*found)) == MANY
    assert sum(len(said(request)) < 2 * CALLS - 1 for request in stage.requests) > MANY


async def _all(stage: Stage) -> None:
    limits = httpx.Limits(max_connections=MANY)
    headers = {"authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(
        base_url=stage.proxy.url, headers=headers, limits=limits, timeout=120, trust_env=False
    ) as client:
        await asyncio.gather(*(_talked(client, f"canary-{number:03}") for number in range(MANY)))


async def _talked(client: httpx.AsyncClient, name: str) -> None:
    """One conversation; half of them open with the very same words."""
    opening = f"{GOAL} It is {name}." if int(name[-1]) % 2 else GOAL
    messages: list[Any] = [user(opening)]
    for turn in range(CALLS):
        if turn == 0 and opening == GOAL:
            messages += _looked(name, turn)
        answer = await client.post("/v1/chat/completions", json=chat(messages, tools=TOOLS["openai"]))
        assert answer.status_code == 200, answer.text
        messages += _looked(name, turn + 1)


def _looked(name: str, turn: int) -> list[Any]:
    return [calls(f"{name}-{turn}", page=turn), result(f"{name}-{turn}", rows(12, f"{name} page {turn}"))]
