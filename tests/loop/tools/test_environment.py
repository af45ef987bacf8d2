"""The environment of the agent's commands: what looks like a secret is not in it."""

from pathlib import Path

from litany.loop.tools import Ran, toolbox
from litany.loop.tools.environment import looks_secret, shown
from tests.loop.tools.boxes import called

SECRET = """
OPENAI_API_KEY ANTHROPIC_API_KEY AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN AWS_PROFILE GH_TOKEN
GITHUB_PAT MISTRAL_KEY DEPLOY_KEY_2 PGPASSWORD DB_PASSWORD MYSQL_PWD MYSQL_PASSWORD_ROOT SMTP_PASS CLIENT_SECRET
SECRET_KEY npm_config__authToken NPM_AUTH GOOGLE_APPLICATION_CREDENTIALS hf_token
"""
PLAIN = """
PATH HOME USER LANG LC_ALL TERM SHELL TMPDIR PYTHONPATH VIRTUAL_ENV KEYBOARD MONKEY PASSENGER MAX_TOKENS
TOKENIZERS_PARALLELISM SSH_AUTH_SOCK DISPLAY XAUTHORITY LS_COLORS EDITOR HTTPS_PROXY GIT_AUTHOR_NAME AUTHOR
"""


def test_what_is_named_as_a_secret_is_withheld() -> None:
    assert [name for name in SECRET.split() if not looks_secret(name, "x")] == []


def test_what_is_not_is_seen() -> None:
    assert [name for name in PLAIN.split() if looks_secret(name, "/usr/local/bin:/usr/bin")] == []


def test_a_value_may_be_a_secret_under_any_name() -> None:
    assert looks_secret("DATABASE_URL", "postgres://me:hunter2@db/x")
    assert looks_secret("MINE", "ghp_" + "a1B2" * 9)
    assert not looks_secret("DATABASE_URL", "postgres://db/x")


def test_what_is_passed_is_seen_whatever_it_looks_like() -> None:
    assert shown({"A_KEY": "1", "B_KEY": "2", "C": "3"}, ("B_KEY",)) == {"B_KEY": "2", "C": "3"}


def test_the_shell_sees_no_secret_but_what_is_passed(tmp_path: Path) -> None:
    environment = {"OPENAI_API_KEY": "one", "GH_TOKEN": "two", "OTHER": "three"}
    command = {"command": "echo $OPENAI_API_KEY,$GH_TOKEN,$OTHER"}

    withheld = toolbox(["shell"], tmp_path, shell=True, environment=environment)
    passed = toolbox(["shell"], tmp_path, shell=True, environment=environment, passed=["GH_TOKEN"])

    assert called(withheld, "shell", command) == Ran(",,three\n")
    assert called(passed, "shell", command) == Ran(",two,three\n")
    assert withheld.tools[0].description.endswith("look like secrets are withheld from it.")
    assert passed.tools[0].description.endswith("withheld from it, but for GH_TOKEN.")
