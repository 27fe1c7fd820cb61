"""Headings: which lines are one, which section they begin, and who is named in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.archive.grammar.letters import COLONS, QUOTES, is_capital
from bot.archive.grammar.names import is_name, read_names, split_names
from bot.archive.record import SectionKind

MAX_HEADING = 120
_IMPORTANT = r"(?:important|matters?|relevant|significant|interesting|(?:(?:you|we|anyone) )?(?:should )?care)"
_PATTERNS = {
    SectionKind.LITE_SUMMARY: r"lite(?: summary| version)?|light summary|summary,? (?:\(?lite\)?)"
    r"|short version",
    SectionKind.IN_DEPTH: r"in[- ]?depth(?: (?:summar(?:y|ies)|review|analysis|notes|reading|of|on)\b[^:]{0,90})?"
    r"|(?:detailed|deep|full|extended|long|longer|page[- ]by[- ]page|section[- ]by[- ]section|chapter"
    r"[- ]by[- ]chapter) summar(?:y|ies)\b[^:]{0,90}|deep[- ]dive\b[^:]{0,60}"
    r"|summar(?:y|ies) of (?:the )?(?:parts?|sections?|chapters?|pages?)\b[^:]{0,90}"
    r"|(?:part|section|chapter) \(?(?:\d{1,2}|[ivxlc]{1,6})\)? summary"
    r"|(?:ausführliche|detaillierte) zusammenfassung\b[^:]{0,60}",
    SectionKind.SUMMARY: r"(?:(?:an? |the )?(?:executive|short|brief|quick|general|overall|one[- ]line) )?"
    r"(?:the )?summary(?: of (?:the|this) paper)?|tl;? ?dr;?|(?:key )?takeaways?|in (?:short|brief)"
    r"|in a nutshell|zusammenfassung|kurzfassung|r[ée]sum[ée]|resumen|riassunto|resumo",
    SectionKind.WHY: r"why,? (?:(?:is|does|do|did|should) )?(?:(?:it|this|that|(?:this|the) (?:paper|topic|work"
    r"|matter))(?:'s| is)? )?(?:so )?" + _IMPORTANT + r"(?: to us)?|why(?: this(?: paper)?)?"
    r"|(?:the )?(?:importance|significance|relevance)(?: of (?:the|this) (?:paper|topic|work))?"
    r"|warum (?:das|dies|es) wichtig ist|pourquoi c'est important|por qu[ée] (?:es )?importa(?:nte)?",
    SectionKind.AUTHORS: r"(?:(?:about|meet) )?(?:the )?(?:paper(?:'s)? )?authors?'?(?: of the paper)?"
    r"(?:'s)?(?: bios?| backgrounds?| biograph(?:y|ies))?|who wrote (?:it|this|the paper)"
    r"|(?:über die )?autor(?:en|es|i|:innen|innen)?|auteurs?",
    SectionKind.COMMUNITY_OPINIONS: r"(?:the |our )?community(?:'s)?(?: (?:opinions?|thoughts?|views?|discussions?"
    r"|feedback|comments?|voices?|takes?|insights?|reactions?|perspectives?|notes))?"
    r"|(?:opinions?|thoughts|views|voices) (?:of|from|by|in) (?:the )?community"
    r"|group (?:opinions?|discussion)|meinungen (?:der|aus der) (?:gemeinschaft|community)",
    SectionKind.OPINIONS: r"(?:(?:my|our|personal|members?'?|contributors?'?|readers?'?|reviewers?'?|author'?s?"
    r"|individual|other|further|more) )?opinions?|meinung(?:en)?|opiniones|avis",
    SectionKind.NOTES: r"(?:(?:additional|other|further|side|extra|general|meeting|session|personal|our|more"
    r"|random|reading|discussion) )?notes|notizen|anmerkungen|notas|notes (?:and|&) (?:questions|comments|links)",
    SectionKind.JOIN: r"join(?: us| the club| in| our (?:club|sessions?|community))?|how to join|get involved"
    r"|rsvp|come along|mach mit",
}
_KNOWN = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}
_MARKS = re.compile(r"^(?:[^\w(\[]+|(?:\d{1,2}|[ivx]{1,5})[.)]\s+(?=\S))+")
_NUMBERED = re.compile(r"\(\w{1,7}\)|(?:\d{1,2}|[ivxlIVXL]{1,5}|[a-zA-Z])[.)](?:\s|$)")
_COLON = re.compile(f"[{COLONS}]")
_QUALIFIER = re.compile(r"\s*\(([^()]{1,80})\)$")
_NAMED = re.compile(
    r"(?P<what>opinions?|meinungen|opiniones)\s*(?:of|by|from|von|de|[-–—:])\s*(?P<who>.{1,80})",
    re.I,
)
_NAMED_FIRST = re.compile(r"(?P<who>.{1,60}?)['’]s? opinions?", re.I)
_FOOTER = re.compile(
    r"©.{0,120}|\(c\) \d{4}.{0,120}|copyright\b.{0,120}|\w{1,16} [-–—] paper archive", re.I
)
_NOTHING = re.compile(r"[-=_*~#.,:：;·•●○◦▪■□‣⁃∙➢+|—–\s\u200b\ufeff]*")
_PEOPLE = re.compile(
    r"(?:the )?contributors?|contributed by|mitwirkende|contributeurs|colaboradores|contribuidores",
    re.IGNORECASE,
)
_SINGLE = frozenset(
    [
        "references",
        "bibliography",
        "links",
        "link",
        "resources",
        "sources",
        "glossary",
        "appendix",
        "questions",
        "acknowledgements",
        "acknowledgments",
        "credits",
        "disclaimer",
        "conclusion",
        "conclusions",
        "definitions",
        "methodology",
        "background",
        "introduction",
        "referenzen",
        "quellen",
        "literatur",
        "anhang",
        "fragen",
        "références",
        "sources",
        "referencias",
        "enlaces",
        "fuentes",
        "riferimenti",
    ]
)
_LISTS = re.compile(
    r"(?:open|discussion|further|follow-up|remaining) questions|(?:further|additional|suggested|related) reading"
    r"|reading list|related (?:work|papers|links)|(?:useful|external) (?:links|resources)|next (?:steps|session|paper)"
    r"|action items|key (?:terms|concepts|figures|quotes)|questions (?:and|&) answers|q ?& ?a|faq"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that begins a section of a known kind, and what else stood on it."""

    kind: SectionKind
    text: str
    tail: str = ""
    names: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def _core(text: str) -> str:
    text = _MARKS.sub("", text.casefold().replace("’", "'"))
    return re.sub(r"[\s‐‑–]+", lambda m: " " if m[0].isspace() else "-", text).rstrip(
        " :：*_?!.,|·-—"
    )


