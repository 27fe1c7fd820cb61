"""One club on both platforms talks about a paper; what it lets be published is what is printed."""

from __future__ import annotations

import asyncio
import itertools
import random
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import App
from bot.archive import read_page
from bot.archive.record import PaperCode, PaperRecord, Section, SectionKind
from bot.chat.invocation import Actor, Invocation, PlaceRef
from bot.core.records import draft_of
from storage.database import Database
from tests.adapters.test_both_platforms import running
from tests.adapters.test_discord_setup import found, founding_code
from tests.conftest import NOW
from tests.discord.clubs import Club
from tests.discord.intents import MESSAGE_CONTENT
from tests.discord.people import Person as Discorder
from tests.discord.permissions import Permission
from tests.discord.seen import Seen as DiscordSeen
from tests.discord.simulator import Simulator
from tests.telegram.groups import Group, Topic
from tests.telegram.people import Person as Telegrammer
from tests.telegram.seen import Seen as TelegramSeen
from tests.telegram.simulator import TelegramSimulator

CODE = "WPRC-006"
NAMED, NAMELESS = "Publish with my name", "Publish without my name"
MEMBERS, PRIVATE = "Members only", "Keep private"
TALK = ("Shall we begin?", "lol", "See p. 25.", "WPRC-006 is long", "#weather is fine", "/shrug ok")


@dataclass
class Published:
    """What has to stand on the page in the end: who said what, under which topic."""

    lines: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)

    def note(self, words: str, label: str, name: str, topic: str | None = None) -> None:
        if label == NAMED:
            self.lines[words] = (name, topic)
        elif label == NAMELESS:
            self.lines[words] = (None, topic)


@dataclass
class House:
    """Both rooms of the club."""

    discord: Simulator
    telegram: TelegramSimulator
    server: Club
    group: Group
    topic: Topic
    published: Published = field(default_factory=Published)
    tokens: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def words(self) -> str:
        return f"Bonds number {next(self.tokens)} need a judge"


async def on_discord(person: Discorder, words: str) -> DiscordSeen:
    """The card in the direct messages that asks about these words."""
    for _ in range(20):
        seen = await person.hear(person.dm, patience=10)
        if words in seen.text:
            return seen
    raise AssertionError(f"{person.name} was not asked about {words!r}")


async def on_telegram(person: Telegrammer, words: str) -> TelegramSeen:
    for _ in range(20):
        seen = await person.hears(person.private, patience=10)
        if words in seen.text:
            return seen
    raise AssertionError(f"{person.first_name} was not asked about {words!r}")


async def discord_ways(house: House, person: Discorder, label: str, way: int) -> str:
    """One opinion, by one of the ways in, answered by one tap."""
    words, channel = house.words(), house.server.channel("opinions")
    person.go(channel)
    if way == 0:
        await person.slash("opinion", what=CODE, text=f"p. 25 {words}")
        card = await person.answer()
    elif way == 1:
        said = await person.say(words, channel)
        await person.right_click(said, "Save as opinion")
        card = await person.answer()
        await person.press(card, "Another paper")
        await person.fill(await person.answer(), {"what": CODE})
        card = await person.answer()
    elif way == 2:
        await person.slash("paper", what=CODE)
        shown = await person.answer()
        await asyncio.sleep(0.7)
        await person.say(words, reply_to=shown)
        card = await on_discord(person, words)
    elif way == 3:
        await person.say(f"#{CODE} {words}", channel)
        card = await on_discord(person, words)
    elif way == 4:
        await person.say(f"{CODE}: {words}", person.dm)
        card = await on_discord(person, words)
    elif way == 5:
        thread = house.server.add_thread(f"{CODE} night", "opinions", person)
        await person.say(words, thread)
        card = await on_discord(person, words)
    else:
        await person.slash("opinion", what=CODE)
        await person.fill(await person.answer(), {"text": words})
        card = await person.answer()
    assert words in card.text, card.text
    await person.press(card, label)
    told = await person.answer()
    assert words in told.text
    return words


