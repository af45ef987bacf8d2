"""Source files of the invented project, drawn from templates with a seed: no two of them say the same."""

import random
import re
from dataclasses import dataclass

from recipes.sample_run import templates

THINGS = {
    "container": ("number", "iso_type", "tare_kg", "arrived_at"),
    "shipment": ("reference", "consignee", "gross_kg", "released_at"),
    "berth": ("code", "quay_side", "depth_cm", "free_from"),
    "vessel": ("imo", "flag", "draught_cm", "due_at"),
    "tariff": ("code", "cents_per_day", "free_days", "valid_from"),
    "invoice": ("serial", "payer", "total_cents", "issued_at"),
    "gate_visit": ("plate", "lane", "weight_kg", "entered_at"),
    "inspection": ("seal", "officer", "minutes", "opened_at"),
    "yard_slot": ("row", "tier", "capacity_teu", "taken_at"),
    "crane_move": ("crane", "bay", "seconds", "started_at"),
    "customs_hold": ("ticket", "reason", "deposit_cents", "placed_at"),
    "reefer_reading": ("probe", "alarm", "millidegrees", "read_at"),
    "surcharge": ("label", "basis", "cents", "applies_from"),
    "weighing": ("slip", "scale", "gross_kg", "weighed_at"),
    "pilot_order": ("order", "pilot", "minutes", "boards_at"),
    "manifest": ("voyage", "port", "line_count", "closed_at"),
}
"""Each thing the port deals with: the fields key, kind, amount and time."""


@dataclass(frozen=True, slots=True)
class Names:
    """One thing's words in the forms that the templates ask for."""

    thing: str
    seed: int

    def fill(self, template: str) -> str:
        """The template with its «choices|like this» made and its $words put in."""
        dice = random.Random(f"{self.seed}:{self.thing}:{template}")
        chosen = re.sub(r"«([^»]*)»", lambda found: dice.choice(found[1].split("|")), template)
        key, kind, amount, time = THINGS[self.thing]
        words = {
            "Thing": self.thing.title().replace("_", ""),
            "things": self.thing.replace("_", " ") + "s",
            "table": self.thing + "s",
            "thing": self.thing,
            "key": key,
            "kind": kind,
            "amount": amount,
            "time": time,
            "n": str(dice.randint(3, 97)),
            "big": str(dice.randint(1_000, 48_000)),
            "day": f"{dice.randint(1, 28):02}",
            "id": f"{dice.randrange(16**6):06X}",
        }
        return re.sub(r"\$(?:\{(\w+)\}|([a-zA-Z]+))", lambda found: words[found[1] or found[2]], chosen)


def source(path: str, seed: int) -> str:
    """The text of src/quay/{models,store,services,api}/THING.py or tests/test_THING.py."""
    folder, name = path.split("/")[-2:]
    names = Names(name.removesuffix(".py").removeprefix("test_"), seed)
    dice = random.Random(f"{seed}:{path}")
    match folder:
        case "models":
            parts = [templates.MODEL]
        case "store":
            parts = [templates.STORE]
        case "services":
            chosen = dice.sample(templates.SERVICE, k=dice.randint(7, 9))
            parts = [
                templates.HEAD,
                *(part for part in templates.SERVICE if part in chosen or "_days(" in part or "open_" in part),
            ]
        case "api":
            parts = [templates.API_HEAD, *dice.sample(templates.ROUTE, k=4)]
        case _:
            parts = [templates.TEST_HEAD, *dice.sample(templates.TEST, k=6)]
    return "\n\n\n".join(names.fill(part).rstrip("\n") for part in parts) + "\n"
