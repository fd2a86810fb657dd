"""Makes a complete library of an O*NET release's tables."""

from jd_assets.library.onet.making import ImportReport, import_onet
from jd_assets.library.onet.tables import OnetError

__all__ = ["ImportReport", "OnetError", "import_onet"]
