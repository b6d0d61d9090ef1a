"""What findings are about and what rules ask about: the names in both.

Takes the message of a finding and the XPath of a rule and gives the elements and
attributes that they name, so that a fault can be told from its echo in a rule.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from toolkit.findings import Finding

_TAGS: Final = re.compile(r"<([^<>\s/]+)>")
_ATTRIBUTES: Final = re.compile(r"@([\w.-]+(?::[\w.-]+)?)")
_STRINGS: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
#: A name in XPath that is no attribute, variable, axis, prefix or function.
_STEPS: Final = re.compile(
    r"(?<![@$\w.-])(?<!@xml:)(?:[\w.-]+:(?!:))?([A-Za-z_][\w.-]*)(?![\w(:.-])"
)
_OWN: Final = re.compile(r"(?<![/:\w])@([\w.-]+(?::[\w.-]+)?)")
#: What reaches any element.
_WIDE: Final = re.compile(r"\*|//@|\bid\(|\bkey\(|node\(\)|element\(")
_PARENTS: Final = re.compile(r"\bparent::(?:[\w.-]+:)?([\w.-]+)")
_OF_IDS: Final = frozenset(("TEI304", "TEI305", "TEI306"))
_LOST: Final = frozenset(("TEI301", "TEI303"))
_PUT: Final = re.compile(r"put it into <([^<>\s/]+)>")


class About(NamedTuple):
    """What a finding names."""

    elements: frozenset[str]
    attributes: frozenset[str]


#: An id that some element, which is not known, should have.
ANY_ID: Final = About(frozenset("*"), frozenset(("xml:id",)))


class Asked(NamedTuple):
    """What a rule names."""

    around: frozenset[str]  #: elements in its context
    elements: frozenset[str]  #: elements in its test
    attributes: frozenset[str]  #: attributes in its test
    own: frozenset[str]  #: those of them that are its own element's
    wide: bool  #: whether its test reaches elements of any name
    parents: frozenset[str]  #: elements that it wants to be the parent


def about(finding: Finding) -> list[About]:
    """Return the elements and attributes that a finding names.

    A pointer that leads nowhere is also about the id of some other element.
    """
    elements = frozenset(_TAGS.findall(finding.message))
    attributes = frozenset(_ATTRIBUTES.findall(finding.message))
    if finding.code in _OF_IDS:
        return [About(elements, attributes | {"xml:id"})]
    if finding.code in _LOST:
        return [About(elements, attributes), ANY_ID]
    return [About(elements, attributes)]


def wrapper(finding: Finding) -> str:
    """Return the element that a finding says is missing around something."""
    found = _PUT.search(finding.help or "")
    return found[1] if found else ""


@cache
def asked(asks: tuple[str, str]) -> Asked:
    """Return what a rule names.

    Args:
        asks: Its context, and its test with the variables, as XPath.
    """
    context, test = (_STRINGS.sub("''", one) for one in asks)
    return Asked(
        frozenset(_STEPS.findall(context)),
        frozenset(_STEPS.findall(test)),
        frozenset(_ATTRIBUTES.findall(test)),
        frozenset(_OWN.findall(test)),
        bool(_WIDE.search(test)),
        frozenset(_PARENTS.findall(test)),
    )
