"""Small archive pages for the command line's tests."""

from __future__ import annotations


def page(code: str = "WPRC-012", title: str = "Small Worlds", summary: str = "Short paths.") -> str:
    """A page as an organiser would write it."""
    return f"""{title}

Networks
{code}· LDN· 2023. 11· Networks

Contributors
Ana·Bo

{title}        9 November 2023

Why are paths short?        Ana (ana@example.org, tg: anareads), Bo

Summary

{summary}

Lite Summary

Most people are a few steps from each other. (i) Model: a ring with shortcuts. (ii) Result: few \
shortcuts are enough.

Community Opinions

Everybody knew the phrase, nobody the proof.

What is a step?

A handshake is not an introduction (Chidi).

In-depth Summary of Part (i) from Paper:

The Ring [1-3]Idea: Neighbours know each other.Shortcut: One edge is rewired.
The Limit: 4-6 Result: Paths grow slowly.

Join Us

Come on Thursday.
"""