@lru_cache(maxsize=4096)
def _kind(text: str) -> tuple[SectionKind, tuple[str, ...]] | None:
    """Kind and names of a whole heading; None when the words are not known."""
    if not text or len(text) > MAX_HEADING:
        return None
    core = _core(text)
    bare = _QUALIFIER.sub("", core)
    for words in dict.fromkeys((core, bare)):
        for kind, pattern in _KNOWN.items():
            if pattern.fullmatch(words):
                names = _bracket_names(text) if kind is SectionKind.OPINIONS else ()
                return kind, names
    named = _NAMED.fullmatch(text.rstrip(" :")) or _NAMED_FIRST.fullmatch(text.rstrip(" :"))
    names = read_names(named["who"]) if named else ()
    return (SectionKind.OPINIONS, names) if names else None


def _bracket_names(text: str) -> tuple[str, ...]:
    qualifier = _QUALIFIER.search(text.rstrip(" :：*"))
    return read_names(qualifier[1]) if qualifier else ()


def kind_of(heading: str) -> tuple[SectionKind, tuple[str, ...]]:
    """The kind of section that a heading names, and the people named in it."""
    return _kind(heading) or (SectionKind.OTHER, ())


def known_heading(text: str) -> Heading | None:
    """Reads a line as a heading whose words are known, alone or with text behind its colon."""
    first = text[:1]
    if not first or first.islower():
        return None
    if len(text) <= MAX_HEADING and (found := _kind(text)):
        return Heading(found[0], text, "", found[1])
    match = _COLON.search(text, 1, MAX_HEADING)
    colon = match.start() if match else 0
    tail = text[colon + 1 :].strip() if colon else ""
    if tail and (found := _kind(text[: colon + 1].strip())):
        return Heading(found[0], text[: colon + 1], tail, found[1])
    return None


def is_usual(text: str) -> bool:
    """Whether other pages commonly have a section of that name, such as ``References``."""
    core = _core(text)
    return core in _SINGLE or bool(_LISTS.fullmatch(core))


def looks_like_heading(text: str) -> bool:
    """Whether a line that no markup marks could be a heading of its own: short, and no sentence."""
    if len(text) > 80 or text.count(" ") > 9 or not text or text[-1] in '.!;,…。！]”"':
        return False
    first = text.lstrip(QUOTES)[:1]
    if not (is_capital(first) or first.isdigit()) or "://" in text or "@" in text:
        return False
    if _NUMBERED.match(text):
        return False
    return text[-1] != ")" or _ends_in_aside(text)


def _ends_in_aside(text: str) -> bool:
    """Whether the brackets at the end name nobody: ``Markets (part 2)``, but not ``(sid)``."""
    qualifier = _QUALIFIER.search(text)
    if qualifier is None or any(is_name(part) for part in split_names(qualifier[1])):
        return False
    return " " in qualifier[1] or not qualifier[1].isalpha()


def is_nothing(text: str) -> bool:
    """Whether a line belongs to the layout: a rule, or the footer of the archive."""
    if len(text) > 200:
        return False
    if text[:1].isalnum():
        ends = text[-7:].casefold() == "archive" or text[:9].casefold() == "copyright"
        return ends and bool(_FOOTER.fullmatch(text))
    return bool(_NOTHING.fullmatch(text) or _FOOTER.fullmatch(text))


def is_people_label(text: str) -> bool:
    """Whether a line says that the names of the contributors follow."""
    return len(text) < 40 and bool(_PEOPLE.fullmatch(text.rstrip(" :*")))


def can_stand(text: str) -> bool:
    """Whether a text stays a text on a line of its own: it would begin no section there."""
    return known_heading(text) is None and not is_people_label(text)
