"""CSV that no spreadsheet takes for formulas, and that is read back as it was."""

from __future__ import annotations

import pytest

from qa.spreadsheet import csv_rows, csv_text


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://evil.example","x")',
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "'=1",
        "''=1",
    ],
)
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe_and_comes_back(cell: str) -> None:
    written = csv_text(["quote"], [[cell]])
    assert written.split("\r\n", 1)[1].lstrip('"').startswith("'")
    assert csv_rows(written) == [{"quote": cell}]


@pytest.mark.parametrize("cell", ["", "plain", "'tis", "a=b", 'say "so", twice', "a\r\nb\nc", "–1"])
def test_another_cell_stands_as_it_is_and_comes_back(cell: str) -> None:
    written = csv_text(["quote", "n"], [[cell, 1]])
    assert "'=" not in written
    assert csv_rows(written) == [{"quote": cell, "n": "1"}]


def test_nothing_is_an_empty_cell_and_numbers_are_not_guarded() -> None:
    assert csv_text(["a", "b"], [[None, -1]]) == "a,b\r\n,-1\r\n"


def test_a_line_with_other_cells_is_refused_by_its_number() -> None:
    with pytest.raises(ValueError, match=r"^line 3 has 1 of 2 cells$"):
        csv_rows("a,b\n1,2\n3\n")
    with pytest.raises(ValueError, match=r"^line 2: unexpected end of data$"):
        csv_rows('a,b\n"1,2')
