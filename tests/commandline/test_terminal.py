"""A real terminal: the prompt, completion from the table, buttons, a form, and the way out."""

from __future__ import annotations

import sys
from pathlib import Path

import pexpect
import pytest


@pytest.fixture
def terminal(tmp_path: Path) -> pexpect.spawn[str]:
    """The sample club in a pseudo-terminal of ninety columns."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "bot", "chat", "--sample", "--as", "Ana"],
        cwd=str(Path(__file__).parent.parent.parent),
        env={
            "WPRC_DATA_DIR": str(tmp_path),
            "HOME": str(tmp_path),
            "PATH": "",
            "TERM": "xterm",
            "PROMPT_TOOLKIT_NO_CPR": "1",
        },
        dimensions=(40, 90),
        encoding="utf-8",
        timeout=30,
    )
    child.expect("Ana>")
    return child


def test_a_person_reads_a_paper_and_leaves(terminal: pexpect.spawn[str]) -> None:
    terminal.sendline("/paper WPRC-006")
    terminal.expect("AI X Crypto Primer")
    terminal.expect(r"\[1\].*Lite summary")
    terminal.sendline("1")
    terminal.expect("lite summary")
    terminal.expect("Back to the card")
    terminal.sendline("/search")
    terminal.expect("cancel ends this form")
    terminal.expect(r"\.\.\.")
    terminal.sendline("deepfake")
    terminal.expect("2 places")
    terminal.expect("Ana>")
    terminal.sendcontrol("d")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_the_table_completes_commands_and_titles(terminal: pexpect.spawn[str]) -> None:
    terminal.send("/pa")
    terminal.expect("Read a paper of the club")
    terminal.send("per bitc")
    terminal.expect("WPRC-001")
    terminal.sendcontrol("u")
    terminal.sendcontrol("d")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
