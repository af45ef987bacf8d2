"""Runs a sweep in a process of its own, that it may be killed: worker URL FOLDER ARMS [judged]."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from litany.core.completion import Completion, Usage
from litany.evals.judge import Judge
from litany.evals.score import score
from litany.evals.sweep import run
from tests.evals.sweep.parts import SUITE, Model, parts


class Remote(Model):
    """Asks a provider over HTTP."""

    def __init__(self, url: str) -> None:
        super().__init__(dollars=1.0)
        self.url = url

    def said(self, messages: Sequence[Any]) -> Completion:
        body = json.dumps({"model": "stub", "messages": messages}).encode()
        headers = {"Content-Type": "application/json", "Authorization": "Bearer none"}
        with urlopen(Request(f"{self.url}/v1/chat/completions", body, headers)) as response:
            plain = json.load(response)
        return Completion(plain["choices"][0]["message"], Usage(50, 5), "stop")


if __name__ == "__main__":
    url, out, arms, *judged = sys.argv[1:]
    grades = Judge(Remote(url)) if judged else score
    suite = replace(SUITE, n=20)
    sys.stdout.write(str(run(suite, Remote(url), Path(out), parts=parts(*arms.split(",")), score=grades)))
