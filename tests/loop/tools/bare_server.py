"""An MCP server of the standard library, which starts at once and can do what a server should not.

`python bare_server.py [HOW ...]`: `noisy` writes lines that are no JSON before each answer, `shuffled` lists its tools
in another order each time, in pages of one; `unlisted` never lists them.
"""

import json
import os
import random
import sys
import time
from pathlib import Path

HOW = frozenset(sys.argv[1:])
NOTED = Path(os.environ.get("NOTED", os.devnull))
ANY = {"type": "object"}
TOOLS = [
    {"name": "die", "description": "Dies.", "inputSchema": ANY},
    {"name": "again", "inputSchema": ANY, "annotations": {"idempotentHint": True}},
    {"name": "look", "inputSchema": {"$schema": "x", **ANY}, "annotations": {"readOnlyHint": True}},
    {"name": "hang", "inputSchema": ANY},
    {"name": "say", "inputSchema": ANY},
    {"name": "much", "inputSchema": ANY},
]


def listed(cursor: str | None) -> dict[str, object]:
    if "unlisted" in HOW:
        time.sleep(60)
    if "shuffled" not in HOW:
        return {"tools": TOOLS}
    random.seed(int(cursor or 0) // 100 if cursor else time.time_ns())
    order = int(cursor) // 100 if cursor else random.randrange(1, 10_000)
    random.seed(order)
    shuffled = random.sample(TOOLS, len(TOOLS))
    at = int(cursor) % 100 if cursor else 0
    following = {"nextCursor": str(order * 100 + at + 1)} if at + 1 < len(TOOLS) else {}
    return {"tools": [shuffled[at]], **following}


def called(name: str, given: dict[str, object], meta: dict[str, object]) -> str:
    first = not NOTED.exists()
    with NOTED.open("a", encoding="utf-8") as file:
        file.write(f"{name}\n")
    if name == "die" or (name == "again" and first):
        sys.stderr.write("the pump is on fire\n")
        sys.stderr.flush()
        os._exit(3)
    if name == "hang":
        time.sleep(float(str(given["seconds"])))
    if name == "much":
        return "m" * (int(str(given["megabytes"])) * 1_000_000)
    if name == "say" and "variable" in given:
        return os.environ.get(str(given["variable"]), "not set")
    return json.dumps({"given": given, "key": meta.get("litany/idempotency-key")})


def answered(method: str, params: dict[str, object]) -> dict[str, object] | None:
    if method == "initialize":
        info = {"name": "bare", "version": "1"}
        return {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": info}
    if method == "tools/list":
        cursor = params.get("cursor")
        return listed(None if cursor is None else str(cursor))
    if method == "tools/call":
        given, meta = params.get("arguments"), params.get("_meta")
        assert isinstance(given, dict)
        text = called(str(params["name"]), given, meta if isinstance(meta, dict) else {})
        return {"content": [{"type": "text", "text": text}]}
    return {} if method == "ping" else None


for line in sys.stdin:
    asked = json.loads(line)
    if "id" not in asked:
        continue
    result = answered(asked["method"], asked.get("params") or {})
    wrong = {"error": {"code": -32601, "message": f"no method {asked['method']}"}}
    if "noisy" in HOW:
        sys.stdout.write("starting up, please wait\n{\n")
    said = wrong if result is None else {"result": result}
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **said}) + "\n")
    sys.stdout.flush()
