"""The rendering engine: one walk over the tree, one template per element.

A rule (template) is a pure function of what it reads. So it is run once for each
distinct reading, with a hole for the content and slots for what it only prints,
and the result, a *skeleton*, is kept. The walk then only joins strings. The
unmemoised engine runs every template for every element; its output is byte for
byte the same and it is the tests' oracle.

The walk is iterative: its cost is linear, and depth of nesting costs no stack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from toolkit.render.direction import direction
from toolkit.render.library import LINE, PARAGRAPH
from toolkit.render.properties import Properties
from toolkit.render.rule import HOLE, MADE_OF, Rule, Skeleton
from toolkit.tei import TEI, XML_ID, XML_LANG

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from toolkit.render.facts import Facts
    from toolkit.render.library import Library
    from toolkit.render.rule import Filler
    from toolkit.render.signs import Key
    from toolkit.tei import Element

    Chooser = Callable[[Element], Skeleton]

_NONE: Final[Mapping[str, str]] = {}
_NO_FACTS: Final[Mapping[Element, Mapping[str, str]]] = {}


class _Reader:
    """What a template sees as ``at``, ``its`` or ``el``: names looked up on demand."""

    __slots__ = ("_value_of",)

    def __init__(self, value_of: Callable[[str], object]) -> None:
        self._value_of = value_of

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._value_of(name)

    def __getitem__(self, name: str) -> object:
        return self._value_of(name)


class Renderer:
    """Renders TEI elements to one format in one view."""

    def __init__(
        self,
        library: Library,
        key: Key,
        view: str,
        *,
        memoise: bool = True,
        settings: Mapping[str, object] = _NONE,
    ) -> None:
        """Set up a renderer; templates are compiled when first met.

        Args:
            library: The templates of a format.
            key: The key of editorial signs.
            view: ``"reading"`` or ``"source"``.
            memoise: False runs every template for every element (the oracle).
            settings: Further constant values that templates see.
        """
        self.library, self.key, self.view = library, key, view
        self.memoise = memoise
        self.html = library.format == "html"
        self.properties = Properties(key, view)
        self.settings = {"view": view, **settings}
        self.hole = self.markup(HOLE)
        self.facts: Mapping[Element, Mapping[str, str]] = _NO_FACTS
        self.anchors: Mapping[Element, str] = {}
        self._escape = escaped if self.html else _as_it_is
        self._parts: dict[str, Chooser] = {}
        self._choosers = _Choosers(self._chooser)

    def render(
        self,
        element: Element,
        facts: Facts | None = None,
        *,
        part: str | None = None,
    ) -> Any:
        """Return an element's rendering.

        Args:
            element: Any element of a TEI tree.
            facts: What the edition knows of the document's elements: ``its``.
            part: The name of a template in ``parts/`` to use for this one element
                instead of its own, such as ``note``.

        Returns:
            Markup for HTML, plain text otherwise (with the format's own marks:
            see :func:`finish`).

        Raises:
            TemplateError: A template fails; its file and line are named.
        """
        self._know(facts)
        choose = self._choosers[element.tag] if part is None else self._part(part)
        return self.markup(self._whole(element, choose))

    def content(self, element: Element, facts: Facts | None = None) -> Any:
        """Return the rendering of what an element holds, without itself."""
        self._know(facts)
        return self.markup(self.inside(element))

    def _know(self, facts: Facts | None) -> None:
        """Take the facts of the document that is rendered from now on."""
        of = _NO_FACTS if facts is None else facts.of
        if of is not self.facts:
            self.facts = of
            self.anchors = {} if facts is None else facts.anchors
            self.properties.forget()

    # What a template reads

    def value(self, source: str, name: str) -> Callable[[Element], str]:
        """Return the function that reads ``at.name`` or ``its.name``."""
        if source == "at":
            if name == "common":
                return lambda element: self.markup(self._common(element))
            if name == "rendered":
                return _rendered
            attribute = MADE_OF[name][0] if name in MADE_OF else name
            return lambda element: element.get(attribute, "")

        def fact(element: Element) -> str:
            of = self.facts.get(element)
            return "" if of is None else of.get(name, "")

        return fact

    def filler(self, source: str, name: str, like: Element) -> tuple[str, Filler, str]:
        """Return how a slot is filled: text, what varies, text; all escaped.

        Args:
            source: ``at`` or ``its``.
            name: What is read there.
            like: An element of the reading of all those whose slot will be filled.
        """
        if (source, name) == ("at", "common"):
            if {XML_ID, XML_LANG}.isdisjoint(like.keys()):
                return ' id="', lambda element: self.anchors[element], '"'
            return "", self._common, ""
        value = self.value(source, name)
        if not self.html:
            return "", value, ""

        def filled(element: Element) -> str:
            text = value(element)
            return str(escape(text)) if _MARKUP.search(text) else text

        return "", filled, ""

    def may_have(self, element: Element, source: str, name: str) -> bool:
        """Whether elements of this one's shape may have a value for a name."""
        if source == "its":
            return element in self.facts
        if name == "common" and element in self.anchors:
            return True
        names = MADE_OF.get(name, (name,))
        return not set(names).isdisjoint(element.keys())

    def _common(self, element: Element) -> str:
        """``at.common``: id, language and direction, as HTML attributes."""
        ident = element.get(XML_ID) or self.anchors.get(element)
        language = element.get(XML_LANG)
        text = f' id="{escape(ident)}"' if ident else ""
        if language:
            text += f' lang="{escape(language)}"'
            if direction(language):
                text += ' dir="rtl"'
        return text

    def markup(self, text: str) -> Any:
        """Return rendered text as what Jinja will not escape again."""
        return Markup(text) if self.html else text  # noqa: S704 - made by templates

    def run(self, rule: Rule, element: Element, content: Any, *, kept: bool) -> str:
        """Run a rule's template for an element.

        Args:
            rule: The rule.
            element: The element.
            content: Its rendered content, or the mark that holds its place.
            kept: Print marks in the place of slots, because the result is kept.
        """
        mark = rule.marks if kept else {}
        table = self.properties.table

        def read(source: str) -> Callable[[str], object]:
            def value_of(name: str) -> object:
                value = self.value(source, name)(element)
                if (source, name) not in mark:
                    return value
                if (source, name) in rule.tested and not value:
                    return ""
                return self.markup(mark[source, name])

            return value_of

        return self.library.render(
            rule.template.compiled,
            {
                **self.settings,
                "el": _Reader(lambda name: table[name](element)),
                "at": _Reader(read("at")),
                "its": _Reader(read("its")),
                "content": content,
            },
        )

    # Which rule

    def _part(self, name: str) -> Chooser:
        if name not in self._parts:
            self._parts[name] = Rule(self, self.library.part(name)).skeleton
        return self._parts[name]

    def _chooser(self, tag: str) -> Chooser:
        """Return what gives skeletons for a tag: ``name.type``, ``name``, the default.

        Args:
            tag: An element's name, ``{namespace}name``.
        """
        library, known = self.library, self.library.element_names
        name = tag.removeprefix(TEI) if tag.startswith(TEI) else ""
        if name not in known:
            name = "_default"
        plain = Rule(self, library.element(name)).skeleton
        by_type = {
            other.removeprefix(f"{name}."): Rule(self, library.element(other)).skeleton
            for other in known
            if other.startswith(f"{name}.")
        }
        if not by_type:
            return plain
        return lambda element: by_type.get(element.get("type", ""), plain)(element)

    # The walk

    def _whole(self, element: Element, choose: Chooser) -> str:
        """Return one element's rendering, without its tail."""
        skeleton = choose(element)
        before, after = skeleton.fill(element) if skeleton.fill else skeleton.text
        return before if skeleton.skips else before + self.inside(element) + after

    def inside(self, element: Element) -> str:
        """Return the rendering of what an element holds.

        The stack of open elements is ours, so depth of nesting costs nothing.
        """
        choosers, escape = self._choosers, self._escape
        out = [escape(element.text or "")]
        put = out.append
        around: list[tuple[int, str]] = []
        # How many children of the open element are still to come, and what ends it.
        left, ending = len(element), ""
        descendants = element.iterdescendants()
        for child in descendants:
            while not left:
                put(ending)
                left, ending = around.pop()
            left -= 1
            skeleton = choosers[child.tag](child)
            fill = skeleton.fill
            before, after = fill(child) if fill else skeleton.text
            put(before)
            tail = child.tail
            if tail:
                after += tail if tail.isspace() else escape(tail)
            if skeleton.skips:
                for _ in child.iterdescendants():
                    next(descendants)
                put(after)
                continue
            text = child.text
            if text:
                put(escape(text))
            inside = len(child)
            if inside:
                around.append((left, ending))
                left, ending = inside, after
            else:
                put(after)
        put(ending)
        while around:
            put(around.pop()[1])
        return "".join(out)


