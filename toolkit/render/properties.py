"""What a template may ask of its element's surroundings: ``el.name`` and its like.

The list is closed. Each is a pure function of the element, cheap, and becomes part
of the reading, so that a kept result is used only where it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.render.signs import NO_SIGN
from toolkit.tei import TEI, local_name

#: What stands in a ``choice``: as it is in the source, and as it is read.
AS_IT_STANDS: Final = frozenset(TEI + name for name in ("sic", "orig", "abbr", "am"))
AS_READ: Final = frozenset(TEI + name for name in ("corr", "reg", "expan", "ex"))
#: Of these only one is shown; whatever else stands in a ``choice``, always is.
_PARTS: Final = AS_IT_STANDS | AS_READ | {f"{TEI}unclear"}

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.render.signs import Key, Sign
    from toolkit.tei import Element

_DIVISIONS: Final = frozenset(f"{TEI}div{number}" for number in ("", *range(1, 8)))
Property = "Callable[[Element], object]"


def parent_name(element: Element) -> str:
    """``el.parent``: the local name of the parent, empty for the root."""
    parent = element.getparent()
    return "" if parent is None else local_name(parent)


def parent_type(element: Element) -> str:
    """``el.parent_type``: the parent's @type."""
    parent = element.getparent()
    return "" if parent is None else parent.get("type", "")


def level(element: Element) -> int:
    """``el.level``: how many ``div`` (or ``div1`` …) stand around it, at most 5."""
    depth = 0
    for ancestor in element.iterancestors():
        if ancestor.tag in _DIVISIONS:
            depth += 1
    return min(depth, 5)


def wordless(element: Element) -> bool:
    """``el.wordless``: it holds no text but white space."""
    return not any(text.strip() for text in element.itertext())


def first(element: Element) -> bool:
    """``el.first``: it has no element before it in its parent."""
    return element.getprevious() is None


def namespace(element: Element) -> str:
    """``el.namespace``: empty for TEI, else the namespace's name."""
    name = etree.QName(element).namespace or "none"
    return "" if f"{{{name}}}" == TEI else name


def labelled(element: Element) -> bool:
    """``el.labelled``: a ``list`` whose items have a ``label`` each."""
    return element.find(f"{TEI}label") is not None


def after_label(element: Element) -> bool:
    """``el.after_label``: the element before it is a ``label``."""
    before = element.getprevious()
    return before is not None and before.tag == f"{TEI}label"


def _has_text(parent: Element) -> bool:
    if (parent.text or "").strip():
        return True
    for child in parent:
        tail = child.tail
        if tail and not tail.isspace():
            return True
    return False


class Properties:
    """The properties of one rendering: those that need its key, view or caches."""

    def __init__(self, key: Key, view: str) -> None:
        self.key, self.view = key, view
        self._mixed: dict[Element, bool] = {}
        self._signed: tuple[Element | None, Sign | None] = (None, None)
        self.table: Final[dict[str, Callable[[Element], object]]] = {
            "after_label": after_label,
            "chosen": self.chosen,
            "close": self.close,
            "first": first,
            "inline": self.inline,
            "labelled": labelled,
            "level": level,
            "name": local_name,
            "namespace": namespace,
            "open": self.open,
            "parent": parent_name,
            "parent_type": parent_type,
            "signed": self.signed,
            "wordless": wordless,
        }

    def forget(self) -> None:
        """Drop what was kept about the elements of a former document."""
        self._mixed.clear()
        self._signed = (None, None)

    def _sign(self, element: Element) -> Sign | None:
        """Return an element's sign; looked up once, not for each of its sides."""
        if element is not self._signed[0]:
            self._signed = element, self.key.lookup(element, self.view)
        return self._signed[1]

    def open(self, element: Element) -> str:
        """``el.open``: the sign before its content."""
        return (self._sign(element) or NO_SIGN)[0]

    def close(self, element: Element) -> str:
        """``el.close``: the sign after its content."""
        return (self._sign(element) or NO_SIGN)[1]

    def signed(self, element: Element) -> bool:
        """``el.signed``: the key has an entry for it in this view."""
        return self._sign(element) is not None

    def chosen(self, element: Element) -> bool:
        """``el.chosen``: this view shows it; only a part of a ``choice`` may not be.

        Source: sic, orig, abbr, am, and what the key gives a sign, because the source
        prints it. Reading: corr, reg, expan, ex. A choice without such a part, such as
        one of several unclear readings, shows its first one.
        """
        choice = element.getparent()
        if choice is None or choice.tag != f"{TEI}choice":
            return True
        wanted = AS_READ if self.view == "reading" else AS_IT_STANDS
        if element.tag in wanted or element.tag not in _PARTS:
            return True
        if self.view == "source" and self.signed(element):
            return True
        parts = [child for child in choice if child.tag in _PARTS]
        return element is parts[0] and wanted.isdisjoint(part.tag for part in parts)

    def inline(self, element: Element) -> bool:
        """``el.inline``: its parent holds text of its own (mixed content)."""
        parent = element.getparent()
        if parent is None:
            return False
        known = self._mixed.get(parent)
        if known is None:
            known = self._mixed[parent] = _has_text(parent)
        return known
