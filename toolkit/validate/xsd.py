"""W3C XML Schema: a document and a schema give violations, by ``xmlschema``.

A second opinion beside RELAX NG, or the only one where a project has nothing else.
Compiling a schema as large as TEI's takes seconds, so the compiled schema is kept in
the user's cache (:mod:`toolkit.cache`). It is a pickle, which is code: the cache gives
only what nobody but the user can have written.

libxml2 is not asked first. It would be quicker once it has its schema, but it loads
TEI's in nine seconds (the pickle: half a second), and judged 7 of 714 documents with
random faults otherwise.

XML Schema 1.0 and 1.1, part 1 (structures) and part 2 (datatypes).
"""

from __future__ import annotations

import os
import pickle  # read from the user's own folder only, see Cache.read
import re
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from lxml import etree

from toolkit.cache import key, users
from toolkit.errors import ReadError, SchemaError
from toolkit.limits import MAX_SCHEMA
from toolkit.schema.regex import Regex
from toolkit.schema.regex_tree import RegexError
from toolkit.tei import TEI, line_of, local_name, parse, read_bytes
from toolkit.validate.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.cache import Cache
    from toolkit.catalog import Catalog
    from toolkit.tei import Element

_CODE: Final = "TEI150"
_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
#: Tags and attributes of one file: xmlschema needs a minute for so many.
_MOST_MARKUP: Final = 150_000
_REPLACED: Final = (f"{_XS}redefine", f"{_XS}override")
#: By which a schema says what version it needs (XML Schema 1.1, part 1, 4.2.2).
_NEEDED: Final = "{http://www.w3.org/2007/XMLSchema-versioning}minVersion"


class SchemaCheck:
    """A W3C schema, ready to check documents."""

    def __init__(
        self, path: Path, cache: Cache | None = None, catalog: Catalog | None = None
    ) -> None:
        """Load a schema, from the cache where it is there.

        Args:
            path: A ``.xsd`` file.
            cache: Where compiled schemas are kept; None: the user's cache.
            catalog: Says which file stands for an address in the schema.

        Raises:
            SchemaError: It cannot be used.
        """
        self._schema = _compiled(path, cache or users(), catalog)

    def violations(self, root: Element) -> Iterator[Violation]:
        """Yield what the schema finds wrong, in the order it is found."""
        for error in self._schema.iter_errors(root):
            child = getattr(error, "invalid_child", None)
            places = (child, error.elem, error.obj, root)
            element = next(one for one in places if isinstance(one, etree._Element))
            yield Violation(element, _CODE, _words(error, element))


def _words(error: Any, element: Element) -> str:
    """Return an error of xmlschema as one lower-case clause that names the markup."""
    parent = element.getparent()
    if element is getattr(error, "invalid_child", None) and parent is not None:
        tag, holder = local_name(element), local_name(parent)
        return f"<{tag}> is not allowed at this place in <{holder}>"
    reason = " ".join(str(error.reason or error.message).split()).rstrip(".")
    if reason == "assertion test is false":  # of XML Schema 1.1
        reason = f"this does not hold: {error.validator.path}"
    reason = reason.replace(TEI, "")
    reason = re.sub(r"\b(?:[Tt]ag|element) '([^']+)'", r"<\1>", reason)
    reason = re.sub(r"\battribute '?([\w:.-]+)'?", r"@\1", reason)
    return f"<{local_name(element)}>: {reason[:1].lower()}{reason[1:]}"


def _compiled(path: Path, cache: Cache, catalog: Catalog | None) -> Any:
    """Return the compiled schema: from the cache, or made and put there."""
    sources, listed = _sources(path, catalog)
    # By its files' content.
    name = f"xsd-{key(str(path.resolve()), str(listed), *sources)}.pickle"
    if (known := _unpickled(cache.read(name))) is not None:
        return known
    schema = _built(path, listed, newer=_needs_newer(sources[0], path))
    with suppress(pickle.PicklingError, RecursionError, TypeError):
        cache.write(name, pickle.dumps(schema))
    return schema


def _needs_newer(source: bytes, path: Path) -> bool:
    """Whether a schema says that it is written in XML Schema 1.1."""
    return parse(source, path).get(_NEEDED, "").strip() == "1.1"


