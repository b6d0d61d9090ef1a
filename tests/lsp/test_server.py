"""The language server, asked by a real client over its standard input and output."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator  # noqa: TC003 - pytest-lsp reads the hints
from typing import TYPE_CHECKING

import pytest
import pytest_lsp
from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

HEADER = (
    "<teiHeader><fileDesc><titleStmt><title>t</title></titleStmt>"
    "<publicationStmt><p>p</p></publicationStmt><sourceDesc><p>s</p></sourceDesc>"
    "</fileDesc></teiHeader>"
)
LETTER = f"""\
<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="letter">{HEADER}
<text><body>
<p>\U0001d504 <persname ref="persons.xml#kim">Kim</persname> spoke.</p>
<p>Another <persName ref="persons.xml#kim">Kim</persName> came.</p>
</body></text></TEI>
"""
PERSONS = f"""\
<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="persons">{HEADER}
<standOff><listPerson>
<person xml:id="kim"><persName type="preferred">Kim Il Sung</persName><note>Prime \
minister.</note></person>
</listPerson></standOff></TEI>
"""


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A letter in an edition that has a register."""
    (tmp_path / "tei").mkdir()
    (tmp_path / "edition.toml").write_text('title = "Test"\n')
    (tmp_path / "tei" / "persons.xml").write_text(PERSONS, encoding="utf-8")
    path = tmp_path / "tei" / "letter.xml"
    path.write_text(LETTER, encoding="utf-8")
    return path


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]  # pytest-lsp leaves it open
    scope="module",
    config=ClientServerConfig(server_command=[sys.executable, "-m", "toolkit", "lsp"]),
)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """An editor that has just started the server."""

    @lsp_client.feature(  # type: ignore[untyped-decorator]  # pygls leaves it open
        types.CLIENT_REGISTER_CAPABILITY
    )
    def registered(_: types.RegistrationParams) -> None:
        """An editor that watches files says yes."""

    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=client_capabilities("visual-studio-code"))
    )
    yield
    await lsp_client.shutdown_session()


