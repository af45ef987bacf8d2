"""The run itself: a coding agent finds out why stays over a clock change are billed a day wrong."""

from collections.abc import Iterator
from typing import Any

from recipes.sample_run import files, outputs
from recipes.sample_run.code import THINGS, source
from recipes.sample_run.speech import Message, Story, edit, search, todos

SYSTEM = (
    "You are a coding agent in the repository of `quay`, the yard software of a container port. Work in small steps: "
    "read before you edit, run the tests that an edit touches, keep the todo list true with write_todos. Tools: "
    "list_files, read_file, search, run_tests, edit_file, read_log, write_todos. Answer the user in plain sentences."
)
GOAL = """Storage for containers that stay over a clock change is billed one day wrong, and some desks see the same \
with stays that end shortly after midnight in summer. Find the cause, fix it, and add regression tests.

Constraints:
1. Do not change the signature of any public function under src/quay/api or src/quay/billing.
2. No new dependency.
3. Money stays in whole cents: no float may come near an amount."""
STEER = (
    "One more thing, from finance: the nightly export (src/quay/reports/storage.py) is parsed by position. Keep its "
    "columns and their order exactly as they are, and do not write to it while you test: it is picked up at 02:00."
)
PLAN = (
    "Reproduce the wrong day with a test",
    "Find where days are counted",
    "Fix the count",
    "Check every caller of elapsed_days",
    "Regression tests for both clock changes and summer midnights",
    "Export keeps its columns",
    "Full test run",
)
FAILS = (
    ("tests/billing/test_storage.py::test_a_stay_over_the_spring_change", 5, 4),
    ("tests/billing/test_storage.py::test_leaving_after_a_summer_midnight", 4, 3),
)
MORE = (
    *FAILS,
    ("tests/billing/test_storage.py::test_free_days_end_at_midnight", 6, 7),
    ("tests/test_tariff.py::test_held_days_count_both_ends", 31, 32),
)


def run(seed: int) -> list[Message]:
    """The whole trajectory as OpenAI chat messages."""
    story = Story(seed, SYSTEM)
    story.user(GOAL)
    for chapter in (look_around, wrong_turn, the_log, the_cause, audit, finish):
        chapter(story)
    return story.messages


def look_around(story: Story) -> None:
    story.say(
        "I'll look at the project and write down a plan first.",
        ("list_files", {"path": "."}, outputs.listing(story.seed)),
        todos(PLAN, 0),
    )
    story.say("", story.read("README.md", files.README), story.read("pyproject.toml", files.PYPROJECT))
    story.say("Days matter here, so billing first.", story.read("src/quay/billing/storage.py", files.STORAGE))
    story.say("Now the tests as they stand.", story.red("tests/billing", FAILS))
    story.say("Two failures that fit the report: one in spring, one after a summer midnight.", todos(PLAN, 1))
    for thing in ("container", "tariff", "invoice"):
        story.say(
            f"`charge` touches {thing}s; model and service together.",
            story.read(f"src/quay/models/{thing}.py"),
            story.read(f"src/quay/services/{thing}.py"),
        )
        story.say("", story.read(f"src/quay/store/{thing}.py"))


def wrong_turn(story: Story) -> None:
    path = "src/quay/billing/storage.py"
    story.say(
        "`valid` compares moments. If tariffs were read without a zone, a day could slip there.",
        search("valid_from", story.seed),
    )
    story.say("", story.read("tests/test_tariff.py"), story.read("src/quay/api/tariff.py"))
    guess = "    begun = [tariff for tariff in tariffs if tariff.valid_from.date() <= moment.date()]"
    story.say("I'll compare dates instead of moments.", edit(path, files.STORAGE.splitlines()[32], guess))
    story.say("", story.red("tests", MORE))
    story.say(
        "Worse: four failures instead of two. The free days moved and the first two did not. Narrower:",
        story.red("tests/billing", MORE[:3]),
    )
    story.say(
        "That was a wrong turn. The tariff chosen was right all along; the count of days is wrong. I take it back.",
        edit(path, guess, files.STORAGE.splitlines()[32], "reverted"),
    )
    story.say("Back to the two failures I started from.", story.red("tests/billing", FAILS))


