"""A project's own pytest with litany's plugin, run inside a test, and an agent to be asked."""

from textwrap import dedent

import pytest

RIGHT = """
    import json, re

    import pytest

    def agent(messages, tools):
        '''Does the first todo that is not done; it tells each call to a file.'''
        with open("asked.txt", "a") as file:
            file.write("asked\\n")
        return json.dumps(messages)
"""
"""An agent that repeats all that it reads, so that whatever must be said is in its answer."""
SMALL = 'lengths="600", depths=[0, 1], n=6'


def ran(pytester: pytest.Pytester, source: str, *args: str, head: str = RIGHT) -> pytest.RunResult:
    """A pytest of its own over a file of tests; no other plugin is in it."""
    pytester.makepyfile(test_agent=dedent(head) + dedent(source))
    settings = ("-p", "litany.evals.plugin", "-W", "error", "--strict-markers")
    return pytester.runpytest_subprocess(*settings, *args)


def asked(pytester: pytest.Pytester) -> int:
    """How often the agent was."""
    file = pytester.path / "asked.txt"
    return len(file.read_text(encoding="utf-8").splitlines()) if file.exists() else 0
