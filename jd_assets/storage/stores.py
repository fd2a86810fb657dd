"""The stores of one data folder, opened when they are first asked for."""

from __future__ import annotations

from functools import cached_property

from jd_assets.settings import Settings
from jd_assets.storage.files import Warehouse
from jd_assets.storage.state import State
from jd_assets.storage.vectors import VectorStore


class Stores:
    """What assets, the command line and the web app share: one object per process and data folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.warehouse = Warehouse(settings.warehouse_dir)
        self.vectors = VectorStore(settings.vectors_dir)

    @cached_property
    def state(self) -> State:
        return State(self.settings.state_database_url, self.settings.state_dir / "sent")
