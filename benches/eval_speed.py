"""What a sample of a sweep takes on a model that costs nothing, and where it goes: `python -m benches.eval_speed`."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from litany.evals.arm import ARMS, spare
from litany.evals.sweep import Pace, Suite, run
from litany.evals.tasks import TASKS, fitted
from litany.models.scripted import Scripted

NAMES = ("bare", "recite")
LENGTH, N = 1_000, 40
DEPTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
SAMPLES = len(NAMES) * len(DEPTHS) * N


def swept(task: str, model: Scripted, out: Path) -> float:
    """Milliseconds of processor time a sample, all in all."""
    suite = Suite((task,), model.name, NAMES, (LENGTH,), DEPTHS, n=N, pace=Pace(workers=1))
    began = process_time()
    run(suite, model, out)
    return 1_000 * (process_time() - began) / SAMPLES


def parts(task: str, model: Scripted) -> tuple[float, float, float]:
    """The same of making the cases, of what the arms make of them, and of the model."""
    arms, roomy = [ARMS[name] for name in NAMES], [ARMS[name] for name in (*NAMES, "placebo")]
    marks = [0.0, 0.0, 0.0]
    for seed in range(N):
        began = process_time()
        fit = fitted(TASKS[task], seed, LENGTH, model.count, spare(roomy, TASKS[task], seed, model.count))
        cases = [fit.at(depth) for depth in DEPTHS]
        made = process_time()
        prompts = [arm.view(case, model.count) for case in cases for arm in arms]
        viewed = process_time()
        for prompt in prompts:
            model(prompt.messages, prompt.tools)
        marks = [a + b for a, b in zip(marks, (made - began, viewed - made, process_time() - viewed), strict=True)]
    case, view, said = (1_000 * mark / SAMPLES for mark in marks)
    return case, view, said


def main() -> None:
    with TemporaryDirectory() as folder:
        script = Path(folder) / "said.jsonl"
        script.write_text(json.dumps({"role": "assistant", "content": "no"}))
        for task in ("needle", "goal"):
            swept(task, Scripted(script, cycle=True), Path(folder) / f"{task}-first")  # loads what is loaded once
            whole = swept(task, Scripted(script, cycle=True), Path(folder) / task)
            case, view, said = parts(task, Scripted(script, cycle=True))
            told = (
                f"case {case:.2f}, view {view:.2f}, model {said:.2f}, the sweep itself {whole - case - view - said:.2f}"
            )
            print(f"{task}: {whole:.2f} ms a sample at {LENGTH:,} tokens: {told}")


if __name__ == "__main__":
    main()
