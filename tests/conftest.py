"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

CHECKOUT = Path(__file__).resolve().parent.parent

# A machine that is busy with other things fails no test.
_SLOW = [HealthCheck.too_slow]
settings.register_profile("busy", deadline=None, suppress_health_check=_SLOW)
settings.load_profile("busy")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The repository's folder."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of foreign data beside the checkout; in CI it must be there."""
    folder = CHECKOUT.parent / "shared"
    if folder.is_dir():
        return folder
    if os.environ.get("CI") == "true":
        pytest.fail(
            f"the folder of test data {folder.name!r} is not beside the checkout"
        )
    pytest.skip("needs the folder of foreign test data, ../shared")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web edition of this repository's documents, built once."""
    from toolkit.build.run import Build
    from toolkit.config import find

    folder = tmp_path_factory.mktemp("edition")
    shutil.copytree(CHECKOUT / "tei", folder / "tei")
    shutil.copy(CHECKOUT / "edition.toml", folder)
    edition = find(folder)
    Build(edition).run()
    return edition.build / "site"
