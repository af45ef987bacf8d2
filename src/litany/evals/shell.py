"""What a shell answers an agent: listings, test output, logs, JSON, diffs, searches, code and errors, line by line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from litany.evals.words import spaced

AREAS = spaced("billing search orders users mail reports cache auth export planner")
NAMES = spaced("""
client parser router worker loader schema model views tasks tokens limits retry events models helpers filters writer
reader session metrics backup
""")
WORDS = spaced("load store parse merge check split fetch build close count trim reset list flush")
FIELDS = spaced("timeout retries size limit offset total status version level owner")


@dataclass(frozen=True, slots=True)
class Opened:
    """A call of the shell."""

    command: str
    plan: str
    """What the agent may say beside it."""
    lines: Iterator[str]
    """Its result, of which as much is read as a result is to be long."""


def opened(rng: Random, kind: str) -> Opened:
    """A call of one of the SHARES, whose result never ends; or `brief`, which answers next to nothing."""
    area, name = rng.choice(AREAS), rng.choice(NAMES)
    if kind == "brief":
        command, result = rng.choice(BRIEF)
        return Opened(command.format(area=area), "That comes next.", iter((result,)))
    command = COMMANDS[kind].format(area=area, name=name, word=rng.choice(WORDS))
    return Opened(command, rng.choice(PLANS[kind]).format(area=area), LINES[kind](rng, area, name))


def _listing(rng: Random, area: str, _name: str) -> Iterator[str]:
    while True:
        yield f"{rng.choice(NAMES)}.py" if rng.random() < 0.8 else f"{rng.choice(AREAS)}_{rng.choice(NAMES)}.py"


def _tests(rng: Random, area: str, name: str) -> Iterator[str]:
    for done in count(1):
        verdict = "FAILED" if rng.random() < 0.07 else "PASSED"
        yield f"tests/{area}/test_{name}.py::test_{rng.choice(WORDS)}_{rng.choice(FIELDS)} {verdict} [{min(99, done)}%]"


def _log(rng: Random, area: str, name: str) -> Iterator[str]:
    second = rng.randrange(30_000)
    while True:
        second += rng.randrange(9)
        clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        level = rng.choices(("INFO", "DEBUG", "WARNING", "ERROR"), (70, 20, 7, 3))[0]
        yield f"{clock} {level} {area}.{name} {rng.choice(WORDS)} took {rng.randrange(5, 400)} ms"


def _config(rng: Random, area: str, name: str) -> Iterator[str]:
    yield "{"
    while True:
        value = rng.choice((str(rng.randrange(1, 500)), "true", "false", "null", f'"{rng.choice(AREAS)}"'))
        yield f'  "{rng.choice(WORDS)}_{rng.choice(FIELDS)}": {value},'


def _diff(rng: Random, area: str, name: str) -> Iterator[str]:
    yield f"--- a/src/{area}/{name}.py"
    yield f"+++ b/src/{area}/{name}.py"
    at = rng.randrange(1, 80)
    while True:
        yield f"@@ -{at},6 +{at},7 @@"
        word, field = rng.choice(WORDS), rng.choice(FIELDS)
        yield f"     {field} = self.{word}()"
        yield f"-    return {word}({field})"
        yield f"+    return {word}({field}, {rng.choice(FIELDS)}={rng.randrange(1, 50)})"
        at += rng.randrange(8, 60)


def _search(rng: Random, area: str, name: str) -> Iterator[str]:
    at, where = 0, f"src/{area}/{name}.py"
    while True:
        if rng.random() < 0.3:
            at, where = 0, f"src/{rng.choice(AREAS)}/{rng.choice(NAMES)}.py"
        at += rng.randrange(1, 40)
        yield f"{where}:{at}: {rng.choice(FIELDS)} = {rng.choice(WORDS)}({rng.choice(FIELDS)})"


def _code(rng: Random, area: str, name: str) -> Iterator[str]:
    yield f"from {area}.{name} import {rng.choice(WORDS)}"
    while True:
        field, word = rng.choice(FIELDS), rng.choice(WORDS)
        yield f"def {word}_{field}(self, {field}):"
        yield f"    if {field} is None:"
        yield f"        return {rng.randrange(10)}"
        yield f"    return self.{rng.choice(WORDS)}({field})"


def _error(rng: Random, area: str, name: str) -> Iterator[str]:
    yield f"KeyError: '{rng.choice(FIELDS)}'"
    yield "Traceback (most recent call last):"
    while True:
        where = f"src/{rng.choice(AREAS)}/{rng.choice(NAMES)}.py"
        yield f'  File "{where}", line {rng.randrange(1, 400)}, in {rng.choice(WORDS)}'
        yield f"    {rng.choice(FIELDS)} = {rng.choice(WORDS)}({rng.choice(FIELDS)})"


Lines = Callable[[Random, str, str], Iterator[str]]
LINES: dict[str, Lines] = {
    "listing": _listing,
    "tests": _tests,
    "log": _log,
    "config": _config,
    "diff": _diff,
    "search": _search,
    "code": _code,
    "error": _error,
}
SHARES = {"listing": 15, "tests": 15, "log": 15, "config": 8, "diff": 10, "search": 12, "code": 20, "error": 5}
COMMANDS = {
    "listing": "ls src/{area}",
    "tests": "pytest tests/{area}",
    "log": "tail logs/{area}.log",
    "config": "cat config/{area}.json",
    "diff": "git diff src/{area}",
    "search": "grep -rn {word} src",
    "code": "cat src/{area}/{name}.py",
    "error": "python -m {area}.{name}",
}
PLANS = {
    "listing": ("Which files are there in {area}?", "I list the files of {area}."),
    "tests": ("Now the tests of {area}.", "Do the tests of {area} pass?"),
    "log": ("The log of {area} may say more.", "I read the log."),
    "config": ("How is {area} set up?", "I look at the settings."),
    "diff": ("What has changed in {area}?", "I check the diff."),
    "search": ("Where is it called?", "I search for the callers in {area}."),
    "code": ("I read the code of {area}.", "Let me see the source."),
    "error": ("Does {area} start?", "I try it out."),
}
BRIEF = (
    ("mkdir -p build/{area}", "ok"),
    ("git add src/{area}", "ok"),
    ("git status --short", "clean"),
    ("grep -c TODO src/{area}", "0"),  # what an agent looks for, not something left to do here
    ("rm build/{area}.log", "done"),
    ("touch build/{area}.txt", "exit 0"),
)
