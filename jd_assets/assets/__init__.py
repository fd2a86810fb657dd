"""One module per stage. An asset has its table's name, takes its tables and returns its rows.

These modules don't postpone annotations: Dagster reads the context's type while it decorates.
"""

import warnings

from dagster import BetaWarning, PreviewWarning

# Checks of a partition and data versions may still change in dagster; its version is pinned and the
# tests use both.
warnings.filterwarnings("ignore", message="Specifying a partitions_def", category=PreviewWarning)
warnings.filterwarnings("ignore", message="Parameter `data_version`", category=BetaWarning)