class _Choosers(dict[Any, "Chooser"]):
    """For each tag what gives skeletons for its elements; made when first met.

    Comments and processing instructions are nothing: only their tails are text.
    """

    def __init__(self, make: Callable[[str], Chooser]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, tag: object) -> Chooser:
        found = self.make(tag) if isinstance(tag, str) else _nothing
        self[tag] = found
        return found


_NOTHING: Final = Skeleton(("", ""), skips=True)


def _nothing(_element: Element) -> Skeleton:
    return _NOTHING


def _rendered(element: Element) -> str:
    """``at.rendered``: a class name ``rend-x`` for each token of @rend."""
    tokens = element.get("rend", "").split()
    return "".join(f" rend-{token}" for token in tokens)


def _as_it_is(text: str) -> str:
    return text


def escaped(text: str) -> str:
    """Escape text for HTML and XML content; most text needs nothing."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


_MARKUP: Final = re.compile("[&<>\"']")
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_BREAKS: Final = re.compile(f" *([{PARAGRAPH}{LINE}][ {PARAGRAPH}{LINE}]*)")


def finish(text: str) -> str:
    """Turn the text format's marks into line ends and blank lines.

    White space of the source runs together to one blank; a run of marks is a blank
    line if a paragraph mark is among them, else one line end.
    """
    text = _SPACE.sub(" ", text)
    text = _BREAKS.sub(lambda m: "\n\n" if PARAGRAPH in m[1] else "\n", text)
    return text.strip("\n ") + "\n"
