"""Tables as CSV, safe to open in a spreadsheet, and the same cells when they are read again.

A cell that a spreadsheet would take for a formula gets an apostrophe in front; so does one that
begins with apostrophes before such a sign, so that every cell comes back as it was.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A head line and a line a row, as RFC 4180 has them; None is an empty cell."""
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if cell is None else _guarded(cell) for cell in row])
    return page.getvalue()


def csv_rows(text: str) -> list[dict[str, str]]:
    """The rows of `csv_text`, each by its columns.

    Raises:
        ValueError: a row has more or fewer cells than there are columns.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = next(lines, [])
        rows = []
        for cells in lines:
            if len(cells) != len(columns):
                raise ValueError(f"line {lines.line_num} has {len(cells)} of {len(columns)} cells")
            plain = [cell[1:] if _is_guarded(cell) else cell for cell in cells]
            rows.append(dict(zip(columns, plain, strict=True)))
    except csv.Error as error:
        raise ValueError(f"line {lines.line_num}: {error}") from error
    return rows


def _guarded(cell: object) -> str:
    if not isinstance(cell, str):
        return str(cell)  # numbers and dates of our own; a minus before digits is no formula
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _is_guarded(cell: str) -> bool:
    return cell.startswith("'") and _FORMULA.match(cell) is not None
