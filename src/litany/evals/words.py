"""The words that questions and filler are made of; those of questions are one token each in o200k and cl100k.

So what is asked for and its placebo take as many tokens. No noun or name stands in the filler.
"""

from random import Random


def spaced(text: str) -> tuple[str, ...]:
    """Words with spaces between."""
    return tuple(text.split())


def parts(text: str) -> tuple[str, ...]:
    """What stands between bars and line ends."""
    return tuple(part.strip() for part in text.replace("\n", "|").split("|") if part.strip())


NAMES = spaced("""
Oliver Victor Diana Hugo Marcus Vincent Julian Felix Oscar Simon Adrian Clara Helen Martha Nora Irene Alice Bruno Conrad
Edgar Frank George Harold Isaac Jacob Karl Leon Martin Nelson Owen Patrick Quentin Robert Samuel Thomas Walter Xavier
Albert Bernard Cecil Daniel Edward Gordon Henry Julia Kevin Laura Margaret Nathan Paula Rachel Sylvia Teresa Wendy
Arthur Caroline Dorothy Eleanor Florence Gloria Hannah Isabel Joyce Monica Norman Philip Ralph Stella Trevor Vanessa
Warren Amanda Barbara Claudia Derek Fiona Gavin Jerome Karen Leonard Nicole Stuart Tyler Valerie Wayne Angela
""")
KINDS = spaced("""
reactor warehouse vessel station archive laboratory depot harbor factory hospital studio clinic workshop bakery
""")
ATTRIBUTES = parts("""
password|color|weight|captain|budget|address|owner|signal|supplier|engine|access code|serial number|launch date
radio channel|chief engineer|license number|storage room|delivery route|test result|opening hour
""")
NOUNS = spaced("""
lantern compass violet quartz ginger kettle marble umbrella velvet walnut magnet pepper lemon maple olive ribbon cotton
copper silver candle blanket bottle button carpet cheese cherry coffee cookie crystal curtain diamond feather flower
guitar hammer helmet honey jacket ladder mirror needle onion pencil piano pillow potato shell spoon sugar tomato towel
""")
COLORS = spaced("amber ivory crimson bronze golden purple orange yellow")

WHO = parts("""
the gardener|a retired clerk|the committee|my neighbor|the ferry crew|an old carpenter|the weather office|her cousin
the village choir|a young painter|the tour guide|one of the cooks|the night guard|a group of students|the swimmer
our landlord|the stage manager|a visiting scholar|the mail carrier|the dance teacher|the printer|the tram driver
a careful botanist|the shoe maker|the harvest team|the organ player|the new tenant|a tired runner|the mayor|his uncle
""")
DID = parts("""
walked slowly towards|wrote a long note about|forgot to close|painted a picture of|carefully described|talked about
complained about|took a photo of|was resting near|had often visited|waited for hours beside|planted herbs around
repaired the fence behind|counted the steps of|made a small drawing of|had lunch close to|swept the path before
listened to the rain above|told a story about|left a blue chair in|dreamed of|argued over|bought bread for|looked after
stood quietly beside|sang a song about|moved a bench to|gave a speech about|cleaned the wall of|found a cat in
""")
WHAT = parts("""
the stone bridge|the market square|a row of tall trees|the empty theater|the river bank|a wooden stair|the town pool
the light on the hill|an empty orchard|the railway platform|a field of corn|the public library|the old mill|the oak gate
the narrow alley|a flock of birds|the school yard|the frozen pond|the glass roof|an open door|the clock tower
the vegetable stall|a cottage by the sea|the back of the park|a heap of autumn leaves|the village fountain|the museum
the dusty road|a quiet corner|the corner shop|the sports hall
""")
WHEN = parts("""
before breakfast|on a cold morning|in the middle of winter|while the soup cooked|although nobody had asked
until the light faded|because the bus was late|after the concert|during the long summer|as if nothing had happened
and then went home|without saying a word|for no special reason|just as the bells rang|with great patience
under a gray sky|in spite of the wind|the day before the fair|once the fog was gone|as they did every year
after a short nap|in the early evening|while it was snowing|to everyone's surprise|on the way to work
""")


class Values:
    """Answers of one to two words; no two of one draft share a word."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._nouns = rng.sample(NOUNS, len(NOUNS))
        self._colors = rng.sample(COLORS, len(COLORS))
        self._numbers = iter(rng.sample(range(10_000, 100_000), 256))

    def kind(self) -> str:
        """number, noun, or two words."""
        return self._rng.choices(("number", "noun", "two"), (4, 4, 2))[0]

    def next(self, kind: str) -> str:
        """A fresh one of that kind; numbers when the nouns are used up."""
        if kind == "two" and self._colors and self._nouns:
            return f"{self._colors.pop()} {self._nouns.pop()}"
        if kind == "noun" and self._nouns:
            return self._nouns.pop()
        return str(next(self._numbers))