async def telegram_ways(house: House, person: Telegrammer, label: str, way: int) -> str:
    words, name = house.words(), house.telegram.username
    if way == 0:
        await person.says(house.group, f"/opinion@{name} {CODE} p. 25 {words}")
    elif way == 1:
        said = await person.says(house.group, f"{CODE} {words}")
        await person.replies(said, f"/opinion@{name}")
    elif way == 2:
        await person.says(house.group, f"/paper@{name} {CODE}")
        shown = await person.hears(house.group)
        while CODE not in shown.text:
            shown = await person.hears(house.group)
        await asyncio.sleep(0.7)
        await person.replies(shown, words)
    elif way == 3:
        await person.says(house.group, f"#{CODE} {words}")
    elif way == 4:
        await person.says(person.private, f"{CODE}: {words}")
    elif way == 5:
        await person.says(house.topic, words)
    else:
        await person.says(person.private, f"/opinion {CODE}")
        asked = await on_telegram(person, "What you think")
        await person.answers(asked, words)
    card = await on_telegram(person, words)
    await person.presses(card, label)
    await on_telegram(person, words)
    return words


async def link(giver: Discorder, taker: Telegrammer) -> None:
    """Both sides say that they are one human."""
    await giver.slash("link")
    code = (await giver.answer()).text.split("/link ")[1].split("`")[0].split(".")[0].strip()
    await taker.says(taker.private, f"/link {code}")
    asked = await on_telegram(taker, "Are you")
    await taker.presses(asked, "Yes, that is me")
    question = await on_discord(giver, "that they are you")
    await giver.press(question, "Yes, that is me")
    assert "is linked" in (await giver.answer()).text


async def test_a_club_talks_and_its_page_says_what_its_members_let_it(
    simulator: Simulator, telegram: TelegramSimulator, database: Database, tmp_path: Path
) -> None:
    simulator.privileged = MESSAGE_CONTENT
    chance = random.Random(6)  # noqa: S311
    server = await simulator.guild("Readers", channels=("opinions", "general"))
    ana = server.member("Ana", permissions=Permission.MANAGE_GUILD)
    bo, cid, dan, gus = (server.member(name) for name in ("Bo", "Cid", "Dan", "Gus"))
    tele = {name: telegram.user(name) for name in ("Ana", "Bo", "Cid", "Eva", "Fin", "Hal")}
    group = telegram.group("Night Readers", members=list(tele.values()), is_forum=True, bot="admin")
    topic = group.topic(f"{CODE} AI X Crypto")
    house = House(simulator, telegram, server, group, topic)
    options = {"DISCORD_MESSAGE_CONTENT": "true"}
    async with running(simulator, telegram, database, tmp_path, options) as app:
        await found(ana, founding_code(database), "Paper Readers", "WPRC")
        await prepare(app, database, server, group)
        for one in tele.values():
            await one.starts()
            # Whoever does something in the group is a member.
            await one.says(group, f"/profile@{telegram.username}")
            await on_telegram(one, "You in Paper Readers")
        for newcomer in (dan, gus):
            await newcomer.slash("profile")
            await newcomer.answer()
        for giver, name in ((ana, "Ana"), (bo, "Bo"), (cid, "Cid")):
            await link(giver, tele[name])
        people: list[Discorder | Telegrammer] = [
            *(ana, bo, cid, dan, gus),
            *(tele[name] for name in ("Bo", "Cid", "Eva", "Fin", "Hal")),
        ]
        labels = itertools.cycle((NAMED, NAMED, NAMELESS, MEMBERS, PRIVATE))
        said: list[tuple[Discorder | Telegrammer, str]] = []
        for number in range(40):
            for _ in range(6):
                talker = chance.choice(people)
                words = f"{chance.choice(TALK)} {number}"
                if isinstance(talker, Discorder):
                    await talker.say(words, server.channel("opinions"))
                else:
                    await talker.says(group, words)
            person, label = people[number % len(people)], next(labels)
            name = person.name if isinstance(person, Discorder) else person.first_name
            if isinstance(person, Discorder):
                words = await discord_ways(house, person, label, number % 7)
            else:
                words = await telegram_ways(house, person, label, number % 7)
            house.published.note(words, label, name)
            said.append((person, words))
        await edits_and_withdrawals(house, bo, tele["Eva"], dan)
        await said_aloud_and_refused(house, ana, dan)
        await forgets(house, gus, said)
        page = await print_page(ana, app)
    section = next(one for one in page.sections if one.kind is SectionKind.COMMUNITY_OPINIONS)
    on_page = {
        item.text.split(" (")[0].rstrip("."): (
            item.attributed_to[0] if item.attributed_to else None,
            item.topic,
        )
        for item in section.items
    }
    assert on_page == {words.rstrip("."): told for words, told in house.published.lines.items()}
    with database.unit(1) as uow:
        assert len(uow.opinions.public(CODE)) == len(house.published.lines)


