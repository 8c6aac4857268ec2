"""The rules of the house, read from the source: who imports what, what stands where, how long."""

import ast
import re
import tomllib
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TypeVar

import pytest

from tests.builders import ROOT

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40

SOURCES = tuple(
    sorted(path for package in ("bot", "retrieval") for path in (ROOT / package).rglob("*.py"))
)
RETRIEVAL = tuple(path for path in SOURCES if path.is_relative_to(ROOT / "retrieval"))
BOT = tuple(path for path in SOURCES if path.is_relative_to(ROOT / "bot"))
SANDBOX = tuple(path for path in SOURCES if path.is_relative_to(ROOT / "bot/sandbox"))

MAY_IMPORT_TELEGRAM = {
    *("bot/app.py", "bot/routes.py", "bot/services.py", "bot/digest.py", "bot/inbox.py"),
    *("bot/replies.py", "bot/answering.py", "bot/limiter.py", "bot/polling.py", "bot/logs.py"),
    *("bot/delivery.py", "bot/faults.py", "bot/request.py"),
}


Node = TypeVar("Node", bound=ast.AST)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """Every module that a file imports, and every name it imports from one."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def importers(*packages: str, among: tuple[Path, ...] = SOURCES) -> set[str]:
    """The files that import any of these packages or something in them."""
    inside = tuple(f"{package}." for package in packages)
    return {
        name(path)
        for path in among
        if any(f"{imported}.".startswith(inside) for imported in imports(path))
    }


def nodes(path: Path, kind: type[Node]) -> list[Node]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, kind)]


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [*nodes(path, ast.FunctionDef), *nodes(path, ast.AsyncFunctionDef)]


def where(path: Path, node: ast.stmt | ast.expr | ast.excepthandler) -> str:
    return f"{name(path)}:{node.lineno}"


def strings(path: Path) -> list[tuple[ast.Constant, str]]:
    """The string literals of a file, without docstrings (those of attributes as well)."""
    documentation = {id(node.value) for node in nodes(path, ast.Expr)}
    return [
        (node, node.value)
        for node in nodes(path, ast.Constant)
        if isinstance(node.value, str) and id(node) not in documentation
    ]


def test_the_sources_were_found() -> None:
    assert len(BOT) > 20
    assert len(RETRIEVAL) > 10
    assert len(SANDBOX) > 5
    assert {"bot/app.py", "retrieval/search.py"} <= set(map(name, SOURCES))
    assert importers("bot.store") >= {"bot/app.py"}
    assert any("Архив пуст" in text for _, text in strings(ROOT / "bot/texts/__init__.py"))


def test_a_docstring_does_not_make_a_function_long() -> None:
    source = 'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n'
    (function,) = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)
    )
    assert length(function) == 2


# Who imports what


@pytest.mark.parametrize(
    "package",
    ["bot", "telegram", "sqlite3", "aiosqlite", "asyncio", "tornado", "httpx", "pydantic_settings"],
)
def test_retrieval_knows_nothing_of(package: str) -> None:
    assert importers(package, among=RETRIEVAL) == set()


@pytest.mark.parametrize(
    ("package", "home"),
    [
        ("pymorphy3", {"retrieval/analyzer.py"}),
        ("rank_bm25", {"retrieval/bm25/formula.py"}),
        ("sqlite3", {"bot/database.py"}),
        ("aiosqlite", {"bot/database.py"}),
        ("pydantic_settings", {"bot/settings.py"}),
        ("babel", {"bot/texts/russian.py", "retrieval/focusing/countries.py"}),
        ("tenacity", {"bot/limiter.py"}),
    ],
)
def test_one_module_knows_the_library(package: str, home: set[str]) -> None:
    assert importers(package) == home


def test_telegram_is_known_where_messages_are_taken_and_sent() -> None:
    found = {one for one in importers("telegram") if not one.startswith("bot/handlers/")}
    assert found <= MAY_IMPORT_TELEGRAM
    assert found >= {"bot/app.py", "bot/services.py", "bot/replies.py"}


def test_logs_knows_telegrams_errors_only() -> None:
    known = {one for one in imports(ROOT / "bot/logs.py") if one.startswith("telegram")}
    assert known == {"telegram.error.TelegramError"}


def test_there_is_one_http_server_and_it_is_the_sandbox() -> None:
    assert importers("aiohttp.web", "flask", "starlette", "http.server", "socketserver") == set()
    assert importers("tornado")
    assert importers("tornado") <= set(map(name, SANDBOX))


def test_the_sandbox_knows_nothing_of_the_bot_it_serves() -> None:
    known = {one for path in SANDBOX for one in imports(path) if one.startswith("bot.")}
    assert {one for one in known if not one.startswith("bot.sandbox")} == set()


# What stands where


def test_the_environment_is_read_in_settings_only() -> None:
    readers = {"os.environ", "os.environb", "os.getenv"}
    found = {
        name(path)
        for path in SOURCES
        if imports(path) & readers
        or any(ast.unparse(node) in readers for node in nodes(path, ast.Attribute))
    }
    assert found == {"bot/settings.py", "bot/__init__.py"}


def test_the_package_only_sets_one_variable() -> None:
    """What python-telegram-bot looks at while it is imported has no other place."""
    package = ROOT / "bot/__init__.py"
    assert [ast.unparse(node) for node in nodes(package, ast.Attribute)] == ["os.environ"]
    assert [type(node.ctx) for node in nodes(package, ast.Subscript)] == [ast.Store]


def test_sql_stands_in_the_store_only() -> None:
    statement = re.compile(
        r"\s*(SELECT .* FROM|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX)|"
        r"PRAGMA|BEGIN|ROLLBACK|COMMIT)\b",
        re.DOTALL,
    )
    found = {name(path) for path in SOURCES for _, text in strings(path) if statement.match(text)}
    elsewhere = {one for one in found if not one.startswith("bot/store/")}
    assert elsewhere == {"bot/database.py", "bot/migrations.py"}
    assert len(found) > len(elsewhere)


def test_no_two_parts_of_the_store_have_a_method_of_the_same_name() -> None:
    """The store is all of them in one: the later one would hide the earlier."""
    methods = [
        method.name
        for path in (ROOT / "bot/store").glob("*.py")
        for part in nodes(path, ast.ClassDef)
        if any(ast.unparse(base) in {"Database", "Notices"} for base in part.bases)
        for method in part.body
        if isinstance(method, ast.AsyncFunctionDef)
    ]
    assert len(methods) > 50
    assert sorted(methods) == sorted(set(methods))


def test_russian_for_people_stands_in_texts_only() -> None:
    """But for the name of a button in «», in the log."""
    found = [
        f"{where(path, node)} {text!r}"
        for path in BOT
        if path not in SANDBOX and not path.is_relative_to(ROOT / "bot/texts")
        for node, text in strings(path)
        if re.search("[А-Яа-яЁё]", re.sub("«[^»]*»", "", text))
    ]
    assert found == []


def test_the_clock_is_read_in_the_outermost_places_only() -> None:
    clocks = {f"{kind}.{call}" for kind in ("datetime", "date") for call in ("now", "today")}
    found = {
        name(path)
        for path in SOURCES
        if path not in SANDBOX
        if any(ast.unparse(node) in clocks for node in nodes(path, ast.Attribute))
    }
    assert found == {"bot/clock.py"}


def catches_all(handler: ast.ExceptHandler) -> bool:
    """`except:`, `except Exception` or `except BaseException`, without raising it again."""
    caught = ast.unparse(handler.type) if handler.type else "Exception"
    again = any(isinstance(node, ast.Raise) and node.exc is None for node in handler.body)
    return bool(re.search(r"\b(Base)?Exception\b", caught)) and not again


def test_only_the_outermost_loops_catch_everything() -> None:
    found = {
        name(path) for path in SOURCES if any(map(catches_all, nodes(path, ast.ExceptHandler)))
    }
    assert found == {"bot/__main__.py", "bot/background.py"}


def test_values_of_retrieval_are_frozen() -> None:
    decorators = [
        (where(path, node), ast.unparse(decorator))
        for path in RETRIEVAL
        for node in nodes(path, ast.ClassDef)
        for decorator in node.decorator_list
        if "dataclass" in ast.unparse(decorator)
    ]
    assert len(decorators) > 5
    assert [place for place, decorator in decorators if "frozen=True" not in decorator] == []


# How long


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_module_says_what_lives_in_it_and_is_not_long(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_MODULE
    assert ast.get_docstring(tree(path))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from its first to its last, without its docstring."""
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    said = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - said


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_function_is_long(path: Path) -> None:
    long = [
        f"{where(path, node)} {node.name}: {length(node)} lines"
        for node in functions(path)
        if length(node) > LONGEST_FUNCTION
    ]
    assert long == []


# What is shipped


PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_every_package_is_listed() -> None:
    listed = tomllib.loads(PROJECT)["tool"]["setuptools"]["packages"]
    packages = {name(path.parent).replace("/", ".") for path in SOURCES}
    assert set(listed) == packages
    assert all((ROOT / one.replace(".", "/") / "__init__.py").exists() for one in packages)


def requirements() -> list[str]:
    project = tomllib.loads(PROJECT)["project"]
    return [*project["dependencies"], *chain(*project["optional-dependencies"].values())]


def test_every_dependency_says_why_it_is_there() -> None:
    for requirement in tomllib.loads(PROJECT)["project"]["dependencies"]:
        (line,) = [line for line in PROJECT.splitlines() if f'"{requirement}"' in line]
        assert len(line.partition("#")[2].strip()) > 10, requirement


def test_every_dependency_is_pinned_without_an_index() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and line[0] != "#"]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.!+-]+", line)] == []
    pinned = {pin.partition("==")[0].lower().replace("_", "-") for pin in pins}
    named = {re.split(r"[\[<>=!~; ]", one)[0].lower().replace("_", "-") for one in requirements()}
    assert named <= pinned
