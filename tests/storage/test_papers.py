"""Saving pages and reading them back, revision by revision."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError

from storage.clubs import Club
from storage.contacts import ContactRow
from storage.database import Database
from storage.paper_rows import PaperContent, PaperDraft, Saved
from storage.revisions import ContributorRow, LinkRow
from storage.search import SearchQuery
from storage.sections import ItemRow, SectionRow
from tests.conftest import NOW
from tests.storage.drafts import digest, draft, drafts, page, whole_draft


def save(database: Database, club: Club, *papers: PaperDraft) -> list[Saved]:
    with database.unit(club.id, write=True) as uow:
        return [uow.papers.save(paper, NOW) for paper in papers]


def content(database: Database, club: Club, code: str, revision: int | None = None) -> PaperContent:
    with database.unit(club.id) as uow:
        found = uow.papers.content(code, revision)
    assert found is not None
    return found


def as_saved(content: PaperContent) -> dict[str, object]:
    head = content.head
    return {
        "number": head.number,
        "code": head.code,
        "title": head.title,
        "subtitle": head.subtitle,
        "abstract": head.abstract,
        "category": head.category,
        "chapter": head.chapter,
        "date": head.date,
        "summary": head.summary,
        "outline": head.outline,
        "contributors": head.contributors,
        "paper_authors": content.paper_authors,
        "links": content.links,
        "sections": content.sections,
    }


def given_to_save(paper: PaperDraft) -> dict[str, object]:
    return {
        name: getattr(paper, name)
        for name in PaperDraft.__slots__
        if name not in ("digest", "contacts")
    }


def test_a_page_comes_back_as_it_was_saved(database: Database, club: Club) -> None:
    paper = whole_draft()
    assert save(database, club, paper) == [Saved("created", 1)]
    assert as_saved(content(database, club, "WPRC-006")) == given_to_save(paper)
    with database.unit(club.id) as uow:
        assert uow.papers.contacts("WPRC-006") == list(paper.contacts)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paper=drafts(7))
def test_any_page_comes_back_as_it_was_saved(
    database: Database, club: Club, paper: PaperDraft
) -> None:
    save(database, club, paper)
    assert as_saved(content(database, club, "WPRC-007")) == given_to_save(paper)


def test_the_same_page_again_is_unchanged(database: Database, club: Club) -> None:
    paper = whole_draft()
    save(database, club, paper)
    assert save(database, club, paper, paper) == [Saved("unchanged", 1)] * 2
    with database.unit(club.id) as uow:
        assert uow.clubs.version(club.id) == 1
        assert [revision.number for revision in uow.papers.revisions("WPRC-006")] == [1]


def test_a_changed_page_is_a_new_revision_and_the_old_one_stays(
    database: Database, club: Club
) -> None:
    old, new = draft(sections=page("Before.")), draft(sections=page("After."), title="Renamed")
    assert save(database, club, old, new) == [Saved("created", 1), Saved("revised", 2)]
    assert content(database, club, "WPRC-006").head.title == "Renamed"
    assert content(database, club, "WPRC-006", 1).sections == page("Before.")
    assert content(database, club, "WPRC-006", 2).sections == page("After.")
    with database.unit(club.id) as uow:
        assert uow.papers.content("WPRC-006", 3) is None
        history = uow.papers.revisions("WPRC-006")
    assert [(one.number, one.title, one.digest) for one in history] == [
        (1, old.title, old.digest),
        (2, new.title, new.digest),
    ]


def test_contacts_are_no_part_of_a_revision(database: Database, club: Club) -> None:
    email = ContactRow("Rongxin", "email", "r@example.org")
    other = ContactRow("Rongxin", "email", "new@example.org")
    handle = ContactRow("Rongxin", "telegram", "rr")

    def stored() -> list[ContactRow]:
        with database.unit(club.id) as uow:
            return uow.papers.contacts("WPRC-006")

    paper = draft(contacts=(email, handle))
    save(database, club, paper)
    assert save(database, club, replace(paper, contacts=())) == [Saved("unchanged", 1)]
    assert stored() == [email, handle]
    assert save(database, club, draft(title="New", contacts=())) == [Saved("revised", 2)]
    assert stored() == [email, handle]
    assert save(database, club, draft(title="New", contacts=(email,))) == [Saved("unchanged", 2)]
    assert save(database, club, draft(title="New", contacts=(other,))) == [Saved("revised", 3)]
    assert stored() == [other, handle]


def test_heads_since_a_version_are_those_that_changed(database: Database, club: Club) -> None:
    save(database, club, draft(2), draft(1), draft(3))
    with database.unit(club.id) as uow:
        version = uow.clubs.version(club.id)
        heads = uow.papers.heads()
    assert [head.number for head in heads] == [1, 2, 3]
    assert max(head.version for head in heads) == version
    save(database, club, draft(3), draft(1, "Changed"))
    with database.unit(club.id) as uow:
        assert [head.title for head in uow.papers.heads(version)] == ["Changed"]
        assert uow.papers.heads(uow.clubs.version(club.id)) == []


def test_a_head_is_the_same_alone_and_in_the_list(database: Database, club: Club) -> None:
    save(database, club, whole_draft(), draft(7, contributors=(ContributorRow("Rongxin"),)))
    with database.unit(club.id) as uow:
        for head in uow.papers.heads():
            assert uow.papers.head(head.code) == head
            found = uow.papers.content(head.code)
            assert found is not None
            assert found.head == head


def test_one_depth_is_read_by_itself(database: Database, club: Club) -> None:
    paper = whole_draft()
    save(database, club, paper)
    with database.unit(club.id) as uow:
        assert uow.papers.sections("WPRC-006") == list(enumerate(paper.sections))
        assert uow.papers.sections("WPRC-006", "in_depth") == [(2, paper.sections[2])]
        assert uow.papers.sections("WPRC-006", "join") == []
        assert uow.papers.section("WPRC-006", 1) == paper.sections[1]
        assert uow.papers.section("WPRC-006", 3) is None


def test_an_unknown_code_is_nothing(database: Database, club: Club) -> None:
    with database.unit(club.id) as uow:
        assert uow.papers.head("WPRC-001") is None
        assert uow.papers.content("WPRC-001") is None
        assert uow.papers.sections("WPRC-001") == []
        assert uow.papers.contacts("WPRC-001") == []
        assert uow.papers.revisions("WPRC-001") == []
        assert (uow.papers.next_number(), list(uow.papers.codes())) == (1, [])


def test_codes_and_the_next_number_follow_the_numbers(database: Database, club: Club) -> None:
    save(database, club, draft(12), draft(6))
    with database.unit(club.id) as uow:
        assert list(uow.papers.codes()) == ["WPRC-006", "WPRC-012"]
        assert uow.papers.next_number() == 13


def test_who_saved_and_when_is_known(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        ana = uow.people.add("Ana", "console", "ana", NOW)
        uow.papers.save(draft(), NOW)
        uow.papers.save(draft(title="New"), NOW + timedelta(hours=1), ana.id)
    with database.unit(club.id) as uow:
        history = uow.papers.revisions("WPRC-006")
    assert [(one.created_at, one.created_by) for one in history] == [
        (NOW, None),
        (NOW + timedelta(hours=1), ana.id),
    ]


WRONG = {
    "another code with the number": draft(6, code="WPRC-6", digest=digest("other")),
    "a date that is none": draft(7, date="28 June 2024"),
    "a digest that is none": draft(7, digest="abc"),
    "a kind that is none": draft(7, sections=(SectionRow("deepest", "Deepest"),)),
    "pages backwards": draft(
        7, sections=(SectionRow("in_depth", "I", items=(ItemRow("", page_start=9, page_end=6),)),)
    ),
    "half a range": draft(
        7, sections=(SectionRow("in_depth", "I", items=(ItemRow("", page_start=9),)),)
    ),
    "a contact too long for a key": draft(7, contacts=(ContactRow("Ana", "email", "x" * 601),)),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_breaks_a_rule_is_refused_and_leaves_nothing(
    database: Database, club: Club, wrong: PaperDraft
) -> None:
    save(database, club, draft(6))
    with pytest.raises(IntegrityError):
        save(database, club, draft(8), wrong)
    with database.unit(club.id) as uow:
        assert list(uow.papers.codes()) == ["WPRC-006"]
        assert uow.clubs.version(club.id) == 1


def test_a_page_that_fails_under_a_savepoint_fails_alone(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        uow.papers.save(draft(1, sections=page("Zebras.")), NOW)
        with suppress(IntegrityError), uow.savepoint() as part:
            part.papers.save(draft(2, sections=page("Giraffes.")), NOW)
            part.papers.save(WRONG["pages backwards"], NOW)
        uow.papers.save(draft(3, sections=page("Giraffes and zebras.")), NOW)
    with database.unit(club.id) as uow:
        assert list(uow.papers.codes()) == ["WPRC-001", "WPRC-003"]
        assert "giraffes" in uow.search.words_between(8, 8)


def test_a_paper_without_its_revision_cannot_be_committed(database: Database, club: Club) -> None:
    save(database, club, draft(1, links=(LinkRow("https://example.org"),)))
    with pytest.raises(IntegrityError), database.transaction(write=True) as connection:
        connection.execute(text("UPDATE papers SET current_revision = 2"))


def test_deleting_a_paper_takes_all_of_it(database: Database, club: Club) -> None:
    save(database, club, whole_draft(), draft(7))
    with database.transaction(write=True) as connection:
        connection.execute(text("DELETE FROM papers WHERE code = 'WPRC-006'"))
        for table in ("sections", "items", "contributors", "links", "contacts"):
            left = connection.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
            assert left.scalar() == 0, table
        assert connection.execute(text("SELECT count(*) FROM passages")).scalar() == 1


def test_a_few_changed_papers_are_found_without_reading_all(database: Database, club: Club) -> None:
    """A whole club's contributors were once gone through for the heads of five papers."""
    if database.path is None:
        pytest.skip("about the plans of SQLite, which knows no statistics")
    save(database, club, draft(1, contributors=(ContributorRow("Ana"),)))
    plans: list[str] = []

    def explain(
        connection: Connection, _: object, statement: str, values: tuple[object, ...], *__: object
    ) -> None:
        if statement.startswith("SELECT"):
            found = connection.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(row[3] for row in found)

    event.listen(database.engine, "before_cursor_execute", explain)
    with database.unit(club.id) as uow:
        assert len(uow.papers.heads(0)) == 1
        assert uow.papers.head("WPRC-001") is not None
        assert len(uow.search.find(SearchQuery.parse("primer"))) == 1
    assert plans
    whole = [plan for plan in plans if plan.endswith("(club_id=?)") or plan == "SCAN passages"]
    assert whole == []
