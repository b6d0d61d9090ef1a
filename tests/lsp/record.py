"""A session of an editor with the language server, recorded as text.

``python -m tests.lsp.record`` plays it on a document of this edition and writes it
into ``docs/language-server.md``; a test holds the page against it.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Final

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from toolkit.lsp.places import Lines

CHECKOUT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = CHECKOUT / "docs" / "language-server.md"
DOCUMENT: Final = CHECKOUT / "tei" / "d1969-06-09.xml"
_RECORD: Final = re.compile(
    r"(?<=<!-- recorded by tests/lsp/record.py -->\n).*?(?=<!-- end -->)", re.DOTALL
)
_ANCHOR: Final = "The foreign policy orientation"  #: where the session goes on
_SHOWN: Final = 6  #: suggestions of a list
_WIDTH: Final = 76


class Recorder:
    """An editor that writes down what it does and what it is told."""

    def __init__(self, client: LanguageClient, path: Path) -> None:
        """Open a document."""
        self.client, self.path, self.version = client, path, 1
        self.text = path.read_text(encoding="utf-8")
        self.uri = path.as_uri()
        self.document = types.TextDocumentIdentifier(self.uri)
        self.findings: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.lines: list[str] = []

        @client.feature(  # type: ignore[untyped-decorator]  # pygls leaves it open
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
        )
        def found(params: types.PublishDiagnosticsParams) -> None:
            self.findings.put_nowait(params)

        item = types.TextDocumentItem(self.uri, "xml", 1, self.text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def say(self, *lines: str) -> None:
        """Write lines down."""
        self.lines += [line.rstrip() for line in lines]

    def place(self, before: str) -> types.Position:
        """Return the position behind some words."""
        offset = self.text.index(before) + len(before)
        return types.Position(*Lines(self.text).position(offset))

    def row(self, place: types.Position) -> str:
        """Return a line with the cursor as ``▮``."""
        line = self.text.split("\n")[place.line]
        place_in_line = Lines(line).offset(0, place.character)
        shown = line[:place_in_line] + "▮" + line[place_in_line:]
        start = max(0, min(place_in_line - 40, len(shown) - _WIDTH))
        cut = shown[start : start + _WIDTH].strip()
        return f"{place.line + 1:5} | {cut}"

    def write(self, old: str, new: str) -> None:
        """Exchange some words for others."""
        start = self.text.index(old)
        lines = Lines(self.text)
        span = types.Range(
            types.Position(*lines.position(start)),
            types.Position(*lines.position(start + len(old))),
        )
        self.version += 1
        identifier = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        change = types.TextDocumentContentChangePartial(span, new)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(identifier, [change])
        )
        self.text = self.text[:start] + new + self.text[start + len(old) :]

    async def complete(self, before: str, typed: str = "") -> None:
        """Ask what may be typed behind some words.

        Args:
            before: The words.
            typed: What an editor shows those suggestions for that begin like it.
        """
        place = self.place(before)
        found = await self.client.text_document_completion_async(
            types.CompletionParams(self.document, place)
        )
        assert isinstance(found, types.CompletionList)
        fitting = [o for o in found.items if (o.filter_text or "").startswith(typed)]
        shown = f", shown for {typed}" if typed else ""
        self.say(self.row(place), "", f"completion: {len(found.items)}{shown}:")
        for one in fitting[:_SHOWN]:
            self.say(f"    {one.label:32} {one.detail or ''}"[:_WIDTH])
        first = fitting[0]
        assert isinstance(first.text_edit, types.TextEdit)
        self.say(f"the first one writes: {first.text_edit.new_text}", "")

    async def hover(self, before: str) -> None:
        """Ask what the thing behind some words means."""
        place = self.place(before)
        found = await self.client.text_document_hover_async(
            types.HoverParams(self.document, place)
        )
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        self.say(self.row(place), "", "hover:")
        self.say(*(f"    {line}" for line in found.contents.value.split("\n")), "")

    async def definition(self, before: str) -> None:
        """Ask where the thing behind some words stands."""
        place = self.place(before)
        found = await self.client.text_document_definition_async(
            types.DefinitionParams(self.document, place)
        )
        assert isinstance(found, types.Location)
        name = found.uri.rpartition("/")[2]
        self.say(f"go to definition: {name}, line {found.range.start.line + 1}", "")

    async def check(self) -> list[types.Diagnostic]:
        """Wait for the findings of what was typed."""
        while True:
            found = await self.findings.get()
            if found.version == self.version:
                break
        self.say(f"findings: {len(found.diagnostics)}")
        for one in found.diagnostics:
            lines = str(one.message).split("\n")
            self.say(f"    line {one.range.start.line + 1}: {one.code} {lines[0]}")
            self.say(*(f"        {line}" for line in lines[1:]))
        self.say("")
        return list(found.diagnostics)

    async def fixes(self, finding: types.Diagnostic) -> types.CodeAction:
        """Ask what would mend a finding; return the first mend."""
        context = types.CodeActionContext([finding])
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(self.document, finding.range, context)
        )
        actions = [one for one in found or () if isinstance(one, types.CodeAction)]
        self.say("quick fixes:")
        for one in actions:
            self.say(f"    {one.title}" + (" (preferred)" if one.is_preferred else ""))
        self.say("")
        return actions[0]

    def apply(self, action: types.CodeAction) -> None:
        """Make the edits of a mend."""
        assert action.edit is not None
        assert action.edit.changes is not None
        lines = Lines(self.text)
        for edit in reversed(action.edit.changes[self.uri]):
            start = lines.offset(edit.range.start.line, edit.range.start.character)
            end = lines.offset(edit.range.end.line, edit.range.end.character)
            self.text = self.text[:start] + edit.new_text + self.text[end:]
        self.version += 1
        identifier = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        change = types.TextDocumentContentChangeWholeDocument(self.text)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(identifier, [change])
        )
        self.say(f"taken: {action.title}", "")


async def _play(editor: Recorder) -> None:
    """Play the session."""
    editor.say(f"{editor.path.relative_to(CHECKOUT)} is opened", "")
    await editor.check()

    editor.say("An element is begun; the document is not well-formed now.", "")
    editor.write(_ANCHOR, f"{_ANCHOR} <pers")
    await editor.complete(f"{_ANCHOR} <pers", typed="<pers")
    await editor.check()

    editor.say("The suggestion is taken, and an attribute's value is wanted.", "")
    editor.write(
        f"{_ANCHOR} <pers", f'{_ANCHOR} <persName ref="">Kim Il Sung</persName>'
    )
    await editor.complete(f'{_ANCHOR} <persName ref="')

    editor.say("The last letter is left out.", "")
    editor.write('ref="">Kim', 'ref="persons.xml#kim-il-sun">Kim')
    await editor.hover('ref="persons.xml#kim-il-su')
    (finding,) = await editor.check()
    editor.apply(await editor.fixes(finding))
    await editor.hover(f'{_ANCHOR} <persName ref="persons.xml#kim')
    await editor.definition(f'{_ANCHOR} <persName ref="persons.xml#kim')
    await editor.check()

    editor.say("A slip in an element's name; then its attribute is missing.", "")
    editor.write(_ANCHOR, f"{_ANCHOR} <suplied>then</suplied>")
    (finding,) = await editor.check()
    editor.apply(await editor.fixes(finding))
    (finding,) = await editor.check()
    editor.apply(await editor.fixes(finding))
    await editor.hover(f"{_ANCHOR} <suppl")
    await editor.check()


async def record() -> str:
    """Play the session and return its record."""
    client = LanguageClient("recorder", "1")
    await client.start_io(sys.executable, "-m", "toolkit", "lsp")
    item = types.ClientCompletionItemOptions(snippet_support=True)
    document = types.TextDocumentClientCapabilities(
        completion=types.CompletionClientCapabilities(completion_item=item)
    )
    capabilities = types.ClientCapabilities(text_document=document)
    await client.initialize_async(types.InitializeParams(capabilities=capabilities))
    client.initialized(types.InitializedParams())
    editor = Recorder(client, DOCUMENT)
    await asyncio.wait_for(_play(editor), 120)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]
    text = "\n".join(editor.lines).strip()
    return re.sub(r"\n{3,}", "\n\n", text)


def recorded(page: str) -> str:
    """Return the record that a page holds."""
    found = _RECORD.search(page)
    return found[0].removeprefix("```text\n").removesuffix("\n```\n") if found else ""


def main() -> None:
    """Write the record into the page."""
    block = f"```text\n{asyncio.run(record())}\n```\n"
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_RECORD.sub(lambda _: block, page), encoding="utf-8")


if __name__ == "__main__":
    main()
