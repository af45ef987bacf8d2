"""The words of the reader's examination: names, attributes, values and filler. Training knows none of them."""

from random import Random

NAMES = """
Marlow Tindra Oskaria Velmont Quillon Brannock Sefton Yarrow Halvard Isolde Corvane Drummond Eskil Fenwick Galloway
Hesper Ingmar Jorvik Kestrel Larkin Mossgrove Norwood Ottoline Pemberton Quarry Rosamund Silas Thackeray Ulverston
Vesper Wickham Xanthe Yelverton Zennor Arkwright Bellamy Calder Dunmore Elswick Farrow Greyson Holloway Inverness
Jessamy Kirkwall Lorimer Merrick Nettlefold Orkney Prescott Rathbone Selkirk Tarrant Underhill Vaughan Whitby
Abernathy Blackwood Cresswell Dalton Everard Faversham Garrick Harrow Ivanhoe Jardine Kendrick Lockwood Medlock
""".split()
KINDS = "reactor warehouse vessel station archive laboratory greenhouse mine observatory depot foundry harbour".split()
ATTRIBUTES = """
password|callsign|access code|launch date|serial number|chief engineer|berth|cargo|nickname|supplier|radio channel
insurance policy|mascot|curator|shelf mark|budget line|tide table|patron|license plate|safe combination|colour
"""
ATTRIBUTE = [part.strip() for line in ATTRIBUTES.split("\n") for part in line.split("|") if part.strip()]
NOUNS = """
lantern anvil compass violet mortar pelican saffron quartz trellis ember falcon ginger hammock juniper kettle lagoon
marble nutmeg orchid parcel quiver rudder sandal tulip umbrella velvet walnut yarn zephyr apricot bobbin cobalt dynamo
easel flute garnet hazel indigo jasmine kernel lichen magnet nectar oboe pepper quince raisin satchel teapot urn vault
whistle almond barley cedar dahlia elm fern grape heather iris jade kelp lemon maple needle olive pebble ribbon sage
""".split()
COLOURS = (
    "amber scarlet ivory turquoise crimson lilac bronze silver charcoal emerald golden copper azure maroon".split()
)
KEYS = """
birch wren otter flint heron moss badger clover thistle robin sparrow beetle willow acorn bramble cricket dove finch
gull hawk ibis jay kite lark mole newt owl perch quail raven seal toad viper wolf yew asp bison crane deer eagle ferret
goat hare impala jackal koala lynx moose narwhal ocelot panther rabbit shark tapir urchin vole walrus yak zebra
""".split()

WHO = """
the gardener|a retired clerk|the committee|my neighbour|the ferry pilot|an old carpenter|the weather service|her cousin
the village choir|a travelling salesman|the museum guide|one of the bakers|the night watchman|a group of students
the beekeeper|our landlord|the stage manager|a visiting scholar|the postmaster|the swimming teacher|the bookbinder
the tram driver|a young botanist|the shoemaker|an amateur astronomer|the harvest crew|the piano tuner|the new tenant
"""
DID = """
walked slowly towards|wrote a long letter about|forgot to close|painted a picture of|carefully measured|talked about
complained about|took a photograph of|was reading near|had often visited|waited for hours beside|planted herbs around
repaired the fence behind|counted the windows of|made a careful drawing of|had lunch close to|swept the path before
listened to the rain above|told a story about|left a basket in|dreamed of|argued over|bought flowers for|looked after
"""
WHAT = """
the stone bridge|the market square|a row of chestnut trees|the empty theatre|the river bank|a wooden staircase
the lighthouse on the hill|an abandoned orchard|the railway platform|a field of barley|the town library|the old mill
the narrow alley|a flock of geese|the school playground|the frozen pond|the glass roof|an open window|the clock tower
the vegetable stall|a cottage by the sea|the back of the garden|a heap of autumn leaves|the village fountain
"""
WHEN = """
before breakfast|on a cold morning|in the middle of winter|while the kettle boiled|although nobody had asked
until the light faded|because the bus was late|after the concert|during the long summer|as if nothing had happened
and then went home|without saying a word|for no particular reason|just as the bells rang|with great patience
under a grey sky|in spite of the wind|the day before the fair|once the fog had lifted|as they did every year
"""
TOOLS = "inspect_page list_folder run_checks open_ticket fetch_log query_table read_sensor render_chart".split()
TOPICS = "valve invoice sensor schema turbine ledger beacon fixture crate filter gasket panel relay spindle".split()


def _parts(text: str) -> list[str]:
    return [part.strip() for line in text.split("\n") for part in line.split("|") if part.strip()]


_WHO, _DID, _WHAT, _WHEN = map(_parts, (WHO, DID, WHAT, WHEN))


def sentence(rng: Random) -> str:
    """A sentence of no account, out of some 400,000."""
    said = f"{rng.choice(_WHO)} {rng.choice(_DID)} {rng.choice(_WHAT)}"
    if rng.random() < 0.7:
        said += f" {rng.choice(_WHEN)}"
    return said[0].upper() + said[1:] + "."


def value(rng: Random) -> str:
    """A number, a word, or two."""
    dice = rng.random()
    if dice < 0.4:
        return str(rng.randint(1_000, 9_999_999))
    return rng.choice(NOUNS) if dice < 0.75 else f"{rng.choice(COLOURS)} {rng.choice(NOUNS)}"
