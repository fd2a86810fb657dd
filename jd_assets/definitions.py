"""The one Definitions object: what Dagster's UI, its daemon and `jd-assets run` all load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dagster import (
    AssetSelection,
    Definitions,
    InitResourceContext,
    IOManagerDefinition,
    ResourceDefinition,
    define_asset_job,
    in_process_executor,
    load_asset_checks_from_modules,
    load_assets_from_modules,
)

from jd_assets.assets import (
    capture,
    centroids,
    costs,
    drift,
    enrich,
    ingest,
    kras,
    library,
    parse,
    publish,
    reposts,
    roles,
    runs,
    skills,
)
from jd_assets.assets.promotion import promotion_job
from jd_assets.liveness import alive
from jd_assets.models.embedder import shipped_embedder
from jd_assets.partitions import DAYS
from jd_assets.schedules import (
    batches_sensor,
    dead_runs_sensor,
    landing_sensor,
    library_sensor,
    nightly_schedule,
)
from jd_assets.settings import Settings, settings
from jd_assets.storage.io_managers import ReleaseFiles, TableFiles
from jd_assets.storage.stores import Stores

NIGHTLY_JOB = "nightly_jds"
LIBRARY_JOB = "library"
PUBLISH_JOB = "publish"

_MODULES = [
    ingest,
    parse,
    reposts,
    skills,
    kras,
    roles,
    capture,
    centroids,
    drift,
    enrich,
    runs,
    costs,
    library,
    publish,
]


def build_defs(
    use: Settings | None = None, resource_overrides: Mapping[str, Any] | None = None
) -> Definitions:
    """Everything that Dagster runs, for the given settings or the process's own.

    `resource_overrides` replaces resources by key (`stores`, `embedder`, `tables`, `release`).
    """
    use = use or settings()
    stores = Stores(use)
    files = TableFiles(stores)

    def stores_of_a_run(context: InitResourceContext) -> Iterator[Stores]:
        # Every run opens the stores, so this is where a run shows that its process lives.
        if context.run is None or context.instance is None:
            yield stores
            return
        with alive(context.instance, context.run.run_id):
            yield stores

    resources: dict[str, Any] = {
        "stores": ResourceDefinition(stores_of_a_run),
        "embedder": ResourceDefinition(lambda _: shipped_embedder()),
        "tables": IOManagerDefinition.hardcoded_io_manager(files),
        "release": IOManagerDefinition.hardcoded_io_manager(ReleaseFiles(files, stores)),
        **(resource_overrides or {}),
    }
    nightly = define_asset_job(
        NIGHTLY_JOB,
        selection=AssetSelection.all() - AssetSelection.assets(library.library_release),
        partitions_def=DAYS,
        description="A day from landing files to the analyst database.",
        tags={"jd/job": NIGHTLY_JOB},
    )
    library_job = define_asset_job(
        LIBRARY_JOB,
        selection=AssetSelection.assets(library.library_release),
        description="Compiles the role and skill library into a release.",
    )
    publish_job = define_asset_job(
        PUBLISH_JOB,
        selection=AssetSelection.assets(capture.review_queue, reposts.reposts, publish.analyst_db),
        description="Folds the review queue, links reposts, and brings the analyst database up to the "
        "partition files.",
    )
    return Definitions(
        assets=load_assets_from_modules(_MODULES),
        asset_checks=load_asset_checks_from_modules(_MODULES),
        jobs=[nightly, library_job, publish_job, promotion_job],
        schedules=[nightly_schedule(nightly, use)],
        sensors=[
            landing_sensor(nightly, use),
            library_sensor(library_job, use),
            batches_sensor(nightly, use),
            dead_runs_sensor(),
        ],
        resources=resources,
        executor=in_process_executor,
    )


defs = build_defs()
