"""centroid_contributions and role_centroids: what each day adds, and where that has brought each role."""

import polars as pl
from dagster import AssetExecutionContext, Output, ResourceParam

from jd_assets.assets.making import Making, table_asset
from jd_assets.assets.pools import WHOLE_HISTORY
from jd_assets.library.release import Release
from jd_assets.partitions import day_of
from jd_assets.stages.centroids.centroids import contributions
from jd_assets.stages.centroids.centroids import role_centroids as centroids_of
from jd_assets.storage.stores import Stores
from jd_assets.tables import CENTROID_CONTRIBUTIONS, ROLE_CENTROIDS


@table_asset(CENTROID_CONTRIBUTIONS, code_version="1", kinds={"numpy", "lancedb"})
def centroid_contributions(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    role_assignments: pl.DataFrame,
    kra_embeddings: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, CENTROID_CONTRIBUTIONS, stores)
    frame = contributions(role_assignments, kra_embeddings, day_of(context.partition_key))
    return making.output(frame, jds=int(frame["n"].sum()))


@table_asset(ROLE_CENTROIDS, code_version="1", kinds={"numpy", "lancedb"}, pool=WHOLE_HISTORY)
def role_centroids(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    library_release: Release,
    centroid_contributions: pl.DataFrame,
) -> Output[pl.DataFrame]:
    """This day's centroids, and anew those of the later days that are there already, because this day's
    contributions are in them too."""
    making = Making(context, ROLE_CENTROIDS, stores)
    ds = day_of(context.partition_key)
    later = [day for day in stores.warehouse.days(ROLE_CENTROIDS) if day > ds]
    last = later[-1] if later else ds
    contributed = stores.vectors.read_up_to(CENTROID_CONTRIBUTIONS, last)
    frame = centroids_of(library_release, contributed, [ds, *later])
    drift = frame.filter(pl.col("ds") == ds)["drift"]
    return making.output(
        frame,
        later_days_renewed=len(later),
        contributions=contributed.height,
        roles_moved=int((drift > 0).sum()),
        max_drift=float(drift.max() or 0.0),  # type: ignore[arg-type]
    )
