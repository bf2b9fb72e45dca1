"""Office files with equal bytes for equal content: the files inside keep their order and have one fixed date."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

DATE = datetime(2021, 1, 1)
"""Date in the properties of every report: the first month of the plan period, not when it was made, which is no part of it."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def with_fixed_dates(content: bytes) -> bytes:
    """Return a zip file whose members have one fixed date."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(target, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            info = ZipInfo(name, ZIP_DATE)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            after.writestr(info, before.read(name))
    return target.getvalue()
