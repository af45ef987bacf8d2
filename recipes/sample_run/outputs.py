"""What the invented tools print: listings, test runs, search results and a long log."""

import random
from collections.abc import Sequence

from recipes.sample_run import files
from recipes.sample_run.code import THINGS, source

LAYERS = ("models", "store", "services", "api")


def listing(seed: int) -> str:
    """The project's files with their sizes."""
    dice = random.Random(f"{seed}:listing")
    paths = [f"src/quay/{layer}/{thing}.py" for layer in LAYERS for thing in THINGS]
    paths += [f"tests/test_{thing}.py" for thing in THINGS]
    sizes = [f"{len(source(path, seed)):>7}  {path}" for path in paths]
    sizes += [f"{len(text):>7}  {path}" for path, text in files.WRITTEN.items()]
    sizes += [f"{dice.randint(300, 9000):>7}  {path}" for path in ("Makefile", "tests/test_clock.py", "uv.lock")]
    return "\n".join(sorted(sizes, key=lambda line: line.split()[1]))


def search(word: str, seed: int, things: Sequence[str]) -> str:
    """Lines of the services, the API and the tests that hold `word`, as grep -n prints them."""
    hits = []
    for thing in things:
        for path in (f"src/quay/services/{thing}.py", f"src/quay/api/{thing}.py", f"tests/test_{thing}.py"):
            lines = enumerate(source(path, seed).splitlines(), 1)
            hits += [f"{path}:{number}:{line}" for number, line in lines if word in line]
    return "\n".join(hits) + f"\n{len(hits)} matches" if hits else "no matches"


def green(path: str, times: int, dice: random.Random) -> str:
    """A run in which every test passes; `times` as many as one file holds."""
    count = dice.randint(6, 31) * times
    return f"{path} {'.' * min(count, 60)}  [100%]\n\n{count} passed in {times * dice.uniform(0.3, 1.1):.2f}s"


def red(failures: Sequence[tuple[str, int, int]], passed: int, dice: random.Random) -> str:
    """A run with failures: (test, wanted, got) each."""
    parts = ["=" * 34 + " FAILURES " + "=" * 34]
    for test, wanted, got in failures:
        path, name = test.split("::")
        line = dice.randint(20, 140)
        parts += [
            f"{'_' * 20} {name} {'_' * 20}",
            "",
            f">       assert bill.days == {wanted}",
            f"E       AssertionError: assert {got} == {wanted}",
            f"E        +  where {got} = Charge(number='QAYU{dice.randint(10**6, 10**7 - 1)}', days={got}, "
            f"free={min(got, 5)}, cents={max(0, got - 5) * 4150}).days",
            "",
            f"{path}:{line}: AssertionError",
        ]
    parts += ["=" * 27 + " short test summary info " + "=" * 27]
    parts += [f"FAILED {test} - AssertionError: assert {got} == {wanted}" for test, wanted, got in failures]
    parts += [f"{len(failures)} failed, {passed} passed in {dice.uniform(1.5, 9.0):.2f}s"]
    return "\n".join(parts)


EVENTS = (
    "gate    container {id} in by lane {small}, {big} kg, seal {hex}",
    "yard    container {id} to slot {hex} tier {small}",
    "billing charge {id} days={small} free=5 cents={big} tariff=ST-{small}",
    "crane   move {hex} bay {small} took {big} ms",
    "reefer  probe {hex} on {id} reads -{small}.{small} C, no alarm",
    "customs hold {hex} on {id} lifted after {small} h",
    "edi     message {hex} from carrier {small} took {big} bytes",
    "export  line {id};{small};5;{big}",
    "billing WARNING charge {id} differs from the desk's count by 1 day",
    "store   checkpoint {hex}, {big} pages",
)


def night_log(lines: int, seed: int) -> str:
    """The log of the night in which the clocks went forward."""
    dice = random.Random(f"{seed}:log")
    moment, out = 22 * 3600 * 1000, []
    for _ in range(lines):
        moment += dice.randint(900, 61_000)
        event = dice.choice(EVENTS).format(
            id=f"QAYU{dice.randint(10**6, 10**7 - 1)}",
            small=dice.randint(1, 19),
            big=dice.randint(700, 31_000),
            hex=f"{dice.randrange(16**5):05X}",
        )
        second, milli = divmod(moment, 1000)
        stamp = f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}.{milli:03}"
        out.append(f"2024-03-{30 + second // 86_400} {stamp} {event}")
    return "\n".join(out)
