"""library_release: the role and skill library, compiled under its content hash."""

from datetime import datetime

import polars as pl
from dagster import AssetExecutionContext, DataVersion, Output, ResourceParam

from jd_assets.assets.making import Making, table_asset
from jd_assets.library.compile import ensure_release
from jd_assets.library.release import Release
from jd_assets.llm.engine import endpoint_embedder
from jd_assets.models.embedder import Embedder
from jd_assets.storage.stores import Stores
from jd_assets.tables import LIBRARY_RELEASE


@table_asset(LIBRARY_RELEASE, code_version="1", kinds={"yaml", "numpy"}, io_manager_key="release")
def library_release(
    context: AssetExecutionContext, stores: ResourceParam[Stores], embedder: ResourceParam[Embedder]
) -> Output[pl.DataFrame]:
    making = Making(context, LIBRARY_RELEASE, stores)
    use = stores.settings

    def made(by: Embedder) -> Release:
        return ensure_release(
            use.library_sources,
            use.releases_dir,
            by,
            fitted=embedder,
            on_compile=lambda name: context.log.info(f"compiling library release {name} with {by.model_id}"),
        )

    if use.embedder == "embedded":
        release = made(embedder)
    else:
        with endpoint_embedder(use, stores.state.ledger, context.run_id) as remote:
            release = made(remote)
        making.asked(remote.tally)
    frame = LIBRARY_RELEASE.frame(
        [
            {
                "release": release.release,
                "roles": len(release.roles),
                "skills": len(release.skills),
                "spellings": release.spellings.spellings,
                "titles": len(release.titles),
                "kras": sum(len(r.kras) for r in release.roles),
                "dimensions": len(release.dimension_groups),
                "model": release.model,
                "attribution": release.attribution,
                "compiled_at": datetime.fromisoformat(release.compiled_at),
            }
        ]
    )
    output = making.output(
        frame, roles=len(release.roles), skills=len(release.skills), library_release=release.release
    )
    return Output(output.value, metadata=output.metadata, data_version=DataVersion(release.release))
