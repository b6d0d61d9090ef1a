"""Writing generated elements as XML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from toolkit.schema.nameclass import split

_XML: Final = "http://www.w3.org/XML/1998/namespace"


@dataclass(eq=False, slots=True)
class Written:
    """An element to be written."""

    name: str  #: ``{namespace}local``
    attributes: dict[str, str]
    content: list[Written | str] = field(default_factory=list)


def serialise(root: Written) -> bytes:
    """Return an element as a document in UTF-8.

    Elements use the default namespace, declared where it changes; attributes of a
    namespace get prefixes where they stand. No white space is added.
    """
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    stack: list[tuple[Written | str, str]] = [(root, "")]
    while stack:
        one, default = stack.pop()
        if isinstance(one, str):
            out.append(one)
            continue
        ns, local = split(one.name)
        out.append(f"<{local}{_attributes(one, ns, default)}")
        if not one.content:
            out.append("/>")
            continue
        out.append(">")
        stack.append((f"</{local}>", ""))
        stack += [
            (escape(child) if isinstance(child, str) else child, ns)
            for child in reversed(one.content)
        ]
    return ("".join(out) + "\n").encode()


def _attributes(element: Written, ns: str, default: str) -> str:
    written = f" xmlns={quoteattr(ns)}" if ns != default else ""
    prefixes = {_XML: "xml"}
    for name, value in element.attributes.items():
        uri, local = split(name)
        if uri and uri not in prefixes:
            prefixes[uri] = f"ns{len(prefixes)}"
            written += f" xmlns:{prefixes[uri]}={quoteattr(uri)}"
        prefix = f"{prefixes[uri]}:" if uri else ""
        entities = {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
        written += f" {prefix}{local}={quoteattr(value, entities)}"
    return written
