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
_FACTS, _ANCHOR = 1, 2


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
        rule = self._rule(element) if part is None else self._part(part)
        return self.markup(self._element(rule, element))

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

    def filler(self, source: str, name: str) -> Callable[[Element], str]:
        """Return the function that fills a slot, escaped for the format."""
        if (source, name) == ("at", "common"):
            return self._common
        value = self.value(source, name)
        if not self.html:
            return value

        def escaped(element: Element) -> str:
            text = value(element)
            return str(escape(text)) if text else ""

        return escaped

    def may_have(self, element: Element, source: str, name: str) -> bool:
        """Whether elements of this one's shape may have a value for a name."""
        if source == "its":
            return element in self._facts
        if name == "common" and element in self._anchors:
            return True
        names = MADE_OF.get(name, (name,))
        return not set(names).isdisjoint(element.keys())

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

    def _element(self, rule: Rule | None, element: Element) -> str:
        """Return one element's rendering by a given rule, without its tail."""
        if rule is None:
            return ""
        out: list[str] = []
        closing = self._enter(rule, element, out)
        if closing is not None:
            out.append(self._content(element))
            out.append(closing)
        return "".join(out)

    def _enter(self, rule: Rule, element: Element, out: list[str]) -> str | None:
        """Put what stands before the content; return what follows it, or None.

        None: all is said, the content is not (or already) printed.
        """
        if rule.dynamic:
            self._run_alone(rule, element, out)
            return None
        key: object = rule.reading(element) if rule.reading is not None else None
        names = element.keys()
        state = _FACTS if rule.reads_facts and element in self._facts else 0
        if rule.reads_anchor and element in self._anchors:
            state += _ANCHOR
        memo = rule.bare
        if names or state:
            memo, key = rule.memo, (key, state, *names)
        skeleton = memo.get(key)
        if skeleton is None:
            skeleton = rule.skeleton(element)
            if skeleton is None:
                self._run_alone(rule, element, out)
                return None
            rule.keep(memo, key, skeleton)
        before = skeleton.before
        if skeleton.before_slots:
            before %= tuple([slot(element) for slot in skeleton.before_slots])
        out.append(before)
        if skeleton.skips:
            return None
        if skeleton.after_slots:
            return skeleton.after % tuple(
                [slot(element) for slot in skeleton.after_slots]
            )
        return skeleton.after

    def _run_alone(self, rule: Rule, element: Element, out: list[str]) -> None:
        """Run a template for this one element, with its real content."""
        inner = self.markup(self._content(element))
        out.append(self.run(rule, element, inner, kept=False))

    def _content(self, element: Element) -> str:
        """Walk what an element holds; the stack is ours, so depth costs nothing."""
        text_of = _escaped if self.html else _as_it_is
        out: list[str] = [text_of(element.text)]
        put, enter, rule_of = out.append, self._enter, self._rule
        stack: list[tuple[Iterator[Element], str]] = []
        children: Iterator[Element] = iter(element)
        after = ""
        while True:
            for child in children:
                rule = rule_of(child)
                closing = None if rule is None else enter(rule, child, out)
                tail = text_of(child.tail)
                if closing is None:
                    put(tail)
                    continue
                put(text_of(child.text))
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


def _rendered(element: Element) -> str:
    """``at.rendered``: a class name ``rend-x`` for each token of @rend."""
    tokens = element.get("rend", "").split()
    return "".join(f" rend-{token}" for token in tokens)


def _as_it_is(text: str | None) -> str:
    return text or ""


def _escaped(text: str | None) -> str:
    """Escape text for HTML and XML content; most text needs nothing."""
    if not text:
        return ""
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