def _built(path: Path, listed: dict[str, str], *, newer: bool) -> Any:
    """Compile a schema: as XML Schema 1.0, or as 1.1 where it says so or is only that.

    Raises:
        SchemaError: It cannot be used; what is wrong by the version that it is in.
    """
    import xmlschema  # takes 0.2 s, and most runs need no XSD

    versions = [xmlschema.XMLSchema11]
    if not newer:
        versions.insert(0, xmlschema.XMLSchema10)
    faults: list[SchemaError] = []
    for version in versions:
        try:
            with warnings.catch_warnings(action="ignore"):
                made = version(
                    str(path), allow="local", defuse="always", uri_mapper=listed
                )
        except RecursionError:
            faults.append(SchemaError(f"{path}: its parts are nested too deep"))
        except (xmlschema.XMLSchemaException, OSError, ValueError) as fault:
            faults.append(SchemaError(_fault(fault, path)))
        else:
            _bound_patterns(made)
            return made
    raise faults[0]


def _bound_patterns(schema: Any) -> None:
    """Let the patterns of a schema be matched in bounded time, and not by ``re``."""
    from xmlschema.validators import XsdPatternFacets

    for facet in schema.maps.iter_components():
        if isinstance(facet, XsdPatternFacets):
            sources = facet.regexps
            facet.patterns = [_Pattern(facet, Regex(one)) for one in sources]


class _Pattern:
    """A pattern in the place of one of ``re``."""

    def __init__(self, facet: Any, expression: Regex) -> None:
        self._facet, self._expression = facet, expression

    def match(self, string: str) -> bool | None:
        """Say whether a string matches; if not, None, as ``re`` does.

        Raises:
            XMLSchemaValidationError: That would take too long to find out.
        """
        from xmlschema import XMLSchemaValidationError

        try:
            return self._expression.matches(string) or None
        except RegexError as fault:
            reason = f"the value cannot be compared with the pattern: {fault}"
            raise XMLSchemaValidationError(self._facet, string, reason) from None


def _fault(fault: Any, path: Path) -> str:
    """Return why a schema cannot be used, with its line where it has one."""
    said = (str(fault).strip() or type(fault).__name__).splitlines()[0].rstrip(":")
    address = getattr(fault, "schema_url", None)
    file = Path(url2pathname(urlsplit(address).path)) if address else path
    shown = path if file == path.resolve() else file
    with suppress(ReadError, etree.XPathError, AttributeError):
        names = {name: uri for name, uri in fault.namespaces.items() if name}
        tree = parse(read_bytes(file), file).getroottree()
        found = tree.xpath(fault.path or "", namespaces=names)
        if isinstance(found, list) and found and isinstance(found[0], etree._Element):
            return f"{shown}:{line_of(found[0])}: {said}"
    return f"{shown}: {said}"


def _check_patterns(root: Element, path: Path) -> None:
    """Let pass patterns that can be matched.

    Raises:
        SchemaError: One is no regular expression, or is too large.
    """
    for element in root.iter(f"{_XS}pattern"):
        try:
            Regex(element.get("value", ""))
        except RegexError as fault:
            place = f"{path}:{line_of(element)}"
            raise SchemaError(f"{place}: the pattern cannot be used: {fault}") from None


def _unpickled(entry: bytes | None) -> Any:
    """Return a kept schema; None if there is none, or it cannot be used."""
    if entry is None:
        return None
    try:
        return pickle.loads(entry)  # noqa: S301 - the user's own file, see Cache.read
    except Exception:  # a broken pickle may raise anything; make it anew
        return None


def _sources(path: Path, catalog: Catalog | None) -> tuple[list[bytes], dict[str, str]]:
    """Return the bytes of a schema and of every local file that it includes.

    Returns:
        These; and the addresses that a catalog knows, with those of their files.

    Raises:
        SchemaError: The schema itself cannot be read.
    """
    sources: list[bytes] = []
    listed: dict[str, str] = {}
    waiting: list[Path] = [path]
    seen: set[str] = set()
    while waiting:
        here = waiting.pop()
        real = os.path.realpath(here)  # which knows what to do with links in a circle
        if real in seen:
            continue
        seen.add(real)
        try:
            source = read_bytes(here, MAX_SCHEMA)
            root = parse(source, here, _MOST_MARKUP)
        except ReadError as fault:
            if here is path:
                raise SchemaError(fault.message) from None
            continue  # xmlschema will say what it lacks
        _check_patterns(root, here)
        sources.append(source)
        for link in root.iter(f"{_XS}include", f"{_XS}import", *_REPLACED):
            place = link.get("schemaLocation", "")
            if place and "://" not in place:
                waiting.append(here.parent / place)
            elif catalog and (file := catalog.file(place)):
                listed[place] = file.as_uri()
                waiting.append(file)
    return sources, listed
