"""A page saved as HTML gives the same record as its plain text, whatever HTML it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from bot.archive import NotAPage, read_page
from bot.archive.grammar import read_source, text_source
from tests.archive.dresses import DRESSES
from tests.archive.wild import plain_pages

REPOSITORY = Path(__file__).parents[2]
SEED = REPOSITORY.parent / "shared" / "data" / "seed" / "WPRC-006.txt"
SAMPLES = sorted((REPOSITORY / "bot" / "sample").glob("*.txt"))
PAGES = [pytest.param(path, id=path.stem) for path in SAMPLES]
PAGES.append(
    pytest.param(
        SEED, id="seed", marks=pytest.mark.skipif(not SEED.exists(), reason="no seed page here")
    )
)


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("path", PAGES)
def test_html_reads_as_the_plain_text(path: Path, dress: str) -> None:
    text = path.read_text("utf-8")
    plain = read_page(text.encode()).record
    dressed = read_page(DRESSES[dress](text, plain).encode()).record
    assert dressed == plain


@pytest.mark.parametrize("dress", ["preformatted", "breaks", "soup"])
@given(text=plain_pages)
def test_html_without_marks_reads_as_any_plain_text(dress: str, text: str) -> None:
    plain = read_source(text_source(text)).record
    assert read_page(DRESSES[dress](text, plain).encode()).record == plain


def test_a_title_in_the_window_alone_is_the_title() -> None:
    source = "<html><title>Gossip</title><p>WPRC-012· LDN· 2025. 03<h2>Summary</h2><p>News.</html>"
    assert read_page(source.encode()).record.title == "Gossip"


def test_html_that_is_no_page_is_refused() -> None:
    with pytest.raises(NotAPage):
        read_page(b"<html><body><h1>Hello</h1><script>WPRC-006</script></body></html>")
