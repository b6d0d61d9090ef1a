"""Our values as the protocol's: places, suggestions, findings, mends.

Language Server Protocol 3.17.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from toolkit.findings import Severity
from toolkit.lsp.suggestion import Suggestion, SuggestionKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toolkit.lsp.diagnose import Diagnosis
    from toolkit.lsp.mend import Mend
    from toolkit.lsp.outline import Symbol
    from toolkit.lsp.places import Edit, Lines, Span

SOURCE: Final = "edition"
_KINDS: Final = {
    SuggestionKind.ELEMENT: types.CompletionItemKind.Class,
    SuggestionKind.END_TAG: types.CompletionItemKind.Operator,
    SuggestionKind.ATTRIBUTE: types.CompletionItemKind.Property,
    SuggestionKind.VALUE: types.CompletionItemKind.EnumMember,
    SuggestionKind.REFERENCE: types.CompletionItemKind.Reference,
    SuggestionKind.ENTITY: types.CompletionItemKind.Constant,
}
_ASK_AGAIN: Final = types.Command("suggest", "editor.action.triggerSuggest")
_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
}


def range_of(span: Span | Edit, lines: Lines) -> types.Range:
    """Return a span as the editor counts."""
    start, end = lines.position(span.start), lines.position(span.end)
    return types.Range(types.Position(*start), types.Position(*end))


def offset_of(position: types.Position, lines: Lines) -> int:
    """Return the offset of an editor's position."""
    return lines.offset(position.line, position.character)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an editor can do with a suggestion."""

    snippets: bool = False  #: it fills in snippets
    asks_again: bool = False  #: it knows VS Code's command that asks for suggestions

    @classmethod
    def of(cls, params: types.InitializeParams) -> Abilities:
        """Return what an editor says of itself."""
        document = params.capabilities.text_document
        completion = document.completion if document else None
        item = completion.completion_item if completion else None
        name = params.client_info.name if params.client_info else ""
        codes = name.startswith(("Visual Studio Code", "VSCodium"))
        return cls(bool(item and item.snippet_support), codes)


def completion_item(
    suggestion: Suggestion, order: int, lines: Lines, abilities: Abilities
) -> types.CompletionItem:
    """Return a suggestion.

    Args:
        suggestion: What may be typed.
        order: Its place in the list.
        lines: The document.
        abilities: What the editor can do with it.
    """
    snippets = abilities.snippets
    wants_value = suggestion.kind is SuggestionKind.ATTRIBUTE
    start, end = suggestion.start, suggestion.end
    span = types.Range(
        types.Position(*lines.position(start)), types.Position(*lines.position(end))
    )
    snippet = types.InsertTextFormat.Snippet
    return types.CompletionItem(
        label=suggestion.label,
        kind=_KINDS[suggestion.kind],
        detail=suggestion.detail or None,
        documentation=markdown(suggestion.documentation),
        sort_text=f"{order:05}",
        filter_text=suggestion.filter or None,
        preselect=(order == 0 and suggestion.required) or None,
        insert_text_format=snippet if snippets else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(
            span, suggestion.insert if snippets else suggestion.plain
        ),
        command=_ASK_AGAIN if wants_value and abilities.asks_again else None,
    )


def markdown(text: str) -> types.MarkupContent | None:
    """Return Markdown; None for no text."""
    return types.MarkupContent(types.MarkupKind.Markdown, text) if text else None


def diagnostic(diagnosis: Diagnosis, lines: Lines) -> types.Diagnostic:
    """Return a finding."""
    finding = diagnosis.finding
    return types.Diagnostic(
        range=range_of(diagnosis.span, lines),
        message=finding.message + (f"\n{finding.help}" if finding.help else ""),
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
    )


def text_edits(edits: Iterable[Edit], lines: Lines) -> list[types.TextEdit]:
    """Return edits of one document."""
    return [types.TextEdit(range_of(one, lines), one.new) for one in edits]


def code_action(
    mend: Mend, uri: str, lines: Lines, mended: types.Diagnostic
) -> types.CodeAction:
    """Return a mend of one diagnostic."""
    return types.CodeAction(
        title=mend.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[mended],
        is_preferred=mend.sure or None,
        edit=types.WorkspaceEdit(changes={uri: text_edits(mend.edits, lines)}),
    )


def symbols(outline: Sequence[Symbol], lines: Lines) -> list[types.DocumentSymbol]:
    """Return the outline of a document."""
    return [
        types.DocumentSymbol(
            name=one.name,
            detail=one.detail or None,
            kind=types.SymbolKind.Namespace
            if one.children
            else types.SymbolKind.Object,
            range=range_of(one.span, lines),
            selection_range=range_of(one.tag.name_span, lines),
            children=symbols(one.children, lines),
        )
        for one in outline
    ]
