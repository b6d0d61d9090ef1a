"""A Dask cluster makes the same bytes as this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.test_incremental import contents
from toolkit.build.run import Build

if TYPE_CHECKING:
    from tests.unit.conftest import MakeEdition


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Dask's own, of its own
def test_two_workers_of_a_cluster_make_the_same(make_edition: MakeEdition) -> None:
    from distributed import LocalCluster

    edition = make_edition(**{f"d{n}": f"<p>Number {n}.</p>" for n in range(12)})
    Build(edition, jobs=1).run()
    before = contents(edition)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        built = Build(edition, cluster=cluster.scheduler_address).run(anew=True)
    assert built.made == 12
    assert contents(edition) == before