def the_log(story: Story) -> None:
    story.say(
        "The night of the change should show which stays are off. Reading the log of the nightly job.",
        ("read_log", {"name": "nightly-2024-03-30.log"}, outputs.night_log(170, story.seed)),
    )
    story.say(
        "The warnings are all 'by 1 day', in charges and nowhere else. So one count, used everywhere.",
        search("elapsed_days", story.seed),
    )


def the_cause(story: Story) -> None:
    story.say("Every service asks `elapsed_days`.", story.read("src/quay/clock.py", files.CLOCK))
    story.say(
        "Here it is: both moments go to UTC before midnight is taken, so from March to October 'midnight' is one in "
        "the morning at the port, and a stay over the change loses or gains a day. `zone` is not used at all.",
        todos(PLAN, 2),
    )
    story.say("I count the port's own dates, in integers.", edit("src/quay/clock.py", files.BROKEN, files.FIXED))
    story.say("", story.green("tests/billing"), story.green("tests/test_tariff.py"))
    story.say("Billing is green. Now everyone else who counts days.", todos(PLAN, 3))


NOTES = (
    "{things}: counts with the zone it is given; nothing to change.",
    "{things} pass their zone on, and the hour does not matter to them.",
    "The {things} test has a July date at 21:00, an hour that the old count got wrong by luck only in winter.",
    "Only `held_days` counts days for {things}; the stale limit is a span of time and stays as it is.",
    "{things} were right before and after: their moments lie at noon.",
)


def audit(story: Story) -> None:
    for place, thing in enumerate(THINGS):
        if place == len(THINGS) // 2:
            story.user(STEER)
            story.say(
                "Understood: columns and order stay, and I write nothing to the export while testing.",
                story.read("src/quay/reports/storage.py", files.EXPORT),
            )
        for step in callers(story, thing):
            story.say(*step)


def callers(story: Story, thing: str) -> Iterator[tuple[Any, ...]]:
    """What the agent does for one thing: search, read, correct what asks for it, test."""
    service, test, things = f"src/quay/services/{thing}.py", f"tests/test_{thing}.py", thing.replace("_", " ") + "s"
    yield f"Next, {things}.", search("held_days", story.seed, (thing,))
    yield "", story.read(service), story.read(test)
    yield "The route shows days to the desk, so I read it too.", story.read(f"src/quay/api/{thing}.py")
    if story.dice.random() < 0.6:
        yield (
            f"How {things} are stored, in case a moment loses its zone there.",
            story.read(f"src/quay/store/{thing}.py"),
        )
    note = story.dice.choice(NOTES)
    if "FIRST_DAY" in source(service, story.seed):
        note = "{things}: with the import in place the count is right at both ends."
        yield (
            "FIRST_DAY is used and not imported here.",
            edit(service, "import DAYS, HOURS, Clock", "import DAYS, FIRST_DAY, HOURS, Clock"),
        )
    yield note.format(things=things), story.green(test)


def finish(story: Story) -> None:
    story.say("All callers are checked.", todos(PLAN, 4))
    story.say(
        "Now the regression tests, beside the ones for the clock.",
        edit("tests/test_clock.py", "", files.REGRESSION),
    )
    story.say("", story.red("tests/test_clock.py", (("tests/test_clock.py::test_no_time_is_no_days", 0, 1),)))
    story.say(
        "My own test compared a charge, which includes the first day; the count itself is 0. Correcting the test.",
        edit("tests/test_clock.py", files.WRONG_TEST, files.RIGHT_TEST),
    )
    story.say("", story.green("tests/test_clock.py"), todos(PLAN, 5))
    story.say(
        "The export: same columns, same order?",
        story.read("src/quay/reports/storage.py", files.EXPORT),
    )
    story.say("Untouched: number, days, free, cents. I wrote nothing to it.", todos(PLAN, 6))
    story.say("The whole suite, once.", story.green("tests", 61))
    story.say("Everything passes.", todos(PLAN, len(PLAN)))
    story.say(
        "Fixed. `elapsed_days` in src/quay/clock.py took midnight in UTC, so from March to October a tariff day began "
        "at one in the morning and a stay over a clock change was a day off. It now counts the port's own dates, in "
        "integers.\n\nTests for both clock changes and for summer midnights are in tests/test_clock.py. No signature "
        "under api or billing changed, no dependency was added, amounts stay whole cents, and the export keeps its "
        "columns in their order."
    )
