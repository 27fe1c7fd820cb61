"""Every command, in the order in which help shows them."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.core.help import show_club, show_help
from bot.core.intake import add_details, add_paper
from bot.core.listing import list_papers
from bot.core.papers import download_page, show_paper
from bot.core.search import search_pages

TABLE: tuple[Command, ...] = (
    show_paper,
    list_papers,
    search_pages,
    show_help,
    show_club,
    add_paper,
    add_details,
    download_page,
)
