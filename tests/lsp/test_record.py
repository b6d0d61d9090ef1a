"""The recorded session in the documentation is what happens."""

from __future__ import annotations

import asyncio

import pytest

from tests.lsp.record import PAGE, record, recorded


@pytest.mark.slow
def test_the_recorded_session_is_fresh() -> None:
    now = asyncio.run(record())
    assert now == recorded(PAGE.read_text(encoding="utf-8")), (
        "the session goes another way now; run: python -m tests.lsp.record"
    )
