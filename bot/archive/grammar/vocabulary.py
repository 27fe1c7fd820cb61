"""The words that pages use: what sections are called, and words that settle a doubt."""

from __future__ import annotations

from bot.archive.record import SectionKind


def words(text: str) -> frozenset[str]:
    """The words of a list written as text."""
    return frozenset(text.split())


def _any_of(*patterns: str) -> str:
    return "|".join(patterns)


_PAPER = r"(?:the|this) (?:paper|topic|work)"
_IMPORTANT = (
    r"(?:important|matters?|relevant|significant|interesting|(?:we |you )?(?:should )?care)"
)
_REST = r"\b[^:]{0,90}"

SECTIONS = {
    SectionKind.LITE_SUMMARY: _any_of(
        r"lite(?: summary| version)?",
        r"light summary|short version",
        r"summary,? \(?lite\)?",
    ),
    SectionKind.IN_DEPTH: _any_of(
        rf"in[- ]?depth(?: (?:summar(?:y|ies)|review|analysis|notes|reading|of|on){_REST})?",
        rf"(?:detailed|deep|full|extended|longe?r?) summar(?:y|ies){_REST}",
        rf"(?:page|section|chapter)[- ]by[- ](?:page|section|chapter) summar(?:y|ies){_REST}",
        rf"deep[- ]dive{_REST}",
        rf"summar(?:y|ies) of (?:the )?(?:parts?|sections?|chapters?|pages?){_REST}",
        r"(?:part|section|chapter) \(?(?:\d{1,2}|[ivxlc]{1,6})\)? summary",
        r"part \((?:\d{1,2}|[ivxl]{1,6})\)|(?:page|chapter) (?:notes|summar(?:y|ies))",
        r"(?:paper )?walk-?through",
        rf"(?:ausführliche|detaillierte) zusammenfassung{_REST}",
    ),
    SectionKind.SUMMARY: _any_of(
        r"(?:(?:an? |the )?(?:executive|short|brief|quick|general|overall|one[- ]line) )?(?:the )?"
        rf"summary(?: of {_PAPER})?",
        r"tl;? ?dr;?|(?:key )?takeaways?|in (?:short|brief)|in a nutshell",
        r"zusammenfassung|kurzfassung|r[ée]sum[ée]|resumen|riassunto|resumo",
    ),
    SectionKind.WHY: _any_of(
        r"why,? (?:(?:is|does|do|did|should) )?"
        rf"(?:(?:it|this|that|{_PAPER}|this matter)(?:'s| is)? )?(?:so )?{_IMPORTANT}(?: to us)?",
        r"why(?: this(?: paper)?)?",
        rf"(?:the )?(?:importance|significance|relevance)(?: of {_PAPER})?",
        r"warum (?:das|dies|es) wichtig ist|pourquoi c'est important",
        r"por qu[ée] (?:es )?importante?",
    ),
    SectionKind.AUTHORS: _any_of(
        r"(?:(?:about|meet) )?(?:the )?(?:paper(?:'s)? )?authors?'?(?: of the paper)?(?:'s)?"
        r"(?: bios?| backgrounds?| biograph(?:y|ies))?",
        r"who wrote (?:it|this|the paper)",
        r"(?:über die )?autor(?:en|es|i|:innen|innen)?|auteurs?",
    ),
    SectionKind.COMMUNITY_OPINIONS: _any_of(
        r"(?:the |our )?community(?:'s)?(?: (?:opinions?|thoughts?|views?|discussions?|feedback"
        r"|comments?|voices?|takes?|insights?|reactions?|perspectives?|notes))?",
        r"(?:opinions?|thoughts|views|voices) (?:of|from|by|in) (?:the )?community",
        r"group (?:opinions?|discussion)",
        r"meinungen (?:der|aus der) (?:gemeinschaft|community)",
    ),
    SectionKind.OPINIONS: _any_of(
        r"(?:(?:my|our|personal|members?'?|contributors?'?|readers?'?|reviewers?'?|author'?s?"
        r"|individual|other|further|more) )?opinions?",
        r"meinung(?:en)?|opiniones|avis",
    ),
    SectionKind.NOTES: _any_of(
        r"(?:(?:additional|other|further|side|extra|general|meeting|session|personal|our|more"
        r"|random|reading|discussion) )?notes",
        r"notizen|anmerkungen|notas|notes (?:and|&) (?:questions|comments|links)",
    ),
    SectionKind.JOIN: _any_of(
        r"join(?: us| the club| in| our (?:club|sessions?|community))?",
        r"how to join|get involved|come along|mach mit",
    ),
}
"""What sections are called, in lower case and without marks; the first kind that fits is taken."""

CONTRIBUTORS = _any_of(
    r"(?:the )?contributors?|contributed by",
    r"mitwirkende|contributeurs|colaboradores|contribuidores",
)

USUAL = words(
    """references bibliography links link resources sources glossary appendix questions credits
    acknowledgements acknowledgments disclaimer conclusion conclusions definitions methodology
    background introduction timeline quotes homework feedback agenda attendance corrections errata
    referenzen quellen literatur anhang fragen références referencias
    enlaces fuentes riferimenti"""
)
"""Names of sections that are of no kind of their own, and common all the same."""

CHAPTERS = words(
    """appendix background conclusion conclusions definitions introduction methodology questions
    timeline feedback sources"""
)
"""Those that are as likely the topic of an item, being what chapters of papers are called."""

INNER = words(
    """pros cons strengths weaknesses advantages disadvantages benefits drawbacks risks likes
    dislikes for against"""
)
"""Words that set off parts of one opinion."""

USUAL_PHRASES = _any_of(
    r"(?:open|discussion|further|follow-up|remaining|unanswered) (?:questions|points|issues)",
    r"(?:discussion|writing|thinking) (?:prompts|guide)",
    r"(?:reading|session|study) (?:plan|guide)",
    r"(?:notable|favou?rite|memorable) (?:quotes|lines|passages)|(?:session|meeting) agenda",
    r"(?:further|additional|suggested|related) reading|reading list",
    r"related (?:work|papers|links)|(?:useful|external) (?:links|resources)",
    r"next (?:steps|session|paper)|action items|key (?:terms|concepts|figures|quotes)",
    r"questions (?:and|&) answers|q ?& ?a|faq",
)

SENTENCE_OPENERS = words(
    """a an and as at because but by do does during each every for from he here however i if in it
    its let my of on once or our she since so some such that the their there these they this those
    though to we what when where which while who with you your you’re we’re it’s"""
)
"""Words that begin a sentence rather than a label."""

NO_TOPIC_END = words(
    """a about all an and are around as at between but by can each every for from had has have in
    into is its least most nearly of on only or over per see since some than that the then these
    this those through to under until up was were when where which with within von bis der die das
    mit und auf"""
)
"""Words that no topic ends in: the pages behind them belong to a sentence."""

PARTICLES = words(
    """de da di do dos das del della van von der den ter ten bin ibn al el la le du y e zu af av"""
)
"""Words of a name that have no capital."""

NOT_PEOPLE = words(
    """link links source sources paper slides video see etc example examples ibid figure table
    discord telegram twitter reddit slack zoom youtube online bitcoin ethereum solana google openai
    microsoft apple amazon meta facebook crypto web3 blockchain today tomorrow yes no maybe all
    everyone none optional required new old unknown anonymous draft short long lite detailed
    internal external"""
)
"""Words in brackets that could be taken for somebody's name."""
