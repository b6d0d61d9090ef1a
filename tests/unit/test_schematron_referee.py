"""Random XPath 1 rules over random documents: libxslt finds the same as we do."""

from __future__ import annotations

import importlib
from random import Random
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

import pytest
from lxml import etree

from tests.unit.schemas import XSL, loaded, messages, schema
from toolkit.tei import TEI_NS
from toolkit.validate.schematron import rules

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element as Element

SVRL: Final = {"s": "http://purl.oclc.org/dsdl/svrl"}
NAMES: Final = ("p", "q", "div", "hi")
# Not following: libxml2 leaves out what an attribute's own element holds.
AXES: Final = (
    "child descendant parent ancestor following-sibling preceding-sibling preceding "
    "self ancestor-or-self"
).split()
VALUES: Final = ("1", "2", "x", "10", "", "a b")


class Maker:
    """Makes documents and expressions."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311

    def one(self, *choices: str) -> str:
        return self.random.choice(choices)

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    # -- documents -----------------------------------------------------------------

    def document(self) -> str:
        content = "".join(self.element(4) for _ in range(3))
        return f'<TEI xmlns="{TEI_NS}">{content}</TEI>'

    def element(self, depth: int) -> str:
        name = self.one(*NAMES)
        attributes = "".join(
            f' {key}="{self.one(*VALUES)}"'
            for key in ("n", "type")
            if self.chance(0.45)
        )
        content = "".join(
            self.one("x", " ", "12", "<!--c-->", "<?pi x?>")
            if not depth or self.chance(0.4)
            else self.element(depth - 1)
            for _ in range(self.random.randint(0, 3))
        )
        return f"<{name}{attributes}>{content}</{name}>"

    # -- expressions ---------------------------------------------------------------

    def name(self) -> str:
        return f"tei:{self.one(*NAMES)}"

    def path(self, depth: int = 2) -> str:
        if self.chance(0.35):
            return self.one("@n", "@type", "@*", ".", "..")
        axis = "" if self.chance(0.3) else f"{self.one(*AXES)}::"
        path = axis + self.one(self.name(), self.name(), "*", "node()" if axis else "*")
        if depth and self.chance(0.4):
            test = self.one("1", "2", "last()", "position()=1")
            path += f"[{self.truth(depth - 1) if self.chance(0.7) else test}]"
        if depth and self.chance(0.3):
            path += self.one("/", "//") + self.path(depth - 1)
        return f"//{path}" if self.chance(0.1) else path

    def string(self, depth: int = 1) -> str:
        if depth and self.chance(0.15):
            return f"concat({self.string(0)}, {self.string(0)})"
        form = self.one(
            "string({})",
            "normalize-space({})",
            f"substring({{}}, {self.one('1', '2')})",
            "local-name({})",
            "translate({}, '12', 'ab')",
            *("'1'", "'x'", "''", "'a b'"),
        )
        return form.format(self.path(depth)) if "{}" in form else form

    def number(self, depth: int = 1) -> str:
        if depth and self.chance(0.1):
            sign = self.one("+", "-", "*")
            return f"({self.number(0)} {sign} {self.number(0)})"
        form = self.one(
            "count({})", "string-length({})", "number({})", "sum({})", "0", "1", "10"
        )
        return form.format(self.path(depth)) if "{}" in form else form

    def truth(self, depth: int = 2) -> str:
        less, low = depth - 1, min(depth, 1)
        if depth and self.chance(0.2):
            if self.chance(0.4):
                return f"not({self.truth(less)})"
            return f"({self.truth(less)} {self.one('and', 'or')} {self.truth(less)})"
        sign, equal = self.one("=", "!=", "<", ">", "<=", ">="), self.one("=", "!=")
        form = self.one(
            *("{path}", "{path}", "{path} " + equal + " {string}"),
            "{path} " + sign + " {number}",
            "{number} " + sign + " {number}",
            "{path} = {path}",
            "contains({string}, {string})",
            "current()/@n = {path}",
            "$all = @n",
            "$own " + self.one("=", "<") + " {number}",
            "key('k', '1')/@type = @type",
            "count(key('k', @n)) > 1",
        )
        return form.format(
            path=self.path(depth), string=self.string(low), number=self.number(low)
        )

    # -- schemas -------------------------------------------------------------------

    def context(self) -> str:
        context = self.one(self.name(), self.name(), "tei:*", "*")
        if self.chance(0.35):
            context += f"[{self.truth(1)}]"
        if self.chance(0.3):
            context = f"{self.name()}{self.one('/', '//')}{context}"
        if self.chance(0.15):
            context += f" | {self.name()}"
        if self.chance(0.05):
            context = f"{self.name()}[{self.one('1', '2', 'last()')}]"
        return f"{self.name()}/@n" if self.chance(0.12) else context

    def value(self) -> str:
        return self.one(self.path(1), self.string(), self.number())

    def rule(self, number: int) -> str:
        own = self.one("count(.//tei:p)", "string-length(.)", "2")
        checks = "".join(
            f"<{kind} test={quoteattr(self.truth())}>m{number}{place} "
            f"<value-of select={quoteattr(self.value())}/></{kind}>"
            for place, kind in enumerate(self.random.choices(["assert", "report"], k=2))
        )
        return (
            f'<rule context={quoteattr(self.context())}><let name="own" value="{own}"/>'
            f"{checks}</rule>"
        )

    def schema(self) -> str:
        patterns = "".join(
            f"<pattern>{self.rule(n)}{self.rule(n + 1)}</pattern>" for n in (1, 3)
        )
        return (
            f'<xsl:key {XSL} name="k" match="tei:*[@n]" use="@n"/>'
            f'<let name="all" value="//tei:q/@n"/>{patterns}'
        )


def theirs(body: str, document: Element) -> list[str] | None:
    """Return what libxslt finds; None: it cannot read the rules."""
    isoschematron = importlib.import_module("lxml.isoschematron")  # has no stubs
    try:
        referee = isoschematron.Schematron(
            etree.fromstring(schema(body, "xslt")), store_report=True
        )
        referee.validate(document)
    except etree.LxmlError:
        return None
    report = referee.validation_report
    found = report.xpath("//s:text", namespaces=SVRL)
    return sorted(" ".join("".join(text.itertext()).split()) for text in found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100))
def test_libxslt_finds_the_same(tmp_path: Path, seed: int) -> None:
    maker, judged = Maker(seed), 0
    for _ in range(3):
        body = maker.schema()
        document = etree.fromstring(maker.document())
        expected = theirs(body, document)
        if expected is None:
            continue
        judged += 1
        found = loaded(tmp_path, body, "xslt")
        assert found.lacks == ()
        said = sorted(messages(list(rules.check(document, found))))
        assert said == expected, (body, etree.tostring(document))
    assert judged or seed
