"""Of which kind a schema file is: by its name, else by its outermost element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.errors import ReadError, SchemaError
from toolkit.tei import TEI_NS, parse, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

#: The kinds, named by the usual suffix.
KINDS: Final = (".rng", ".rnc", ".xsd", ".sch", ".odd")
_OTHERS: Final = {".schematron": ".sch", ".isosch": ".sch"}
_NAMESPACES: Final = {
    "http://relaxng.org/ns/structure/1.0": ".rng",
    "http://purl.oclc.org/dsdl/schematron": ".sch",
    "http://www.w3.org/2001/XMLSchema": ".xsd",
    TEI_NS: ".odd",
}


def kind_of(path: Path) -> str:
    """Return the kind of a schema: one of ``KINDS``.

    Raises:
        SchemaError: It is of none of them.
    """
    suffix = path.suffix.lower()
    if suffix in KINDS:
        return suffix
    if suffix in _OTHERS:
        return _OTHERS[suffix]
    if suffix in {"", ".xml", ".tei"}:
        try:
            root = parse(read_bytes(path), path)
        except ReadError as fault:
            raise SchemaError(fault.message) from None
        ns = str(root.tag)[1:].partition("}")[0]
        if ns in _NAMESPACES:
            return _NAMESPACES[ns]
    raise SchemaError(
        f"{path}: {path.suffix or 'no suffix'} is no schema this program "
        f"knows; known: {', '.join(KINDS)}"
    )
