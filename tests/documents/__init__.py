"""The encoding of the five documents, proved against the truth about their sources."""

import pytest

# A failed assertion in a helper is explained as one in a test is.
pytest.register_assert_rewrite(
    f"{__name__}.bracket_checks", f"{__name__}.bracket_place", f"{__name__}.source_view"
)