async def prepare(app: App, database: Database, server: Club, group: Group) -> None:
    """The paper, and where opinions go."""
    record = PaperRecord(
        PaperCode("WPRC", 6),
        "AI X Crypto Primer",
        sections=(Section(SectionKind.SUMMARY, "Summary", "What it says."),),
    )
    with database.unit(1, write=True) as uow:
        uow.papers.save(draft_of(record), NOW)
        home = uow.places.all()[0]
        uow.places.assign(home.id, "opinions", str(server.channel("opinions").id), None)
        other = uow.places.add("telegram", str(group.id))
        uow.places.assign(other.id, "opinions", str(group.id), None)
    await app.snapshots.load()


async def edits_and_withdrawals(
    house: House, bo: Discorder, eva: Telegrammer, dan: Discorder
) -> None:
    """An edited message is asked about, a deleted one too, and what is withdrawn is gone."""
    channel = house.server.channel("opinions")
    words = house.words()
    message = await bo.say(f"#{CODE} {words}", channel)
    await bo.press(await on_discord(bo, words), NAMED)
    await bo.answer()
    new = house.words()
    await bo.change(message, f"#{CODE} {new}")
    card = await on_discord(bo, new)
    assert "Shall the opinion follow?" in card.text
    await bo.press(card, "Yes, change it")
    assert new in (await bo.answer()).text
    house.published.note(new, NAMED, "Bo")

    words = house.words()
    told = await eva.says(house.group, f"#{CODE} {words}")
    await eva.presses(await on_telegram(eva, words), NAMELESS)
    await on_telegram(eva, words)
    await eva.edits(told, f"#{CODE} {house.words()}")
    asked = await on_telegram(eva, "Shall the opinion follow?")
    await eva.presses(asked, "No, leave it")
    await on_telegram(eva, "It stays as it was.")
    house.published.note(words, NAMELESS, "Eva")

    words = house.words()
    message = await dan.say(f"#{CODE} {words}", channel)
    await dan.press(await on_discord(dan, words), NAMED)
    await dan.answer()
    await dan.delete(message)
    card = await on_discord(dan, "Shall the opinion go as well?")
    await dan.press(card, "Withdraw it")
    assert "Withdrawn" in (await dan.answer()).text


async def said_aloud_and_refused(house: House, ana: Discorder, dan: Discorder) -> None:
    words = house.words()
    channel = house.server.channel("general")
    message = await dan.say(words, channel)
    ana.go(channel)
    await ana.right_click(message, "Save as opinion")
    assert "Dan is asked in private" in (await ana.answer()).text
    card = await on_discord(dan, words)
    assert "stands nowhere unless you agree" in card.text
    await dan.press(card, "No, drop it")
    assert "Dropped" in (await dan.answer()).text


async def forgets(
    house: House, gus: Discorder, said: list[tuple[Discorder | Telegrammer, str]]
) -> None:
    await gus.slash("profile")
    await gus.press(await gus.answer(), "Forget me")
    await gus.press(await gus.answer(), "Withdraw them")
    await gus.press(await gus.answer(), "Yes, forget me")
    assert "You are forgotten" in (await gus.answer()).text
    for person, words in said:
        if person is gus:
            house.published.lines.pop(words, None)


async def print_page(ana: Discorder, app: App) -> PaperRecord:
    """Weaves, prints, and reads the page again as somebody would who downloads it."""
    await ana.slash("digest", what=CODE)
    await ana.press(await ana.answer(), "Publish")
    assert "is published" in (await ana.answer()).text
    assert ana.here.guild is not None
    place = PlaceRef("discord", str(ana.here.id), server_id=str(ana.here.guild.id))
    call = Invocation(
        "last", "download", Actor("discord", str(ana.id), "Ana"), place, values=(CODE,)
    )
    reply = await app.desk.dispatch(call)
    return read_page(reply.files[0].content).record
