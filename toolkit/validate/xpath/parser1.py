"""XPath 1 for rules; elementpath wants each parser in a module of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from elementpath import XPath1Parser

from toolkit.validate.xpath.functions import lend


class RuleParser(XPath1Parser):  # type: ignore[misc]  # elementpath is not typed here
    """XPath 1 with what rules need, and without what reads files."""

    # elementpath lets no path begin with a function or a bracket in XPath 1.
    PATH_STEP_LABELS: ClassVar[tuple[str, ...]] = ("axis", "function", "kind test")
    PATH_STEP_SYMBOLS: ClassVar[set[str]] = {*XPath1Parser.PATH_STEP_SYMBOLS, "("}

    tokenizer: Any

    def parse(self, source: str) -> Any:
        """Parse an expression, without trying what it gives, which may not end."""
        if self.tokenizer is None:
            self.tokenizer = self.create_tokenizer(self.symbol_table)
        return super(XPath1Parser, self).parse(source)

    @staticmethod
    def tracer(_trace_data: str) -> None:
        """Print nothing: standard output belongs to the findings."""


lend(RuleParser)
