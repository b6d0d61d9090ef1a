"""Renders all plays of a folder in one process: by us, by XSLT, or only parsed.

    python tests/bench/plays.py ours|xslt|parse FOLDER OUT

Each way imports no more than it needs, so that whole processes can be compared.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lxml import etree


def ours(files: list[Path], out: Path) -> None:
    """Render files to HTML by the engine."""
    from toolkit import tei
    from toolkit.editions.text import render_body
    from toolkit.render.engine import Renderer
    from toolkit.render.facts import gather
    from toolkit.render.library import Library
    from toolkit.render.signs import read_key
    from toolkit.resources import share

    templates = share("templates")
    key = read_key(templates / "signs" / "house.toml")
    engine = Renderer(Library([templates], "html"), key, "reading")
    for path in files:
        root = tei.read(path).root
        made = render_body(engine, root, gather(root))
        text = made.body + "".join(made.notes) + "\n"
        (out / path.name).write_text(text, encoding="utf-8")


def xslt(files: list[Path], out: Path) -> None:
    """Render files to the same HTML by lxml's XSLT."""
    transform = etree.XSLT(etree.parse(Path(__file__).with_name("equal_rules.xsl")))
    parser = etree.XMLParser(collect_ids=False)
    for path in files:
        (out / path.name).write_bytes(bytes(transform(etree.parse(path, parser))))


def parse(files: list[Path], out: Path) -> None:
    """Parse and serialise files: what any program on lxml must pay."""
    parser = etree.XMLParser(collect_ids=False)
    for path in files:
        etree.parse(path, parser).write(str(out / path.name), encoding="utf-8")


if __name__ == "__main__":
    _, what, folder, target = sys.argv
    {"ours": ours, "xslt": xslt, "parse": parse}[what](
        sorted(Path(folder).glob("*.xml")), Path(target)
    )
