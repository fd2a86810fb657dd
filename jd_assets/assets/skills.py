"""extracted_skills: what each JD asks for, tied to the library."""

import polars as pl
from dagster import AssetExecutionContext, Output, ResourceParam

from jd_assets.assets.making import Making, share, table_asset
from jd_assets.library.release import Release
from jd_assets.stages.skills.extract import extract
from jd_assets.stages.skills.named import BOTH, MODEL
from jd_assets.storage.stores import Stores
from jd_assets.tables import EXTRACTED_SKILLS


@table_asset(EXTRACTED_SKILLS, code_version="4", kinds={"python", "parquet"})
def extracted_skills(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    library_release: Release,
    raw_jds: pl.DataFrame,
    parsed_jds: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, EXTRACTED_SKILLS, stores)
    frame = extract(raw_jds, parsed_jds, library_release)
    passed = parsed_jds.filter(pl.col("jd_type") == "pass").height
    return making.output(
        frame,
        found_by_model=frame.filter(pl.col("engine") == MODEL).height,
        found_by_both=frame.filter(pl.col("engine") == BOTH).height,
        new_skills=int(frame["is_new"].sum()),
        skills_per_jd=round(frame.height / passed, 2) if passed else 0.0,
        jds_without_skills=passed - frame["jd_id"].n_unique(),
        grounded_share=share(frame.filter(pl.col("end") > pl.col("start")).height, frame.height),
    )