class Editor:
    """One document in the editor."""

    def __init__(self, client: LanguageClient, path: Path, text: str) -> None:
        self.client, self.path, self.text, self.version = client, path, text, 1
        self.uri = str(uris.from_fs_path(str(path)))
        self.document = types.TextDocumentIdentifier(self.uri)
        item = types.TextDocumentItem(self.uri, "xml", 1, text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def place(self, before: str) -> types.Position:
        """Return the position behind some words, in UTF-16 units."""
        head = self.text[: self.text.index(before) + len(before)]
        line = head[head.rfind("\n") + 1 :]
        return types.Position(head.count("\n"), len(line.encode("utf-16-le")) // 2)

    def type(self, before: str, typed: str) -> types.Position:
        """Type something behind some words; return where the cursor is then."""
        place = self.place(before)
        self.version += 1
        self.forget()
        identifier = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        change = types.TextDocumentContentChangePartial(
            types.Range(place, place), typed
        )
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(identifier, [change])
        )
        self.text = self.text.replace(before, before + typed, 1)
        return self.place(before + typed)

    def forget(self) -> None:
        """Forget the findings, so that those that come are new ones."""
        self.client.diagnostics.pop(self.uri, None)

    async def diagnostics(self) -> list[types.Diagnostic]:
        """Return the findings that come next."""
        async with asyncio.timeout(60):
            while self.uri not in self.client.diagnostics:
                await asyncio.sleep(0.02)
        return list(self.client.diagnostics[self.uri])

    async def complete(self, place: types.Position) -> dict[str, types.CompletionItem]:
        """Return what is suggested at a place."""
        found = await self.client.text_document_completion_async(
            types.CompletionParams(self.document, place)
        )
        assert isinstance(found, types.CompletionList)
        return {one.label: one for one in found.items}


def words(edit: types.TextEdit, text: str) -> str:
    """Return the words of a text that an edit replaces; of one line without astrals."""
    line = text.splitlines()[edit.range.start.line]
    return line[edit.range.start.character : edit.range.end.character]


@pytest.mark.asyncio(loop_scope="module")
async def test_findings_come_while_one_types(
    client: LanguageClient, letter: Path
) -> None:
    editor = Editor(client, letter, LETTER)
    found = {one.code: one for one in await editor.diagnostics()}
    unknown = found["TEI101"]
    assert unknown.source == "edition"
    assert "write <persName>" in unknown.message
    # <p>, the astral letter (two units), a blank
    assert unknown.range == types.Range(types.Position(2, 6), types.Position(2, 15))
    editor.type("came.", "<hi>")
    (broken,) = await editor.diagnostics()
    assert broken.code == "XML002"
    assert "persName" in await editor.complete(editor.place("Another "))


@pytest.mark.asyncio(loop_scope="module")
async def test_completion_knows_elements_attributes_and_values(
    client: LanguageClient, letter: Path
) -> None:
    editor = Editor(client, letter, LETTER)
    elements = await editor.complete(editor.type("spoke.", " <per"))
    person = elements["persName"]
    assert person.detail == "personal name"
    assert isinstance(person.text_edit, types.TextEdit)
    assert person.text_edit.new_text == "<persName>$0</persName>"
    assert person.insert_text_format is types.InsertTextFormat.Snippet
    assert "div" not in elements
    assert "type" in await editor.complete(editor.type(" <per", "sName "))
    values = await editor.complete(editor.type("sName ", 'ref="'))
    assert values["persons.xml#kim"].detail == "Kim Il Sung"


@pytest.mark.asyncio(loop_scope="module")
async def test_hover_names_the_person(client: LanguageClient, letter: Path) -> None:
    editor = Editor(client, letter, LETTER)
    found = await client.text_document_hover_async(
        types.HoverParams(editor.document, editor.place('<persName ref="persons'))
    )
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert found.contents.value.startswith("**Kim Il Sung** `<person>`")


@pytest.mark.asyncio(loop_scope="module")
async def test_definition_and_references_cross_files(
    client: LanguageClient, letter: Path
) -> None:
    editor = Editor(client, letter, LETTER)
    place = editor.place('<persName ref="persons')
    found = await client.text_document_definition_async(
        types.DefinitionParams(editor.document, place)
    )
    assert isinstance(found, types.Location)
    assert found.uri.endswith("/persons.xml")
    assert found.range.start == types.Position(2, 1)
    references = await client.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(True), editor.document, place)
    )
    assert references is not None
    assert sorted(one.uri.rpartition("/")[2] for one in references) == [
        "letter.xml",
        "letter.xml",
        "persons.xml",
    ]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_rename_changes_all_files(client: LanguageClient, letter: Path) -> None:
    editor = Editor(client, letter, LETTER)
    place = editor.place('<persName ref="persons.xml#k')
    prepared = await client.text_document_prepare_rename_async(
        types.PrepareRenameParams(editor.document, place)
    )
    assert isinstance(prepared, types.Range)
    edit = await client.text_document_rename_async(
        types.RenameParams(editor.document, place, "kim-il-sung")
    )
    assert edit is not None
    assert edit.changes is not None
    made = {uri.rpartition("/")[2]: len(edits) for uri, edits in edit.changes.items()}
    assert made == {"letter.xml": 2, "persons.xml": 1}
    assert {words(one, LETTER) for one in edit.changes[editor.uri][1:]} == {"kim"}
    with pytest.raises(JsonRpcException, match="is not a name"):
        await client.text_document_rename_async(
            types.RenameParams(editor.document, place, "kim il sung")
        )


