"""What the elements of HTML mean for the lines of a page."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEVELS = {f"h{level}": level for level in range(1, 7)}
LISTS = _names("menu ol ul")
CELLS = _names("td th")
JOINED = CELLS | {"dt"}
"""Parts of a line: where the next one begins, and not where this one ends, they come apart."""
LOOSE = _names("address center dd div dt li tr")
"""Blocks that a browser sets on lines of their own with no space between them."""
SPACED = _names(
    "article aside blockquote body caption details dialog dl fieldset figcaption figure footer"
    " header hgroup html legend main p pre section summary table tbody tfoot thead"
)
BLOCKS = LOOSE | SPACED | LISTS | CELLS | LEVELS.keys()
KEPT_IN_ITEM = _names("address article blockquote center div figure p section")
"""Blocks that inside a list item are parts of its one text."""
VOID = _names("area base br col embed hr img input link meta source track wbr")
UNSEEN = _names(
    "audio button canvas datalist form iframe nav noembed noframes noscript object script select"
    " style svg template textarea title video xmp"
)
"""What is no text of a page, though some of it is on the screen."""
CHROME = _names("aside footer header")
"""Parts of a site whose links are not the page's own."""
RAW = _names("iframe noembed noframes noscript script style textarea title xmp")
"""Elements whose content is no markup."""
CLOSED_BY_NEXT = {
    "li": (_names("li"), LISTS),
    "dt": (_names("dt dd"), _names("dl")),
    "dd": (_names("dt dd"), _names("dl")),
    "tr": (_names("tr"), _names("table")),
    "td": (CELLS, _names("table tr")),
    "th": (CELLS, _names("table tr")),
}
"""Elements that end where the next one begins, unless one of the second set stands between."""
