"""What README.md and the pages of docs/ name is there: files, headings, commands, settings."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commandline.arguments import parser
from bot.core.table import TABLE
from bot.settings.variables import VARIABLES
from tests.docs.pages import DOCS, ROOT, blocks, code_spans
from tests.docs.sentences import all_texts

PAGES = (ROOT / "README.md", *sorted(DOCS.glob("*.md")))
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)|(?:src|href)=\"(?P<html>[^\"]+)\"")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_SETTING = re.compile(r"\b(?:WPRC|DISCORD|TELEGRAM|LUMA|DATABASE|LOG)_[A-Z_]*[A-Z]\b")
_CHAT_COMMAND = re.compile(r"(?<![\w/.:@…~<])/(?P<name>[a-z]+)\b(?![/.\w-])")
# The service's user has the program's name.
_WPRC = re.compile(r"(?<![\w/@.-])(?<!-u )wprc (?P<rest>.*?)(?=\bwprc |$)")
# A pipe or a comment, or the sentence in which the command stands.
_END_OF_COMMAND = re.compile(r"\s[|&;#<>(…].*|[`.,:;)]+(?:\s.*)?$")

# Not of this bot: @BotFather's, and what watches the bot asks it for; then folders.
_ELSEWHERE = frozenset(
    {
        *("newbot", "setinline", "setprivacy", "setjoingroups", "mybots", "token", "revoke"),
        *("healthz", "readyz", "metrics"),
        *("etc", "opt", "var", "tmp", "bin", "dev", "proc"),
        "cancel",  # Of a form on Telegram, which the adapter itself stops.
        "surprise",  # The one that extend.md adds.
    }
)
# Of tests and benchmarks.
_OTHER_SETTINGS = frozenset({"WPRC_TEST_POSTGRES", "WPRC_WRITE_TRANSCRIPTS", "WPRC_BENCH_DIR"})


def links(text: str) -> Iterator[str]:
    for link in _LINK.finditer(_FENCE.sub("", text)):
        target = link["target"] or link["html"]
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as they are linked to."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def faults_of_links(page: Path, text: str) -> list[str]:
    faults = []
    for target in links(text):
        name, _, anchor = target.partition("#")
        file = page if not name else (page.parent / name).resolve()
        if not file.exists():
            faults.append(f"{target}: no such file")
        elif anchor and anchor not in anchors(file):
            faults.append(f"{target}: no such heading")
    return faults


def code_of(text: str) -> list[str]:
    """What is meant to be typed, or is printed: the lines of blocks, and what is in backticks."""
    fenced = [line for block in blocks(text) if block.kind != "table" for line in block.lines]
    return [*fenced, *code_spans(_FENCE.sub("", text))]


def faults_of_commands(text: str) -> list[str]:
    """Each `wprc ...` that the command line would not take."""
    faults = []
    for line in code_of(text):
        for found in _WPRC.finditer(line):
            words = shlex.split(_END_OF_COMMAND.sub("", found["rest"]), comments=True)
            if words and re.fullmatch(r"[a-z]+", words[0]) and not is_taken(words):
                faults.append(f"wprc {' '.join(words)}")
    return faults


def is_taken(words: list[str]) -> bool:
    """Whether it is a whole command, or the bare name of one."""
    words = [*words, "--help"] if len(words) == 1 else words
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            parser().parse_args(words)
        except SystemExit as ended:
            return ended.code == 0
    return True


def faults_of_installing(text: str) -> list[str]:
    """Extras that the project does not have, and targets that `make` does not know."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    faults = []
    for line in code_of(text):
        for extras in re.findall(r"pip install '(?:\.|wprc-bot)\[([a-z,]+)\]'", line):
            faults += sorted(set(extras.split(",")) - set(project["optional-dependencies"]))
        faults += [one for one in re.findall(r"\bmake ([a-z]+)", line) if one not in targets]
    return faults


def faults_of_settings(text: str) -> list[str]:
    known = {one.name for one in VARIABLES} | _OTHER_SETTINGS
    return sorted({name for name in _SETTING.findall(text) if name not in known})


def faults_of_chat_commands(text: str) -> list[str]:
    known = {one.name for one in TABLE if not one.is_hidden} | _ELSEWHERE
    said = {found["name"] for line in code_of(text) for found in _CHAT_COMMAND.finditer(line)}
    return sorted(said - known)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert faults_of_links(page, text) == []
    assert faults_of_commands(text) == []
    assert faults_of_installing(text) == []
    assert faults_of_settings(text) == []
    assert faults_of_chat_commands(text) == []


def help_of(command: str) -> str:
    """What the command line says of one of its commands; empty where there is none."""
    said = io.StringIO()
    with (
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.redirect_stdout(said),
        contextlib.suppress(SystemExit),
    ):
        parser().parse_args([command, "--help"])
    return said.getvalue()


def test_what_the_program_itself_tells_people_to_type_is_there() -> None:
    told, faults = set(), []
    for text in all_texts():
        for found in _WPRC.finditer(text):
            command, *words = _END_OF_COMMAND.sub("", found["rest"]).split() or [""]
            flags = [word for word in words if re.fullmatch(r"--[a-z-]*[a-z]", word)]
            if not re.fullmatch(r"[a-z]+", command):
                continue
            told.add(command)
            known = re.findall(r"--[a-z-]+", help_of(command))
            faults += [text] if not known or set(flags) - set(known) else []
    assert not faults, "\n".join(faults)
    assert {"init", "doctor", "run", "restore", "migrate", "code", "invite"} <= told
    commands = {one.name for one in TABLE if not one.is_hidden} | _ELSEWHERE
    # Without a space it is an address, and not said to anybody.
    spoken = [text for text in all_texts() if " " in text]
    said = {(one["name"], text) for text in spoken for one in _CHAT_COMMAND.finditer(text)}
    # One is no command's name but stands for all of them.
    assert {one for one in said if one[0] not in {*commands, "command"}} == set()


def test_what_is_not_there_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One heading\n\n[a](#one-heading) [b](#another) [c](gone.md) <https://example.org>\n"
        "`wprc doctor --wait 5`, `wprc docter`, `wprc doctor --weit 5`; `WPRC_CLUB`, `WPRC_CLUBS`\n"
        "`/paper 6` and `/papre 6`; `make chat` and `make chatter`\n\n"
        "`pip install '.[discord]'`, `pip install '.[discord,telegraph]'`\n\n"
        "```sh\nwprc export --all --out x/ # all of it\nwprc expert\n```\n"
    )
    text = page.read_text()
    assert faults_of_links(page, text) == ["#another: no such heading", "gone.md: no such file"]
    assert faults_of_commands(text) == ["wprc expert", "wprc docter", "wprc doctor --weit 5"]
    assert faults_of_installing(text) == ["chatter", "telegraph"]
    assert faults_of_settings(text) == ["WPRC_CLUBS"]
    assert faults_of_chat_commands(text) == ["papre"]