@pytest.mark.asyncio(loop_scope="module")
async def test_a_quick_fix_mends_a_finding(
    client: LanguageClient, letter: Path
) -> None:
    editor = Editor(client, letter, LETTER)
    found = {one.code: one for one in await editor.diagnostics()}
    unknown = found["TEI101"]
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            editor.document, unknown.range, types.CodeActionContext([unknown])
        )
    )
    assert actions
    first = actions[0]
    assert isinstance(first, types.CodeAction)
    assert first.title == "Write <persName>"
    assert first.is_preferred
    assert first.edit is not None
    assert first.edit.changes is not None
    edits = first.edit.changes[editor.uri]
    assert [one.new_text for one in edits] == ["persName", "persName"]
    assert edits[0].range.start == types.Position(2, 7)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_outline_has_the_parts(client: LanguageClient, letter: Path) -> None:
    editor = Editor(client, letter, LETTER)
    found = await client.text_document_document_symbol_async(
        types.DocumentSymbolParams(editor.document)
    )
    assert found is not None
    (tei,) = found
    assert isinstance(tei, types.DocumentSymbol)
    assert [one.name for one in tei.children or ()] == ["teiHeader", "text"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_saved_register_counts_in_open_documents(
    client: LanguageClient, letter: Path
) -> None:
    editor = Editor(client, letter, LETTER)
    assert "TEI303" not in {one.code for one in await editor.diagnostics()}
    register = letter.with_name("persons.xml")
    register.write_text(PERSONS.replace('"kim"', '"other"'), encoding="utf-8")
    editor.forget()
    event = types.FileEvent(register.as_uri(), types.FileChangeType.Changed)
    client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams([event])
    )
    assert "TEI303" in {one.code for one in await editor.diagnostics()}


@pytest.mark.asyncio(loop_scope="module")
async def test_a_closed_document_has_no_findings(
    client: LanguageClient, letter: Path
) -> None:
    editor = Editor(client, letter, LETTER)
    assert await editor.diagnostics()
    editor.forget()
    client.text_document_did_close(types.DidCloseTextDocumentParams(editor.document))
    assert await editor.diagnostics() == []


@pytest.mark.asyncio(loop_scope="module")
async def test_a_changed_schema_counts_though_the_editor_does_not_tell(
    client: LanguageClient, letter: Path
) -> None:
    editor = Editor(client, letter, LETTER)
    assert "TEI101" in {one.code for one in await editor.diagnostics()}
    ignored = '[[ignore]]\ncode = "TEI101"\npath = "**"\nreason = "a joke"\n'
    (letter.parents[1] / "edition.toml").write_text(ignored)
    await asyncio.sleep(2.1)
    editor.type("came.", " ")
    assert "TEI101" not in {one.code for one in await editor.diagnostics()}


OTHER = """<element name="TEI" ns="http://www.tei-c.org/ns/1.0" xmlns="{}">
<zeroOrMore><element name="ab"><text/></element></zeroOrMore></element>"""
NAMED = """<?xml-model href="{}"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><ab>x</ab></TEI>
"""


@pytest.mark.asyncio(loop_scope="module")
async def test_a_document_from_elsewhere_is_served_by_the_schema_it_names(
    client: LanguageClient, letter: Path
) -> None:
    folder = letter.parents[1] / "received"
    folder.mkdir()
    rng = OTHER.format("http://relaxng.org/ns/structure/1.0")
    (folder / "other.rng").write_text(rng)
    editor = Editor(client, folder / "a.xml", NAMED.format("other.rng"))
    assert await editor.diagnostics() == []
    assert list(await editor.complete(editor.type("</ab>", "<"))) == ["ab", "/TEI"]
    lacking = Editor(client, folder / "b.xml", NAMED.format("none.rng"))
    found = {one.code: one for one in await lacking.diagnostics()}
    assert "the schema none.rng is not there" in found["XML008"].message
    assert found["XML008"].range.start == types.Position(0, 0)
    ours = Editor(client, letter.with_name("new.xml"), NAMED.format("other.rng"))
    assert "TEI102" in {one.code for one in await ours.diagnostics()}


def test_without_the_extra_the_command_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['pygls'] = None; sys.modules['lsprotocol'] = None\n"
        "from toolkit.cli import main; sys.argv = ['edition', 'lsp']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "pip install 'tei-edition-toolkit[lsp]'" in done.stderr
    assert "Traceback" not in done.stderr
