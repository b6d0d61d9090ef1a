"""ODD to schemas: one file of specifications to RELAX NG, XSD, Schematron and pages.

The way through: :mod:`read` (file to specifications), :mod:`resolve` with
:mod:`inherit` (references followed, attributes inherited), :mod:`checks`, then one
writer for each output. Takes self-contained ODDs.

TEI: chapter TD, Documentation Elements.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from toolkit.errors import SchemaError
from toolkit.schema.odd.checks import check
from toolkit.schema.odd.exempla import Example, examples
from toolkit.schema.odd.read import read_odd
from toolkit.schema.odd.reference import reference
from toolkit.schema.odd.relaxng import relaxng
from toolkit.schema.odd.resolve import Schema, resolve
from toolkit.schema.odd.schematron import schematron
from toolkit.schema.odd.xsd import XML_XSD, xsd

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.findings import Finding
    from toolkit.schema.odd.faults import Faults
    from toolkit.schema.odd.model import Odd

__all__ = ["Example", "Schema", "check_odd", "compile_odd", "examples", "load_odd"]


def compile_odd(odd: Path) -> dict[str, bytes]:
    """Compile an ODD to everything that is made from it.

    The same file gives the same bytes, whenever and wherever it is compiled; the
    outputs carry the ODD's file name and no path.

    Args:
        odd: A self-contained ODD.

    Returns:
        File names relative to one folder, with ``/``, and their bytes: NAME.rng,
        NAME.xsd, xml.xsd (which the XSD imports), NAME.sch, where NAME is the ODD's
        file name without suffix, and the pages ``reference/…``.

    Raises:
        SchemaError: The ODD has errors; the message lists them with their lines.
    """
    try:
        return _compiled(odd)
    except RecursionError:
        raise SchemaError(f"{odd}: its content models are nested too deep") from None


def _compiled(odd: Path) -> dict[str, bytes]:
    specifications, faults = read_odd(odd)
    schema = _complete(specifications, faults)
    rules = schematron(schema, faults)
    faults.stop()
    name = odd.stem
    return {
        f"{name}.rng": relaxng(schema),
        f"{name}.xsd": xsd(schema),
        "xml.xsd": XML_XSD.encode(),
        f"{name}.sch": rules,
        **{f"reference/{page}": body for page, body in reference(schema).items()},
    }


def load_odd(odd: Path) -> Schema:
    """Read an ODD and follow its references.

    Raises:
        SchemaError: The ODD has errors; the message lists them with their lines.
    """
    specifications, faults = read_odd(odd)
    schema = _complete(specifications, faults)
    faults.stop()
    return schema


def check_odd(odd: Path) -> list[Finding]:
    """Return what is wrong in an ODD, and what is worth a look, by line.

    Raises:
        SchemaError: The file is not XML, or has no ``schemaSpec``.
    """
    specifications, faults = read_odd(odd)
    with suppress(SchemaError):  # its classes may contain themselves
        schematron(_complete(specifications, faults), faults)
    return sorted(set(faults.findings))


def _complete(specifications: Odd, faults: Faults) -> Schema:
    """Resolve and check; without errors in ``faults`` the schema can be written."""
    schema = resolve(specifications, faults)
    check(schema, faults)
    return schema
