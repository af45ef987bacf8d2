"""Worlds: drawn from a seed, true by construction, of at least thirteen kinds, to three hundred orders and more."""

import json

import pytest

from litany.evals.errand import KINDS, world
from litany.evals.errand.kinds import Job
from litany.evals.errand.world import LEAST, MOST
from litany.pocket.words import KNOWN
from litany.testing.provider import validate


def test_there_are_thirteen_kinds_and_seeds_take_them_in_turn() -> None:
    assert len(KINDS) >= 13
    assert [world(seed).kind.name for seed in range(len(KINDS))] == list(KINDS)
    assert world(len(KINDS)).kind == world(0).kind
    assert world(len(KINDS)) != world(0)


def test_the_same_seed_gives_the_same_world() -> None:
    one, other = world(5), world(5)

    assert one == other
    assert [one.noise.at(step) for step in range(9)] == [other.noise.at(step) for step in range(9)]


@pytest.mark.parametrize("seed", range(26))
def test_what_is_true_in_the_end_follows_from_rule_and_orders(seed: int) -> None:
    found = world(seed)

    assert LEAST <= len(found.orders) <= MOST
    assert found.rule.count(found.value) == 1
    assert len(found.effects) == len(set(found.effects)) == len(found.orders)
    assert all(line.endswith(f": {found.kind.job.effect(found.value)}") for line in found.effects)
    assert not set(found.orders) & set(found.strays)
    assert found.value not in found.noise.rumours


def test_the_noise_is_long_at_times_and_suggests_other_work_and_other_ways() -> None:
    found = world(3)
    said = [found.noise.at(step) for step in range(200)]

    assert min(map(len, said)) < 200
    assert max(map(len, said)) > 3_000
    assert any(found.kind.stray.verb in text for text in said)
    assert any(value in text for value in found.noise.rumours for text in said)
    assert not any(found.value in text.split() for text in said)


def test_a_world_of_three_hundred_orders_names_each_thing_once() -> None:
    found = world(2, 300)

    assert len(set(found.orders)) == 300
    assert found.steps == 450


def test_the_beginning_tells_goal_and_rule_once_and_reads_the_placebo_aloud() -> None:
    found = world(7)
    opening = found.opening()
    said = json.dumps(opening)

    assert not validate("openai", {"messages": list(opening), "tools": list(found.tools)})
    assert said.count(found.rule) == said.count(found.kind.goal) == 1
    assert all(text in str(opening[0]["content"]) for text in (found.placebo.goal or "", *found.placebo.constraints))


def test_no_word_that_an_agent_must_copy_means_something_to_the_pocket_reader_already() -> None:
    jobs: list[Job] = [job for kind in KINDS.values() for job in (kind.job, kind.stray)]
    words = {word for job in jobs for word in (job.verb, job.thing, job.option, *job.choices) if word}

    assert not {word for word in words if word.lower() in KNOWN}
    assert len({job.verb for job in jobs}) == len(jobs)
