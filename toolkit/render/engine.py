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

from lxml import etree
from markupsafe import Markup, escape

from toolkit.render.library import LINE, PARAGRAPH
from toolkit.render.properties import Properties
from toolkit.render.rule import HOLE, MADE_OF, Rule
from toolkit.tei import TEI, XML_ID, XML_LANG, local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from toolkit.render.facts import Facts
    from toolkit.render.library import Library
    from toolkit.render.signs import Key
    from toolkit.tei import Element

RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur", "yi", "syr", "arc", "dv"})
_NONE: Final[Mapping[str, str]] = {}
_NO_FACTS: Final[Mapping[Element, Mapping[str, str]]] = {}
_FACTS: Final = "facts"


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
        self._facts: Mapping[Element, Mapping[str, str]] = _NO_FACTS
        self._anchors: Mapping[Element, str] = {}
        self._parts: dict[str, Rule] = {}
        self._rules: dict[Any, Rule | None] = {
            etree.Comment: None,
            etree.ProcessingInstruction: None,
            etree.Entity: None,
        }

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
        rule = None if part is None else self._part(part)
        return self.markup(self._element(element, rule))

    def content(self, element: Element, facts: Facts | None = None) -> Any:
        """Return the rendering of what an element holds, without itself."""
        self._know(facts)
        return self.markup(self._content(element))

    def _know(self, facts: Facts | None) -> None:
        """Take the facts of the document that is rendered from now on."""
        of = _NO_FACTS if facts is None else facts.of
        if of is not self._facts:
            self._facts = of
            self._anchors = {} if facts is None else facts.anchors
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
            of = self._facts.get(element)
            return "" if of is None else of.get(name, "")

        return fact

    def filler(self, source: str, name: str, like: Element) -> Callable[[Element], str]:
        """Return the function that fills a slot, escaped for the format.

        Args:
            source: ``at`` or ``its``.
            name: What is read there.
            like: An element of the shape of all those whose slot will be filled.
        """
        if (source, name) == ("at", "common"):
            nameless = {XML_ID, XML_LANG}.isdisjoint(like.keys())
            return self._anchor if nameless else self._common
        value = self.value(source, name)
        if not self.html:
            return value

        def filled(element: Element) -> str:
            text = value(element)
            return str(escape(text)) if text else ""

        return filled

    def may_have(self, element: Element, source: str, name: str) -> bool:
        """Whether elements of this one's shape may have a value for a name."""
        if source == "its":
            return element in self._facts
        if name == "common" and element in self._anchors:
            return True
        names = MADE_OF.get(name, (name,))
        return not set(names).isdisjoint(element.keys())

    def _anchor(self, element: Element) -> str:
        """``at.common`` of an element that has an anchor and nothing else."""
        return f' id="{self._anchors[element]}"'

    def _common(self, element: Element) -> str:
        """``at.common``: id, language and direction, as HTML attributes."""
        ident = element.get(XML_ID) or self._anchors.get(element)
        language = element.get(XML_LANG)
        text = f' id="{escape(ident)}"' if ident else ""
        if language:
            text += f' lang="{escape(language)}"'
            if language.split("-")[0] in RIGHT_TO_LEFT:
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
        mark = self._marks(rule) if kept else {}
        table = self.properties.table

        def read(source: str) -> Callable[[str], object]:
            def value_of(name: str) -> object:
                value = self.value(source, name)(element)
                if (source, name) not in mark:
                    return value
                if (source, name) in rule.tested and not value:
                    return ""
                return mark[source, name]

            return value_of

        return self.library.render(
            rule.template,
            {
                **self.settings,
                "el": _Reader(lambda name: table[name](element)),
                "at": _Reader(read("at")),
                "its": _Reader(read("its")),
                "content": content,
            },
        )

    def _marks(self, rule: Rule) -> dict[tuple[str, str], Any]:
        return {slot: self.markup(f"\x01{i}\x02") for i, slot in enumerate(rule.slots)}

    # Which rule

    def _part(self, name: str) -> Rule:
        if name not in self._parts:
            self._parts[name] = Rule(self, self.library.part(name))
        return self._parts[name]

    def _rule(self, element: Element) -> Rule | None:
        """Return an element's rule: ``name.type``, ``name``, the default.

        None for a comment and a processing instruction: only their tails are text.
        """
        try:
            rule = self._rules[element.tag]
        except KeyError:
            rule = self._rules[element.tag] = self._make_rule(element)
        if rule is not None and rule.by_type:
            return rule.by_type.get(element.get("type"), rule)
        return rule

    def _make_rule(self, element: Element) -> Rule:
        library, name = self.library, local_name(element)
        known = library.element_names
        if not str(element.tag).startswith(TEI) or name not in known:
            name = "_default"
        rule = Rule(self, library.element(name))
        rule.by_type = {
            other.removeprefix(f"{name}."): Rule(self, library.element(other))
            for other in known
            if other.startswith(f"{name}.")
        }
        return rule

    # The walk

    def _element(self, element: Element, rule: Rule | None = None) -> str:
        """Return one element's rendering, by a given rule or its own, without tail."""
        text = self._walk(iter((element,)), rule)
        tail = element.tail or ""
        return text.removesuffix(escaped(tail) if self.html else tail)

    def _content(self, element: Element) -> str:
        """Return the rendering of what an element holds."""
        text = element.text or ""
        return (escaped(text) if self.html else text) + self._walk(iter(element))

    def _walk(  # noqa: C901 - the hot loop: calls would cost more than lines
        self, children: Iterator[Element], special: Rule | None = None
    ) -> str:
        """Render elements and their tails; the stack is ours, so depth costs nothing.

        Args:
            children: The elements.
            special: A rule for the first of them in place of its own.
        """
        html, rules, rule_of = self.html, self._rules, self._rule
        facts, anchors = self._facts, self._anchors
        out: list[str] = []
        put = out.append
        stack: list[tuple[Iterator[Element], str]] = []
        after = ""
        while True:
            for child in children:
                tail = child.tail or ""
                if html and tail:
                    tail = escaped(tail)
                rule = special or rules.get(child.tag)
                special = None
                if rule is None or rule.by_type:
                    rule = rule_of(child)
                    if rule is None:
                        put(tail)
                        continue
                if rule.dynamic:
                    self._run_alone(rule, child, out)
                    put(tail)
                    continue
                key = None if rule.reading is None else rule.reading(child)
                names = child.keys() if rule.reads_attributes else ()
                state: object = None
                if rule.reads_facts and child in facts:
                    read = rule.facts_reading
                    state = (_FACTS,) if read is None else (_FACTS, read(child))
                anchored = rule.reads_anchor and child in anchors
                memo = rule.bare
                if names or state or anchored:
                    memo, key = rule.memo, (key, state, anchored, *names)
                skeleton = memo.get(key)
                if skeleton is None:
                    skeleton = rule.skeleton(child)
                    if skeleton is None:
                        self._run_alone(rule, child, out)
                        put(tail)
                        continue
                    rule.keep(memo, key, skeleton)
                slots = skeleton.before_slots
                if slots:
                    put(skeleton.before % tuple([slot(child) for slot in slots]))
                else:
                    put(skeleton.before)
                if skeleton.skips:
                    put(tail)
                    continue
                slots = skeleton.after_slots
                closing = skeleton.after
                if slots:
                    closing %= tuple([slot(child) for slot in slots])
                text = child.text
                if text:
                    put(escaped(text) if html else text)
                if len(child):
                    stack.append((children, after))
                    children, after = iter(child), closing + tail
                    break
                put(closing + tail)
            else:
                put(after)
                if not stack:
                    return "".join(out)
                children, after = stack.pop()

    def _run_alone(self, rule: Rule, element: Element, out: list[str]) -> None:
        """Run a template for this one element, with its real content."""
        inner = self.markup(self._content(element))
        out.append(self.run(rule, element, inner, kept=False))


def _rendered(element: Element) -> str:
    """``at.rendered``: a class name ``rend-x`` for each token of @rend."""
    tokens = element.get("rend", "").split()
    return "".join(f" rend-{token}" for token in tokens)


def escaped(text: str) -> str:
    """Escape text for HTML and XML content; most text needs nothing."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


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
