"""The collector held back."""

from __future__ import annotations

import gc

from jd_assets.library.garbage import rare_collection


def test_the_collectors_setting_is_back_when_the_last_holder_leaves() -> None:
    usual = gc.get_threshold()
    first, second = rare_collection(), rare_collection()
    first.__enter__()
    second.__enter__()
    seldom = gc.get_threshold()
    first.__exit__(None, None, None)
    assert gc.isenabled()
    assert gc.get_threshold() == seldom > usual
    second.__exit__(None, None, None)
    assert gc.get_threshold() == usual
