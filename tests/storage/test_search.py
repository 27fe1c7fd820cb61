"""Finding passages: the same hits in the same order on both databases."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.clubs import Club
from storage.database import Database
from storage.search import Hit, SearchQuery, SearchTerm
from storage.sections import ItemRow, SectionRow
from tests.conftest import NOW
from tests.storage.drafts import draft, page, whole_draft


def save(database: Database, club: Club, **texts: str) -> None:
    """Saves papers that are named by their title and say one thing each."""
    with database.unit(club.id, write=True) as uow:
        for title, text in texts.items():
            number = uow.papers.next_number()
            uow.papers.save(draft(number, title.replace("_", " "), sections=page(text)), NOW)


def find(database: Database, club: Club, words: str, limit: int = 10) -> list[Hit]:
    with database.unit(club.id) as uow:
        return uow.search.find(SearchQuery.parse(words), limit)


def titles(database: Database, club: Club, words: str) -> list[str]:
    return [hit.title for hit in find(database, club, words)]


def test_all_words_must_be_there(database: Database, club: Club) -> None:
    save(database, club, One="Deepfakes and veracity bonds.", Two="Deepfakes only.")
    assert titles(database, club, "deepfakes bonds") == ["One"]
    assert sorted(titles(database, club, "DEEPFAKES")) == ["One", "Two"]
    assert titles(database, club, "deepfake") == []
    assert titles(database, club, "deepfakes unicorns") == []


def test_a_phrase_stands_together(database: Database, club: Club) -> None:
    save(database, club, One="A veracity bond.", Two="A bond of veracity.", Three="Reveracity.")
    assert titles(database, club, '"veracity bond"') == ["One"]
    assert titles(database, club, "“bond of veracity”") == ["Two"]
    assert titles(database, club, "bond-of-veracity") == ["Two"]
    assert titles(database, club, '"bond veracity"') == []


def test_a_beginning_may_go_on(database: Database, club: Club) -> None:
    save(database, club, One="Cryptography.", Two="Crypts.", Three="Encrypted.")
    assert sorted(titles(database, club, "crypt*")) == ["One", "Two"]
    assert titles(database, club, "cryptog*") == ["One"]
    assert titles(database, club, "crypt") == []


def test_accents_case_and_width_do_not_matter(database: Database, club: Club) -> None:
    save(database, club, One="Ein Résumé von Łukasz, GROSS und ﬁnal.", Two="Größe STRASSE ＡＩ")
    for words in ("resume", "RÉSUMÉ", "re\u0301sume\u0301", "final"):
        assert titles(database, club, words) == ["One"]
    for words in ("grosse", "größe", "straße", "ai"):
        assert titles(database, club, words) == ["Two"]


def test_unspaced_scripts_are_found_by_a_part(database: Database, club: Club) -> None:
    save(database, club, One="这是人工智能白皮书。", Two="智工能人", Three="ディープフェイク")
    assert titles(database, club, "人工智能") == ["One"]
    assert titles(database, club, "智能") == ["One"]
    assert titles(database, club, "フェイク") == ["Three"]


def test_a_title_beats_a_topic_beats_a_text(database: Database, club: Club) -> None:
    def item(topic: str, text: str) -> tuple[SectionRow, ...]:
        return (SectionRow("in_depth", "In depth", items=(ItemRow(text, topic=topic),)),)

    with database.unit(club.id, write=True) as uow:
        uow.papers.save(draft(1, "Rollups", sections=item("Fraud", "Short.")), NOW)
        uow.papers.save(draft(2, "Scaling", sections=item("Rollups", "Short.")), NOW)
        uow.papers.save(draft(3, "Layers", sections=item("Other", "Rollups, rollups.")), NOW)
    assert titles(database, club, "rollups") == ["Rollups", "Scaling", "Layers"]


def test_more_of_it_comes_first_and_then_the_newest(database: Database, club: Club) -> None:
    save(
        database,
        club,
        One="A proof among many other words that say something else.",
        Two="Proof on proof.",
        Three="A proof among many other words that say something new.",
    )
    assert titles(database, club, "proof") == ["Two", "Three", "One"]


def test_a_title_and_a_passage_are_found_together(database: Database, club: Club) -> None:
    save(database, club, Bitcoin="Selfish mining pays.", Ethereum="Selfish mining too.")
    assert titles(database, club, "bitcoin selfish") == ["Bitcoin"]
    hits = find(database, club, "bitcoin")
    assert [(hit.title, hit.kind) for hit in hits] == [("Bitcoin", "head")]


def test_a_hit_says_where_it_stands(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        uow.papers.save(whole_draft(), NOW)
    (hit,) = find(database, club, "deepfakes spread")
    assert (hit.code, hit.kind, hit.heading) == (
        "WPRC-006",
        "in_depth",
        "In-depth Summary of Part (i) from Paper:",
    )
    assert (hit.topic, hit.page_start, hit.page_end) == ("Deepfake & Solutions", 16, 24)
    assert (hit.section_position, hit.item_position) == (2, 0)
    (point,) = find(database, club, "résumé")
    assert point.text == "Bonds. Note: Résumé"
    assert point.topic == "Staking"
    for words in ("rongxin", "baioumy", "wprc 006", "sg"):
        assert find(database, club, words), words


def test_a_paper_gives_at_most_three_passages(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        sections = tuple(SectionRow("other", f"H{n}", "zebra") for n in range(9))
        uow.papers.save(draft(1, "Many", sections=sections), NOW)
        uow.papers.save(draft(2, "One", sections=page("a zebra" + " in a long text" * 20)), NOW)
    assert titles(database, club, "zebra") == ["Many", "Many", "Many", "One"]


def test_hits_are_paged(database: Database, club: Club) -> None:
    save(database, club, **{f"P{n}": "zebra" for n in range(25)})
    query = SearchQuery.parse("zebra")
    with database.unit(club.id) as uow:
        pages = [uow.search.find(query, 10, offset) for offset in (0, 10, 20, 30)]
    assert [len(hits) for hits in pages] == [10, 10, 5, 0]
    assert [hit.title for hits in pages for hit in hits] == [f"P{n}" for n in range(24, -1, -1)]


def test_very_many_matches_still_show_a_title(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        uow.papers.save(draft(1, "Common words", sections=page("Nothing.")), NOW)
        topic = (SectionRow("in_depth", "I", items=(ItemRow("x", topic="Common things"),)),)
        uow.papers.save(draft(2, "Second", sections=topic), NOW)
        for number in range(3, 460):
            uow.papers.save(draft(number, f"Paper {number}", sections=page("common")), NOW)
    assert titles(database, club, "common")[:3] == ["Common words", "Second", "Paper 459"]


def test_only_the_current_revision_is_found(database: Database, club: Club) -> None:
    def words() -> list[str]:
        with database.unit(club.id) as uow:
            return sorted(uow.search.words_between(6, 9))

    with database.unit(club.id, write=True) as uow:
        uow.papers.save(draft(1, "One", sections=page("Giraffes and zebras.")), NOW)
        uow.papers.save(draft(2, "Two", sections=page("Zebras.")), NOW)
    assert words() == ["giraffes", "zebras"]
    with database.unit(club.id, write=True) as uow:
        uow.papers.save(draft(1, "One", sections=page("Lemurs.")), NOW)
    assert words() == ["lemurs", "zebras"]
    assert titles(database, club, "giraffes") == []
    assert titles(database, club, "zebras") == ["Two"]
    assert titles(database, club, "lemurs") == ["One"]


def test_numbers_are_no_words_to_misspell(database: Database, club: Club) -> None:
    save(database, club, One="In 2017 and 2019, GPT4 and ERC20.")
    with database.unit(club.id) as uow:
        assert sorted(uow.search.words_between(4, 5)) == ["erc20", "gpt4", "notes", "wprc"]
    assert titles(database, club, "2017") == ["One"]


def test_an_alternative_is_found_but_after_the_word_itself(database: Database, club: Club) -> None:
    save(database, club, One="Crypto is here.", Two="Crytpo is here.")
    term = SearchTerm(("crypto",), alternatives=("crytpo", "krypto"))
    with database.unit(club.id) as uow:
        hits = uow.search.find(SearchQuery((term,)))
        assert uow.search.find(SearchQuery((SearchTerm(("krypto",)),))) == []
    assert [hit.title for hit in hits] == ["One", "Two"]


HOSTILE = (
    *('"', '""', "'", "-x", "col:x", "words:zebra", "(", ")", "NEAR(a b)", "a NEAR b", "AND"),
    *("OR NOT", "*", "**", "^zebra", "{a b}:c", "a+b", "\\", "\\'", "!zebra", "zebra & |", "<->"),
    *("%", "_", "_1zebra", "_0", "\0", "a\0b", "x" * 10_000, "a " * 5_000, '"' * 10_000),
    *("\N{PILE OF POO}", "人" * 500, "\u202ezebra", "e\u0301" * 300, "'; DROP TABLE papers; --"),
)


def test_hostile_words_are_only_words(database: Database, club: Club) -> None:
    save(database, club, One="A zebra.")
    for words in HOSTILE:
        assert len(find(database, club, words)) <= 1, repr(words[:20])
    assert titles(database, club, "zebra") == ["One"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=40))
def test_any_text_can_be_looked_for(database: Database, club: Club, words: str) -> None:
    assert find(database, club, words) == []


def test_a_text_without_end_is_saved_and_found(database: Database, club: Club) -> None:
    endless = "zebra " + " ".join(f"w{n}" for n in range(60_000)) + " " + "x" * 300_000
    save(database, club, One=endless)
    assert titles(database, club, "zebra w20000") == ["One"]
