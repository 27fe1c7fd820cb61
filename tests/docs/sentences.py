"""The sentences that the program can say, read off its source; `…` stands for what is put in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.docs.pages import ROOT

_FORMAT = re.compile(r"%[-#0 +]?\d*(?:\.\d+)?[sdgfr]")
_LETTERS = 12
# What is longer is no sentence but a docstring or a page.
_LONGEST = 600
_EXCEPTIONS = frozenset(
    {
        *("Failed", "Wrong", "DatabaseProblem", "BackupProblem", "SchemaBehind", "SchemaTooNew"),
        *("CannotServe", "NotAPage", "Refused", "TokenRefused", "IntentsRefused"),
        *("ShardsRefused", "VersionRefused"),
    }
)
_FINDINGS = frozenset({"problem", "warning"})
_COMPLAINTS = frozenset({"complain", "_complain", "note"})
# The rest of what is written there tells how far something is.
_BLAMED = ("wprc: ", "…: ")
_LOGGED = frozenset({"error", "exception"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the program says somewhere."""

    text: str
    path: Path
    line: int

    @property
    def is_worth_a_row(self) -> bool:
        """Whether it says anything of its own; the rest only passes on what stands elsewhere."""
        return len(re.findall(r"\w", self.text)) >= _LETTERS

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def template(node: ast.AST) -> str | None:
    """The text of a literal or an f-string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _even(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else "…" for one in node.values)
        return _even("".join(map(str, parts)))
    return None


def _even(text: str) -> str:
    return " ".join(_FORMAT.sub("…", text).split())


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Of the program itself."""
    files = sorted(file for part in ("bot", "storage") for file in (ROOT / part).rglob("*.py"))
    return tuple(
        (file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8"))) for file in files
    )


@cache
def all_texts() -> frozenset[str]:
    """Every text that stands anywhere in the program."""
    found = (template(node) for _, tree in modules() for node in ast.walk(tree))
    return frozenset(text for text in found if text and len(text) < _LONGEST)


def complaints() -> list[Sentence]:
    """What a command ends with when it fails, what `wprc doctor` finds, and errors in the log."""
    found = []
    for path, tree in modules():
        names = _named(tree)
        for node in ast.walk(tree):
            for said in _said(node, path):
                found += [Sentence(text, path, said.lineno) for text in _texts(said, names)]
    return [one for one in found if one.is_worth_a_row]


def _named(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What is assigned to each name anywhere in a module."""
    names: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names.setdefault(node.targets[0].id, []).append(node.value)
    return names


def _texts(said: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The sentence itself, or those that the name may stand for."""
    for one in names.get(said.id, []) if isinstance(said, ast.Name) else [said]:
        if (text := template(one)) is not None:
            yield text


def _said(node: ast.AST, path: Path) -> Iterator[ast.expr]:
    """Where in a call, or beside the name of an exception, a complaint stands."""
    if isinstance(node, ast.Tuple) and getattr((*node.elts, None)[0], "id", "") in _EXCEPTIONS:
        yield from node.elts[1:]
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    is_command = path.parts[:2] == ("bot", "commandline") or path.name == "__main__.py"
    if name in _EXCEPTIONS or (is_command and name in _COMPLAINTS) or name == "Imported":
        yield from node.args
    elif name in _FINDINGS and not owner:
        yield from node.args[1:]
    elif owner == "problems" and name in ("append", "extend"):
        for one in node.args:
            yield one.elt if isinstance(one, ast.GeneratorExp) else one
    elif owner == "log" and name in _LOGGED:
        yield from node.args[:1]
    elif owner == "sys.stderr" and name == "write" and is_command:
        yield from (one for one in node.args if (template(one) or "").startswith(_BLAMED))
