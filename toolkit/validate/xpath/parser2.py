"""XPath 2 for rules; elementpath wants each parser in a module of its own."""

from __future__ import annotations

from typing import Any

from elementpath import XPath1Parser, XPath2Parser

from toolkit.validate.xpath.functions import lend


class RuleParser(XPath2Parser):  # type: ignore[misc]  # elementpath is not typed here
    """XPath 2 with what rules need, and without what reads files."""

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
