"""The job that promotes centroids: explicit, because it changes what later days are decided by."""

from datetime import date

from dagster import Config, OpExecutionContext, ResourceParam, job, op
from pydantic import Field

from jd_assets.promotion import promote
from jd_assets.stages.centroids.centroids import LEAST_POSTINGS
from jd_assets.storage.stores import Stores


class PromotionConfig(Config):
    """What to promote."""

    day: str = Field("", description="Day whose centroids are taken, as 2026-11-02; empty: the last one.")
    least: int = Field(LEAST_POSTINGS, description="Postings that a role's centroid must rest on.")
    dry_run: bool = Field(False, description="Say what would be promoted, and write nothing.")


@op(description="Puts the centroids of a day into the library.")
def promote_day(context: OpExecutionContext, config: PromotionConfig, stores: ResourceParam[Stores]) -> None:
    day = date.fromisoformat(config.day) if config.day else None
    done = promote(stores, day, config.least, dry_run=config.dry_run)
    context.add_output_metadata(
        {
            "jd/roles": done.roles,
            "jd/postings": done.postings,
            "jd/day": str(done.ds),
            "jd/dry_run": config.dry_run,
        }
    )


@job(
    name="promote_centroids",
    description="Promotes the centroids of a day into the library. The sensor library_changed then compiles "
    "the next release; days made under the old one show as stale.",
)
def promotion_job() -> None:
    promote_day()
