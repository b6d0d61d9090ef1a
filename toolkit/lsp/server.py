"""The language server: what an editor may ask, and who answers; pygls does the talking.

Language Server Protocol 3.17.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from toolkit.lsp import protocol
from toolkit.lsp.complete import complete
from toolkit.lsp.hover import hover
from toolkit.lsp.navigate import (
    definition,
    find_references,
    renamable,
    rename,
    specification,
)
from toolkit.lsp.outline import outline
from toolkit.lsp.places import Lines
from toolkit.lsp.session import EditionServer, path_of
from toolkit.lsp.values import MOST

if TYPE_CHECKING:
    from pathlib import Path

_TRIGGERS: Final = ["<", "/", " ", '"', "'", "=", "&", "#"]


def make_server(folder: Path | None) -> EditionServer:
    """Return a server that answers, not yet started.

    Args:
        folder: The edition; None: each document's own.
    """
    server = EditionServer(folder)
    _register_documents(server)
    _register_answers(server)
    _register_navigation(server)
    _register_renaming(server)
    return server


def _register_documents(server: EditionServer) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.abilities = protocol.Abilities.of(params)

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching is None or not watching.dynamic_registration:
            return
        patterns = ["**/*.xml", "**/edition.toml", "**/*.{rng,rnc,sch,odd}"]
        watchers = [types.FileSystemWatcher(one) for one in patterns]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        server.client_register_capability(
            types.RegistrationParams([types.Registration("files", method, options)])
        )

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.begin(document.uri, document.text, document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        server.change(document.uri, list(params.content_changes), document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.finish(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.files_changed([path_of(params.text_document.uri)])

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: types.DidChangeWatchedFilesParams) -> None:
        server.files_changed([path_of(one.uri) for one in params.changes])


def _register_answers(server: EditionServer) -> None:
    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=_TRIGGERS),
    )
    def completion(params: types.CompletionParams) -> types.CompletionList | None:
        place = server.at(params.text_document.uri, params.position)
        if place is None:
            return None
        desk, offset, lines = place
        typed = (params.context.trigger_character or "") if params.context else ""
        found = complete(desk, offset, typed)
        items = [
            protocol.completion_item(one, order, lines, server.abilities)
            for order, one in enumerate(found)
        ]
        return types.CompletionList(is_incomplete=len(items) >= MOST, items=items)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        place = server.at(params.text_document.uri, params.position)
        found = hover(place[0], place[1]) if place else None
        if place is None or found is None:
            return None
        contents = types.MarkupContent(types.MarkupKind.Markdown, found.markdown)
        return types.Hover(contents, protocol.range_of(found.span, place[2]))

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    )
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        return server.actions(
            params.text_document.uri, list(params.context.diagnostics)
        )

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        place = server.at(params.text_document.uri, types.Position(0, 0))
        return protocol.symbols(outline(place[0].facts), place[2]) if place else []


def _register_navigation(server: EditionServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> types.Location | None:
        place = server.at(params.text_document.uri, params.position)
        if place is None:
            return None
        desk, offset, _ = place
        if found := definition(desk, offset):
            return server.location(desk, found)
        if specified := specification(desk, offset):
            start = types.Position(specified[1] - 1, 0)
            return types.Location(server.uri(specified[0]), types.Range(start, start))
        return None

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def references(params: types.ReferenceParams) -> list[types.Location]:
        place = server.at(params.text_document.uri, params.position)
        if place is None:
            return []
        desk, offset, _ = place
        declaration = params.context.include_declaration
        found = find_references(desk, offset, declaration=declaration)
        return [server.location(desk, one) for one in found]


def _register_renaming(server: EditionServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def preparing(params: types.PrepareRenameParams) -> types.Range | None:
        place = server.at(params.text_document.uri, params.position)
        found = renamable(place[0], place[1]) if place else None
        return protocol.range_of(found, place[2]) if place and found else None

    @server.feature(
        types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True)
    )
    def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        place = server.at(params.text_document.uri, params.position)
        if place is None:
            return None
        desk, offset, _ = place
        renaming = rename(desk, offset, params.new_name)
        if renaming.refusal:
            raise JsonRpcInvalidParams(renaming.refusal)
        files = desk.edition.files
        return types.WorkspaceEdit(
            changes={
                server.uri(path): protocol.text_edits(
                    edits, Lines(files[path].text, server.unit)
                )
                for path, edits in renaming.edits.items()
            }
        )


def serve(folder: Path | None) -> None:
    """Serve an editor on standard input and output until it takes its leave.

    Args:
        folder: The edition; None: each document's own.
    """
    make_server(folder).start_io()
