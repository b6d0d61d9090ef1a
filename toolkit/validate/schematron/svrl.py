"""Reports in SVRL: what other Schematron tools read.

A document and a schema give one XML file: the patterns that were active, the rules
that fired, what failed, each with an XPath that finds its node.

ISO/IEC 19757-3, annex D (Schematron Validation Report Language).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from toolkit.validate.schematron.rules import Answer, Fired, Undecided, fired

if TYPE_CHECKING:
    from toolkit.tei import Document, Element
    from toolkit.validate.schematron.model import Note, Rules
    from toolkit.validate.xpath.library import Library

SVRL_NS: Final = "http://purl.oclc.org/dsdl/svrl"
_SVRL: Final = f"{{{SVRL_NS}}}"
_NCNAME: Final = re.compile(r"[^\W\d][\w.-]*")
#: What XML cannot hold, such as a control character made by codepoints-to-string().
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svrl(document: Document, rules: Rules, library: Library | None = None) -> bytes:
    """Return the report of a document.

    What could not be decided has no place in SVRL; it stands in the texts before the
    patterns, so that nobody takes the report for complete.

    Args:
        document: The document.
        rules: A Schematron schema.
        library: The documents that rules may read; None: no others.

    Returns:
        A file in UTF-8.
    """
    root = etree.Element(f"{_SVRL}schematron-output", nsmap={"svrl": SVRL_NS})
    # The structure wants a name here, which "#ALL" is not.
    phase = "" if rules.phase.startswith("#") else _token(rules.phase)
    _set(root, title=rules.title, phase=phase, schemaVersion=rules.version)
    by_pattern: dict[int, list[Fired]] = {number: [] for number in rules.patterns}
    for event in fired(document.root, rules, document.path, library):
        if isinstance(event, Undecided):
            place = location(event.element)
            _text(root, f"{event.code} {place}: {event.message}")
        else:
            by_pattern[event.rule.pattern].append(event)
    for lack in rules.lacks:
        _text(root, f"TEI201 line {lack.line} of the schema: {lack.message}")
    for prefix, uri in rules.namespaces.items():
        declared = etree.SubElement(root, f"{_SVRL}ns-prefix-in-attribute-values")
        declared.set("prefix", _token(prefix))
        declared.set("uri", uri)
    for number, pattern in rules.patterns.items():
        active = etree.SubElement(root, f"{_SVRL}active-pattern")
        ident = pattern.ident if _NCNAME.fullmatch(pattern.ident) else ""
        _set(active, id=ident, name=pattern.title, role=pattern.role)
        for event in by_pattern[number]:
            _fired(root, event)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _fired(root: Element, event: Fired) -> None:
    rule = event.rule
    found = etree.SubElement(root, f"{_SVRL}fired-rule")
    ident = rule.ident if _NCNAME.fullmatch(rule.ident) else ""
    _set(found, id=ident)
    found.set("context", _plain(rule.context.expression.source))
    _set(found, role=rule.role, flag=rule.flag)
    for answer in event.answers:
        _answer(root, answer)


def _answer(root: Element, answer: Answer) -> None:
    check = answer.check
    name = "successful-report" if check.fails_if else "failed-assert"
    found = etree.SubElement(root, f"{_SVRL}{name}")
    _set(found, id=check.own_id if _NCNAME.fullmatch(check.own_id) else "")
    found.set("location", location(answer.item))
    found.set("test", _plain(check.test.source))
    _set(found, role=check.role, flag=check.flag)
    for note, text in answer.diagnostics:
        _text(_noted(found, "diagnostic", note), text)
    for note, text in answer.properties:
        referred = _noted(found, "property", note)
        _set(referred, scheme=note.scheme)
        _text(referred, text)
    _text(found, answer.message)


def _noted(found: Element, kind: str, note: Note) -> Element:
    referred = etree.SubElement(found, f"{_SVRL}{kind}-reference")
    referred.set(kind, _token(note.ident))
    _set(referred, role=note.role)
    return referred


def _set(element: Element, **attributes: str) -> None:
    """Set the attributes that have a value."""
    for name, value in attributes.items():
        if value:
            element.set(name, _plain(value))


def _text(parent: Element, words: str) -> None:
    etree.SubElement(parent, f"{_SVRL}text").text = _plain(words)


def _token(text: str) -> str:
    """Return a name token: what the structure wants of identifiers."""
    return re.sub(r"[^\w.:-]", "_", text) or "_"


def _plain(text: str) -> str:
    return _NOT_XML.sub("�", text)


def location(item: Any) -> str:
    """Return an XPath, 1.0 or later, without prefixes, that finds a node.

    Args:
        item: An element of lxml, or any node of elementpath's tree.
    """
    kind = getattr(item, "node_kind", "element")
    if kind == "document":
        return "/"
    if kind == "attribute":
        return f"{location(item.parent)}/@{_named(str(item.name))}"
    if kind == "element":
        element = item if isinstance(item, etree._Element) else item.value
        return "".join(
            f"/{_named(str(one.tag))}[{_place(one)}]"
            for one in [*reversed([*element.iterancestors()]), element]
        )
    test = "processing-instruction()" if kind.startswith("proc") else f"{kind}()"
    sisters = [one for one in item.parent.children or () if one.node_kind == kind]
    holder = location(item.parent).rstrip("/")
    return f"{holder}/{test}[{sisters.index(item) + 1}]"


def _named(expanded: str) -> str:
    """Return a name test; one in a namespace without using a prefix."""
    name = etree.QName(expanded)
    if not name.namespace:
        return name.localname
    quote = '"' if "'" in name.namespace else "'"
    return (
        f"*[local-name()='{name.localname}' and "
        f"namespace-uri()={quote}{name.namespace}{quote}]"
    )


def _place(element: Element) -> int:
    """Return which of its sisters of the same name an element is, from 1."""
    return 1 + sum(1 for _ in element.itersiblings(str(element.tag), preceding=True))
