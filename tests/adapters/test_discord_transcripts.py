"""What people do on Discord, and what they get to see."""

from __future__ import annotations

from pathlib import Path

from bot.chat.invocation import MessageRef, PlaceRef
from bot.chat.reply import Subject
from tests.adapters.discord_house import Stage

SAMPLE = Path(__file__).parents[2] / "bot" / "sample"


async def test_a_paper_is_a_card_that_everybody_sees(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana, bo = club.member("Ana"), club.member("Bo")
    async with stage.bot():
        await ana.slash("paper", what="WPRC-006")
        card = await ana.answer()
    (embed,) = card.embeds
    assert embed["title"] == "WPRC-006 · AI X Crypto Primer"
    assert embed["description"] == "*Is it?*\n\nDeepfakes are what the veracity bonds are for."
    assert [(one["name"], one["value"]) for one in embed["fields"]] == [
        ("Category", "AI"),
        ("Chapter", "SG"),
        ("Date", "2024-06-06"),
        ("Contributors", "Ana, Bo (reviewer)"),
    ]
    assert card.labels == ["Lite summary", "In-depth", "Download page", "Give an opinion"]
    assert not card.is_private
    assert [seen.text for seen in ana.here.visible_to(bo)] == [card.text]


async def test_a_part_is_an_option_and_completes(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        found = await ana.complete("paper", "what", "crypto")
        assert found == [("WPRC-006 · AI X Crypto Primer", "WPRC-006")]
        assert ("In-depth", "in-depth") in await ana.complete("paper", "part", "", what="6")
        await ana.slash("paper", what="WPRC-006", part="p25")
        pages = await ana.answer()
    assert "Media stake money." in pages.text
    assert "What was there." not in pages.text


async def test_reading_on_flips_nobody_elses_card(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana, bo = club.member("Ana"), club.member("Bo")
    async with stage.bot():
        await ana.slash("paper", what="6")
        card = await ana.answer()
        await bo.press(card, "Lite summary")
        first = await bo.answer()
        assert first.is_private
        assert "Sentence 0 of" in first.text
        assert first.labels == ["Back to the card", "Next (2 of 2)", "Share here"]
        await bo.press(first, "Next (2 of 2)")
        second = await bo.answer()
        assert second.source is first.source
        assert "Sentence 149 of" in second.text
        assert second.labels == ["Back to the card", "Previous (1 of 2)", "Share here"]
        await bo.press(second, "Back to the card")
        assert (await bo.answer()).text == card.text
    assert [seen.text for seen in ana.here.visible_to(ana)] == [card.text]


async def test_a_private_page_can_be_shared(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana, bo = club.member("Ana"), club.member("Bo")
    async with stage.bot():
        await ana.slash("paper", what="6")
        await bo.press(await ana.answer(), "In-depth")
        depth = await bo.answer()
        await bo.press(depth, "Share here")
        shared = await ana.hear()
        assert shared.text == depth.text
        assert "Share here" not in shared.labels
        assert not shared.is_private
        place = PlaceRef("discord", str(ana.here.id), server_id=str(club.id))
    message = MessageRef(place, str(shared.message.id))
    assert stage.kept.posts[message] == Subject("paper", "WPRC-006")


async def test_sharing_needs_no_permission_to_write(stage: Stage) -> None:
    from tests.discord.permissions import Permission

    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    club.let_bot(deny=Permission.SEND_MESSAGES)
    async with stage.bot():
        await ana.slash("paper", what="6")
        await ana.press(await ana.answer(), "In-depth")
        depth = await ana.answer()
        await ana.press(depth, "Share here")
        shared = await ana.answer()
    assert not shared.is_private
    assert shared.text == depth.text


async def test_a_direct_conversation_hides_nothing_and_edits_in_place(stage: Stage) -> None:
    ana = stage.simulator.person("Ana")
    async with stage.bot():
        await ana.slash("paper", what="6")
        card = await ana.answer()
        await ana.press(card, "In-depth")
        depth = await ana.answer()
    assert depth.source is card.source
    assert "New Solutions" in depth.text
    assert not depth.is_private
    assert "Share here" not in depth.labels


async def test_a_thread_is_a_place_in_its_channel(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    thread = club.add_thread("about six", "general", ana)
    async with stage.bot():
        await ana.slash("paper", what="6", channel=thread)
        await ana.answer()
    (message,) = stage.kept.posts
    channel = club.channel("general")
    expected = PlaceRef("discord", str(channel.id), str(thread.id), server_id=str(club.id))
    assert message.place == expected


async def test_a_search_opens_the_very_place(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        await ana.slash("search", words="deepfakes")
        hits = await ana.answer()
        await ana.press(hits, "Open WPRC-006")
        place = await ana.answer()
    assert "**Deepfakes**" in hits.text
    assert place.is_private
    assert "veracity bonds" in place.text


async def test_a_misspelt_title_gets_did_you_mean(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        await ana.slash("paper", what="Bitcon")
        asked = await ana.answer()
        assert asked.is_private
        assert "Did you mean" in asked.content
        await ana.press(asked, "WPRC-001 · Bitcoin: A Peer-to-Peer Electronic Cash System")
        card = await ana.answer()
    assert card.source is asked.source
    assert "Cash, in short." in card.text


async def test_an_error_does_not_erase_the_card_that_was_pressed(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        await ana.slash("paper", what="6")
        await ana.press(await ana.answer(), "In-depth")
        depth = await ana.answer()
        await ana.press(depth, "Back to the card")
        card = await ana.answer()
        await ana.press(card, "Download page")
        sent = await ana.answer()
    assert sent.source is not card.source
    assert sent.is_private
    assert [file.filename for file in sent.files] == ["WPRC-006.txt"]
    assert sent.files[0].data.startswith(b"WPRC")


async def test_a_card_and_its_buttons_outlive_the_bot(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        await ana.slash("paper", what="6")
        card = await ana.answer()
    async with stage.bot():
        await ana.press(card, "In-depth")
        assert "New Solutions" in (await ana.answer()).text
    requests = [one.template for one in stage.simulator.requests if one.method == "PUT"]
    assert len(requests) == 1, "commands that did not change are registered once"


async def test_a_card_is_known_by_what_it_is_about(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        await ana.slash("paper", what="6")
        card = await ana.answer()
        await ana.press(card, "In-depth")
        await ana.answer()
    place = PlaceRef("discord", str(ana.here.id), server_id=str(club.id))
    expected = {MessageRef(place, str(card.message.id)): Subject("paper", "WPRC-006")}
    assert stage.kept.posts == expected, "and what one person alone sees is no post"


async def test_an_organisers_command_is_refused_privately(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        await ana.slash("newpaper", title="Mine")
        said = await ana.answer()
    assert said.is_private
    assert "organisers" in said.content
