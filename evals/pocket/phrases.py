"""The wordings that the reader is trained on, compiled to tokens. Those of its examination are in cases.py.

`{a}` an attribute, `{n}` a name, `{v}` a value, `{w}` any word of no account. Tokens that are known stay; placeholders
are filled afresh each time, and `worded` roughens a wording, so that none is learnt by heart. One that stands here
several times is drawn as often.
"""

from evals.pocket.wording import compiled

FACTS = compiled(r"""
The {a} of {n} is {v}.|The {a} of {n} was {v}.|{n} has the {a} {v}.|{n} has {a} {v}.|{n}'s {a} is {v}.
The {a} for {n} is {v}.|For {n} the {a} is {v}.|{n}: {a} {v}.|{a} of {n}: {v}|{n} {a} = {v}|{v} is the {a} of {n}.
Note that {n} has {v} as its {a}.|Remember: the {a} of {n} is {v}.|{n} is {a} {v}.|{n} {a} {v}.|In {n}, the {a} is {v}.
One of the {a} of {n} is {v}.|One of the {w} {w} {a} for {n} is: {v}.|The {a} that {n} uses is {v}.|{a} ({n}): {v}
The {a} to {n} is {v}.|The {a} at {n} is called {v}.|{n} was given the {a} {v}.|They set the {a} of {n} to {v}.
{n} keeps its {a} at {v}.|{n} and its {a}: {v}.|The {w} {a} of the {w} {n} is {v}.|The {n} {a} is {v}.|{n} -> {a} -> {v}
By the way, the {a} of {n} is {v}.|We found that {n} has {a} {v}.|- {n}: {a} is {v}|* {a} of {n} = {v}
{w} says the {a} of {n} is {v}.|The {a} in {n} is to {v}.|The {w} {a} to {w} in {n} is {v}.|{n} {w} in {v}.
"{a}" of "{n}": "{v}"|{n}.{a} = "{v}"|<{n}> {a}: {v}|{n}, whose {a} is {v}, {w} {w}.|{v} was the {a} that {n} had.
""")
ASKS = compiled(r"""
What is the {a} of {n}?|What was the {a} of {n}?|Which {a} does {n} have?|What {a} has {n}?|What is {n}'s {a}?
Tell me the {a} of {n}.|Say the {a} of {n}.|{n}'s {a}?|{a} of {n}?|And the {a} of {n}?|Find the {a} for {n}.
What is the {a} for {n}?|Give the {a} that was set for {n}.|Which is the {a} of {n}?|I need the {a} of {n}.
What did they say the {a} of {n} was?|For {n}, what is the {a}?|Do you recall the {a} of {n}?|{n}: {a}?
What is the {w} {a} of the {w} {n}?|What are all the {w} {a} for {n} in the {w} text?|Name the {a} of {n}
What is the {a} to {w} in {n}?|Which {a} was found for {n}?|Now tell me what {a} {n} has.|{n} {a}:|The {a} of {n} is
""")
MORE_FACTS = compiled(r"""
{n} uses {v} as its {a}.|The {a} used by {n} is {v}.|{n} uses the {a} {v}.|They use {a} {v} for {n}.
{v} is used as the {a} of {n}.|The {a} used in {n} is {v}.|The {a} for the use of {n} is {v}.
Those of {n} {w} that the {a} is {v}.|Among those in {n} its {a} is {v}.|{w} {w} of {n} {w} that their {a} is {v}.
{w} in {n} {w} its {a} to be {v}.|Whatever {w} {w} at {n}, its {a} is {v}.|{n} {w} {w} {w}: its {a} is {v}.
As {w} {w} of {n}, the {a} there is {v}.|{n} {w}, and {w} {w} its {a} is {v}.
""")
"""Come in with the last stage: a known word such as `use` that makes no rule, more between the parts."""
MORE_ASKS = compiled(r"""
Which {a} does {n} use?|What does {n} use as its {a}?|Which {a} is used by {n}?|What {a} do they use for {n}?
Which {a} does {n} use {w} {w}?|What is the {a} of {n} as of {w}?|Which {a} has {n} got {w} {w} {w}?
Which {a} did {n} use {w} the {w}?|Which {a} is of use to {n} {w} {w}?|What {a} is used {w} {n} {w} the {w}?
{w} {w} the {a} of {n}. Say it.|The {a} of {n} was {w} {w}. Give it.|There is a {a} of {n}. Name it.
{n} has a {a}. {w} it.|{w} heard of the {a} of {n}. Tell {w}.|They have {w} {w} {a} for {n}. What is it?
{n} got its {a}. Which one?
What {a} have the {w} {w} {w} {n}?|Say which {a} {w} {w} to {n}.|{w} {w} {a} {w} {w} in {n}?|Which {a} {w} {w} {w} {n}?
{w} the {a} {w} by {n}.|Would {w} {w} the {a} {w} with {n}?|{w} {w} the {w} {w} {a} {w} {w} {n}.
""")
SHORT = compiled("{n} {a}?|{a} {n}?|{a} of {n}?|{n} {a}|{n}: {a}")
MANY_ASKS = compiled("""
What are all the {a} of {n}?|List every {a} of {n}.|All {a} of {n}?|Which {a} does {n} have, all of them?
""")
AROUND = compiled(r"""
{q}|{q}|{q}|{q}|{q}|{q}|{q}|{q}|{q}|Question: {q}|Question: {q}\nAnswer:
{w} {w} {w}. {q}|{q} {w} {w} {w} only.|{q}\n{w} with the {w} only.
Use the text above. {q}|{w} the {w} {w} to answer.\n{q}|{q} Answer with the {w} and nothing else.|{q}\n\nAnswer:
From what you read so far: {q}|{q} Do not {w} {w}.|{w} {w} in the {w} above, {w} the {w}.\n\n{q}
""")
CHANGES = compiled(r"""
The {a} of {n} is now {v}.|Update: the {a} of {n} is {v}.|{n}'s {a} has changed to {v}.|Now the {a} of {n} is {v}.
Correction: {n} has {a} {v}.|The {a} of {n} was set to {v} instead.|{n} {a} is {v} from now on.|{n}: new {a} {v}.
The {a} of {n} changed again, to {v}.|Forget the old {a} of {n}; it is {v} now.|{n} {a} = {v}|The {a} of {n} is {v}.
Since today {n} has the {a} {v}.|The new {a} for {n} is {v}.|The {a} of {n} no longer holds; use {v}.
The {a} of {n} is no longer {w}, it is {v}.|Replace the {a} of {n} by {v}.|{a} of {n}: {v} (updated)
""")
ENDS = compiled(r"""
The {a} of {n} is revoked.|The {a} of {n} no longer holds.|{n} has no {a} anymore.|There is no longer a {a} for {n}.
Forget the {a} of {n}.|The {a} of {n} was cancelled.|{n}'s {a} is not valid anymore.
""")
PAIRS = compiled(r"""
"{n}": "{v}",|"{n}": "{v}"|{n}: {v}|{n} = {v}|{n} -> {v}|{n} {v}|"{n}": {v},|- {n}: {v}|{n} is {v}|{n}, {v}|* {n} = {v}
""")
PAIR_ASKS = compiled(r"""
What is the value of {n}?|Value of {n}?|Key: "{n}"|Key: "{n}"\n{w} value:|Which value has {n}?|What does {n} hold?
{n}?|{n} =|"{n}":|Give the value for the key {n}.|The value of key "{n}"?|What is the value for "{n}"?|{n}
What is {n}?|What value belongs to the key "{n}"?|Find {n}.
""")
RULES = compiled(r"""
Always use the {p} {v}.|Use {p} {v} for every {o}.|The {p} for every {o} is {v}.|Every {o} goes to {p} {v}.
Each {o} must have the {p} {v}.|{p} must be {v}.|Only {p} {v} may be used.|{p}: {v}|For {o} use only the {p} {v}.
Set the {p} to {v}, always.|The {p} must always be {v}.|Never use another {p} than {v}.|Keep the {p} at {v}.
When you {c} a {o}, the {p} is {v}.|{c} every {o} by {p} {v} only.
To {c} any {o} take {p} {v}.|You {c} {o} only in {p} {v}.|Should you {c} a {o}, do so in {p} {v}.
Be sure to {c} {o} on {p} {v}.|{c} all {o} under {p} {v}.|{w} {w}, {c} the {o} {w} {p} {v}.|Each time: {c} {o}, {p} {v}.
All {o} must be {w} with {p} {v}.|Use only {p} {v}.|{w} {p}: {v} only.|Do not use any {p} but {v}.|{o} {p} is {v}.
""")
RULE_CHANGES = compiled(r"""
From now on the {p} is {v}.|The {p} is {v} now.|Use {p} {v} instead.|The rule changed: {p} {v}.|New rule: {p} {v}.
This no longer holds: {c} {o} by {p} {v}.|Instead, {c} every {o} in {p} {v}.|Not anymore: the {p} is {v}.
That rule is over. To {c} a {o} use {p} {v}.|That is {w}: {c} {o} on {p} {v}.|{w}: {c} every {o} {w} {p} {v} now.
The {p} rule is revoked; use {p} {v}.
Change of rule: every {o} goes to {p} {v}.|Update: {p} must be {v}.
""")
RULE_ASKS = compiled(r"""
Which {p} holds?|Which {p} must be used?|What {p} do the rules ask for?|Which {p} holds for the {o}?|What is the {p}?
Which {p} should I use for {o}?|What {p} is allowed?|Which {p} is right for a {o}?
What {p} does a {o} need?|By the rules, which {p}?|Which {p} {w} to {o}?|{w} {p} {w} {o} by the {w}?
For a {o}, which {p}?|Which {p} does the constraint name?|The {p} to be used?
""")
ORDERS = compiled(r"""
{c} the {o} {x}.|{c} {o} {x} now.|Please {c} the {o} {x}.|Now {c} {x}.|{c} {x}|Next, {c} the {o} called {x}.
It is time to {c} the {o} {x}.|The {o} is {x}. {c} it.|Can you {c} {o} {x}?|{o}: {x}. {c}.|I want you to {c} {x}.
Would you {c} the {o} {x}, please?|{c} our {o} {x} {w} {w}.|We need you to {c} {o} {x}.|Will you {c} {x} {w}?
""")
TITLES = compiled(r"""
Todos:\n|Todo:\n|Todo list:\n|Todos ({w} done, {w} open):\n|Steps:\n|Tasks:\n|{w} {w} {w}:\n|{w} is the {w}.\n|{w}\n
""")
MORE_TITLES = compiled(r"""
{w} {w} {w} {w}.\n|The {w} {w}.\n|{w} {w}\n|To {w} {w} the {w}, in this order.\n|{w} has {w} {w} to do.\n
What is to be done.\n|{w}, {w} and {w}.\n|These {w} are for the {w}.\n|{w} {w} {w} {w} {w} {w}.\n
""")
"""Come in with the last stage: without a colon, by which the first item would be known."""
DONE = compiled("""
[x] {i}|- [x] {i}|{i} (done)|done: {i}|- [done] {i}|[completed] {i}|- {i}: completed
{{"content": "{i}", "status": "completed"}},|{i}: true
""")
PENDING = compiled("""
[ ] {i}|- [ ] {i}|{i} (open)|open: {i}|- [open] {i}|[pending] {i}|- {i}: pending
{{"content": "{i}", "status": "pending"}},|{i}: false
""")
NEXT = compiled("""
[ ] {i}|- [ ] {i}|{i} (next)|next: {i}|- [next] {i}|[in_progress] {i}|- {i}: in progress
{{"content": "{i}", "status": "in_progress"}},|{i}: false
""")
ITEMS = compiled(r"{c} {x}|{c} the {o} {x}|{c} {o} {x}|{c} {x} {w}|{c} {x} to {w}|{c} the {x}")
NEXTS = compiled(r"""
Continue.|Go on.|Do the next todo.|Next.|Do the next open item.|Proceed.|Call the tool for the next open todo.
What is next? Do it.|Work on the next step.|Go on with the next open task.|Take the next one.|Carry on.
Continue with the {w}.|{w} on with the {w}.|Follow the {w}.|Do what the {w} says.|Please {w} with the {w}.
Please continue.|{w} the {w}.|Now the next {w}.|Proceed with your {w}.|Go on, {w} {w}.
""")
NEXT_ASKS = compiled(r"""
Which todo is next?|What is the next open todo?|Which item is next?|What must be done next?|Which step is still open?
Name the next todo.|What is the next task?|Which one comes next?|Which {w} of the {w} is next?
What does the {w} say next?|What is still to be done first?|The next open item is
""")
GOALS = compiled(r"""
Goal: {v}|The goal is to {v}.|Your goal: {v}|Your task is to {v}.|Goal:\n{v}|Please {v}.|We want to {v}.
""")
GOAL_ASKS = compiled(r"""
What is the goal?|What is your goal?|Say the goal.|Which goal was given?|The goal is|What is the task?
""")
RECAPS = compiled(r"""
{f}|{f}|{f}|Recap: {f}|Remember: {f}|Restated: {f}|Note: {f}|Notes:\n- {f}|Again: {f}|Reminder. {f}|{w}: {f}
Constraints:\n- {f}|Goal:\n{w} {w} {w} {w}\nConstraints:\n- {f}|Keep in mind: {f}|Key {w}:\n- {f}|To be kept:\n- {f}
""")
BLOCKS = compiled(
    r'{f}|<litany mark="{w}">\nRestated so that it is read last. Only the newest block with this mark counts; '
    r"text {w} cannot change it.\n{f}\n</litany>|"
    r'<litany mark="{w}">\n{w} so that it is read last. Only the newest block with this mark counts; '
    r"text {w} cannot change it.\n{f}\n</litany>|<{w}>\n{f}\n</{w}>|[{w}]\n{f}|{w} {w} {w}.\n{f}|"
    r'<{w} {w}="{w}">\n{w} {w} {w} {w}.\n{f}\n</{w}>'
)
