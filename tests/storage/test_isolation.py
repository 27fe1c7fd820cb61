"""Several clubs in one database never see each other's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.clubs import Club
from storage.database import Database
from storage.deliveries import STATES, DeliveryDraft
from storage.paper_rows import PaperDraft
from storage.search import SearchQuery
from storage.unit_of_work import UnitOfWork
from tests.conftest import NOW
from tests.storage.drafts import draft, names, papers, whole_draft

_prefixes: Iterator[int] = count()


def found(club: Club, uow: UnitOfWork, drafts: tuple[PaperDraft, ...]) -> Iterator[object]:
    """All that every repository tells of a club, asked with what any club may hold."""
    codes = sorted({paper.code for paper in drafts})
    yield [(head.code, head.title, head.contributors) for head in uow.papers.heads()]
    yield [(head.code, head.version) for head in uow.papers.heads(2)]
    yield list(uow.papers.codes()), uow.papers.next_number()
    for code in codes:
        whole = uow.papers.content(code)
        yield whole and (whole.head.title, whole.sections, whole.links, whole.paper_authors)
        yield uow.papers.content(code, 2) is None
        yield uow.papers.sections(code), uow.papers.section(code, 0)
        yield uow.papers.contacts(code)
        yield [(one.number, one.digest) for one in uow.papers.revisions(code)]
    yield sorted(uow.search.words_between(1, 64))
    for paper in drafts:
        query = SearchQuery.parse(f"{paper.title} {paper.summary}")
        for terms in (query.terms, *((term,) for term in query.terms)):
            hits = uow.search.find(SearchQuery(terms), 50)
            yield [(hit.code, hit.title, hit.text, hit.section_position) for hit in hits]
    yield [(person.name, person.accounts, person.roles) for person in uow.people.everyone()]
    person = uow.people.by_account("console", "same")
    yield person and (person.name, person.roles)
    yield [(place.chat_id, place.organiser_role) for place in uow.places.all()]
    yield uow.deliveries.counts()
    yield [(one.key, one.subject) for one in uow.deliveries.listed(STATES, 50)]
    yield [one.key for one in uow.deliveries.of_subject("announcement", names_of(uow))]


def names_of(uow: UnitOfWork) -> str:
    """What the club's own announcement says."""
    found = uow.deliveries.listed(STATES, 1)
    return found[0].subject if found else ""


def message(chat: str, name: str, person: int | None = None) -> DeliveryDraft:
    return DeliveryDraft("same", "announcement", name, "console", chat, NOW, person_id=person)


def fill(uow: UnitOfWork, drafts: tuple[PaperDraft, ...], name: str, chat: str) -> None:
    for paper in drafts:
        uow.papers.save(paper, NOW)
    person = uow.people.add(name, "console", "same", NOW)
    uow.people.set_role(person.id, "organiser", len(drafts) % 2 == 0)
    uow.places.add("console", chat)
    uow.actions.add("search", {"name": name}, NOW, person.id)
    uow.announcements.add(name, NOW)
    uow.deliveries.plan([message(chat, name)], NOW)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mine=papers, theirs=papers, names=st.tuples(names, names))
def test_a_club_reads_the_same_with_and_without_another(
    database: Database,
    mine: tuple[PaperDraft, ...],
    theirs: tuple[PaperDraft, ...],
    names: tuple[str, str],
) -> None:
    number = next(_prefixes)
    with database.unit(write=True) as uow:
        club = uow.clubs.add(f"A{number}", names[0], NOW)
        other = uow.clubs.add(f"B{number}", names[1], NOW)
        fill(uow.of_club(club.id), mine, names[0], f"a{number}")
    everything = (*mine, *theirs)
    with database.unit(club.id) as uow:
        alone = list(found(club, uow, everything))
    with database.unit(other.id, write=True) as uow:
        fill(uow, theirs, names[1], f"b{number}")
    with database.unit(club.id) as uow:
        assert list(found(club, uow, everything)) == alone
    with database.unit(other.id) as uow:
        assert list(found(other, uow, everything))[2] == (
            [paper.code for paper in theirs],
            len(theirs) + 1,
        )


def two_clubs(database: Database, club: Club) -> tuple[Club, int, int]:
    """Another club, and a person and an action of the first."""
    with database.unit(club.id, write=True) as uow:
        other = uow.clubs.add("ZKRC", "Zero Knowledge", NOW)
        uow.papers.save(whole_draft(), NOW)
        ana = uow.people.add("Ana", "console", "ana", NOW)
        return other, ana.id, uow.actions.add("search", {}, NOW, ana.id)


def test_ids_of_another_club_are_nothing(database: Database, club: Club) -> None:
    other, ana, action = two_clubs(database, club)
    with database.unit(other.id, write=True) as uow:
        assert uow.people.by_id(ana) is None
        assert uow.people.roles(ana) == frozenset()
        assert uow.actions.by_id(action) is None
        assert uow.actions.forget_before(NOW.replace(year=2030)) == 0
        uow.people.rename(ana, "Mallory")
        uow.people.set_left(ana, NOW)
    with database.unit(club.id) as uow:
        (person,) = uow.people.everyone()
        assert (person.name, person.left_at) == ("Ana", None)


HANGERS: dict[str, Callable[[UnitOfWork, int], object]] = {
    "role": lambda uow, person: uow.people.set_role(person, "organiser"),
    "account": lambda uow, person: uow.people.add_account(person, "telegram", "1", "Ana"),
    "delivery": lambda uow, person: uow.deliveries.plan([message("c", "n", person)], NOW),
    "action": lambda uow, person: uow.actions.add("search", {}, NOW, person),
    "author": lambda uow, person: uow.papers.save(draft(), NOW, person),
}


@pytest.mark.parametrize("hang", HANGERS.values(), ids=HANGERS.keys())
def test_a_row_cannot_hang_under_another_club(
    database: Database, club: Club, hang: Callable[[UnitOfWork, int], object]
) -> None:
    other, ana, _ = two_clubs(database, club)
    with pytest.raises(IntegrityError), database.unit(other.id, write=True) as uow:
        hang(uow, ana)


@pytest.mark.parametrize(
    "table", ["revisions", "contacts", "passages", "sections", "items", "contributors", "links"]
)
def test_a_part_of_a_paper_cannot_change_its_club(
    database: Database, club: Club, table: str
) -> None:
    other, _, _ = two_clubs(database, club)
    rows = text(f"SELECT count(*) FROM {table}")  # noqa: S608
    with database.transaction(write=False) as connection:
        assert connection.execute(rows).scalar_one() > 0
    with pytest.raises(IntegrityError), database.transaction(write=True) as connection:
        connection.execute(text(f"UPDATE {table} SET club_id = {other.id}"))  # noqa: S608
