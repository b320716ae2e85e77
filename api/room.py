"""The watermark: nothing more is taken in while there is still some room on the disk."""

from __future__ import annotations

import shutil

from api.settings import ApiSettings
from index import DiskFullError, Library, ReadOnlyLibraryError


def check_writable(library: Library, settings: ApiSettings) -> None:
    """Nothing, when the library may grow: its disk has `min_free_mb` megabytes left.

    It is looked at before a write and not when one fails: removing takes some room as well, and
    so does what only reads.

    Raises:
        ReadOnlyLibraryError: the library was opened to read.
        DiskFullError: less room is left.
    """
    if library.read_only:
        raise ReadOnlyLibraryError(f"{library.path} was opened to read only")
    free = shutil.disk_usage(library.path.parent).free / 1e6
    if free < settings.min_free_mb:
        raise DiskFullError(
            f"the disk of {library.path} has {free:,.0f} MB left, ONRECORD_MIN_FREE_MB is "
            f"{settings.min_free_mb:,}: nothing was written; free some space and repeat it"
        )
