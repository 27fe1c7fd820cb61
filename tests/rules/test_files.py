"""Every file is short, says what it is for, and names nothing that is not the project's."""

from __future__ import annotations

import ast
import re

import pytest

from tests.rules.tree import ROOT, python_files, read, tracked_files

MAX_LINES = 400
# None of these patterns matches itself, and the examples below are written with a gap (~).
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.-])/(?:root|home|work|Users)/",
    "a registry's host": r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com))\b",
    "an index address": r"--(?:extra-)?index-url\b|--find[-]links\b",
}


def too_long(text: str) -> bool:
    return text.count("\n") > MAX_LINES


def has_docstring(source: str) -> bool:
    """Whether a module says what it is for; an empty file has nothing to say."""
    tree = ast.parse(source)
    return not tree.body or bool((ast.get_docstring(tree) or "").strip())


def forbidden_words(text: str) -> list[str]:
    return [
        f"line {text.count(chr(10), 0, match.start()) + 1} has {name}: {match[0]}"
        for name, pattern in FORBIDDEN.items()
        for match in re.finditer(pattern, text)
    ]


def test_no_python_file_is_too_long() -> None:
    assert len(python_files()) > 10
    assert [str(path) for path in python_files() if too_long(read(path))] == []


def test_every_module_has_a_docstring() -> None:
    assert [str(path) for path in python_files() if not has_docstring(read(path))] == []


def test_no_text_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked_files():
        data = (ROOT / path).read_bytes()
        if b"\0" not in data:
            text = data.decode("utf-8", errors="replace")
            found += [f"{path}: {word}" for word in forbidden_words(text)]
    assert found == []


def test_a_long_file_is_found() -> None:
    assert too_long("x\n" * 401)
    assert not too_long("x\n" * 400)


@pytest.mark.parametrize(
    "source", ["import re\n", '""""""\n', "x = 1\n'late'\n", "# only\nx = 1\n"]
)
def test_a_missing_docstring_is_found(source: str) -> None:
    assert not has_docstring(source)


@pytest.mark.parametrize("source", ["", '"""What it is for."""\n', "# only a comment\n"])
def test_a_docstring_is_seen(source: str) -> None:
    assert has_docstring(source)


@pytest.mark.parametrize(
    "text",
    [
        "see /ro~ot/x",
        'open("/ho~me/ana/x")',
        "/wo~rk/main/bot",
        "/Us~ers/ana/x",
        "sqlite:////ho~me/ana/club.sqlite",
        "https://py~pi.org/simple",
        "files.python~hosted.org",
        "registry.npm~js.org",
        "--index~-url x",
        "--extra-index~-url=x",
        "--find~-links y",
    ],
)
def test_a_forbidden_word_is_found(text: str) -> None:
    (word,) = forbidden_words("first line\n" + text.replace("~", ""))
    assert word.startswith("line 2 has ")


@pytest.mark.parametrize(
    "text", ["docs/home/x", "the work/life balance", "--no-emit-index-url", "a/work/b", "../roo~t/"]
)
def test_ordinary_words_are_let_through(text: str) -> None:
    assert forbidden_words(text.replace("~", "")) == []
