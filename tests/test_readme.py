"""What the README says is so: commands parse, targets and variables exist, links lead somewhere."""

import re
import shlex
from collections.abc import Iterator

import pytest

from bot.__main__ import parser
from bot.settings import Settings
from bot.texts import ADMIN_COMMANDS, COMMANDS
from retrieval.corpus import FORMATS
from retrieval.fields import NAMES
from tests.builders import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

BLOCKS = re.findall(r"^```\w*\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
INLINE = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", README)
CODE = [*(line.strip() for block in BLOCKS for line in block.splitlines()), *INLINE]
OF_OTHERS = {"newbot"}
"""Commands of other bots that the README names: BotFather's."""


def commands(program: str) -> Iterator[list[str]]:
    """The words behind each call of a program, in blocks and in running text."""
    for line in CODE:
        for call in re.split(r"&&|\|\||;", line):
            if re.match(rf"(\S*/)?{program}(\s|$)", call.strip()):
                yield shlex.split(call, comments=True)[1:]


def test_the_readme_has_code_to_check() -> None:
    assert BLOCKS
    assert list(commands("make"))
    assert list(commands("doslovno"))


def test_every_make_target_and_variable_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    variables = set(re.findall(r"^([A-Z]+) \?= ", MAKEFILE, re.MULTILINE))
    for word in (word for call in commands("make") for word in call):
        variable, is_set, _ = word.partition("=")
        assert variable in (variables if is_set else targets), word


@pytest.mark.parametrize("words", list(commands("doslovno")), ids=" ".join)
def test_every_call_of_doslovno_is_understood(words: list[str]) -> None:
    if words:
        assert parser().parse_args(words).command


def test_every_command_of_doslovno_is_there() -> None:
    listed = re.findall(r"^    (\w+) {2,}", parser().format_help(), re.MULTILINE)
    assert listed
    assert set(listed) <= {words[0] for words in commands("doslovno") if words}


def test_every_variable_named_is_a_setting() -> None:
    makes = set(re.findall(r"^([A-Z]+) \?= ", MAKEFILE, re.MULTILINE))
    named = {
        variable
        for code in CODE
        for variable in re.findall(r"(?<![\w./-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w.-])", code)
    }
    assert named
    assert named - makes <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_table_with_its_default(name: str) -> None:
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `{name.upper()}` |")]
    default = Settings.model_fields[name].default
    if name == "telegram_api_url":
        stated = "Telegram's"
    else:
        stated = f"`{default}`" if default or default is False else "none"
    assert stated in row.split("|")[2]


def test_every_chat_command_named_exists_and_all_are_named() -> None:
    named = set(re.findall(r"(?<![\w/.:<>*~-])/([a-z_]+)\b(?![/.])", README))
    assert named - OF_OTHERS == COMMANDS.keys() | ADMIN_COMMANDS.keys()


def test_every_link_into_the_repository_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"", README)
    paths = [link or other for link, other in links if not re.match("https?://", link or other)]
    assert paths
    for path in paths:
        file, _, anchor = path.partition("#")
        assert (ROOT / file).exists(), path
        assert not anchor or file or anchor in headings(), path


def headings() -> set[str]:
    """The anchors that GitHub gives this file's headings."""
    titles = re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_path_named_exists() -> None:
    """Paths in code, relative to the repository; what is made at run time is under data/state."""
    named = {
        code for code in INLINE if re.fullmatch(r"(bot|retrieval|data|tests)(/[\w.-]+)*/?", code)
    }
    assert named
    assert {path for path in named if not (ROOT / path).exists()} <= {"data/state"}


def test_every_format_and_field_is_described() -> None:
    missing = {one for one in FORMATS if f"`{one}`" not in README} - {".htm"}
    assert missing == set()
    assert {name for name in NAMES if f"`{name}`" not in README} == set()
