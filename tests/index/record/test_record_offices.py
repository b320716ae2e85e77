"""Titles in a text: role, of what, over or not; and places by any name."""

from pathlib import Path

import pytest

from index.errors import TermTableError
from index.record import Office, find_place, kinds, listing, place_title, titles_in


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Who was Japan's Prime Minister?", Office("prime_minister", "japan")),
        ("en", "the Japanese PM", Office("prime_minister", "japan")),
        ("en", "former US President", Office("president", "united states", former=True)),
        ("en", "the Governor of Gunma Prefecture", Office("governor", "gunma")),
        ("en", "the Japanese Ambassador to Vietnam", Office("ambassador", "japan")),
        ("en", "T&T Group Deputy General Director", Office("deputy_general_director", "T&T Group")),
        ("en", "chairman of FPT Group", Office("chairman", "FPT Group")),
        ("en", "Minister of Foreign Affairs", Office("foreign_minister")),
        ("en", "Deputy Minister of Foreign Affairs", Office("deputy_foreign_minister")),
        ("fr", "le Premier ministre japonais", Office("prime_minister", "japan")),
        ("fr", "le Premier ministre du Japon", Office("prime_minister", "japan")),
        ("fr", "l'ancien ministre de l'Intérieur", Office("interior_minister", former=True)),
        ("fr", "gouverneur de la préfecture de Gunma", Office("governor", "gunma")),
        ("fr", "la vice-ministre des Affaires étrangères", Office("deputy_foreign_minister")),
        ("en", "Governor of the State of Kansas", Office("governor", "kansas")),
        ("en", "Governor of the State Bank", Office("governor", "State Bank")),
        ("fr", "le préfet de la région Bretagne", Office("prefect", "brittany")),
        (
            "fr",
            "directrice générale adjointe du groupe T&T en avril 2025",
            Office("deputy_general_director", "groupe T&T"),
        ),
        ("vi", "Chủ tịch Tập đoàn FPT vào tháng 4", Office("chairman", "Tập đoàn FPT")),
        ("vi", "Thủ tướng Nhật Bản", Office("prime_minister", "japan")),
        ("vi", "Tổng thống Mỹ", Office("president", "united states")),
        ("vi", "Bộ trưởng Bộ Khoa học và Công nghệ", Office("science_minister")),
        ("vi", "Thống đốc tỉnh Gunma", Office("governor", "gunma")),
        ("vi", "Chủ tịch Trung Quốc", Office("president", "china")),
        ("vi", "nguyên Thủ tướng", Office("prime_minister", former=True)),
        ("vi", "Thu tuong Nhat Ban", Office("prime_minister", "japan")),
    ],
)
def test_a_title_gives_its_role_and_what_it_is_of(lang: str, text: str, expected: Office) -> None:
    assert titles_in(text, lang) == (expected,)


def test_a_courtesy_title_is_no_office() -> None:
    assert titles_in("Mr Smith and Dame Judi", "en") == ()


def test_a_portfolio_makes_a_role_of_its_own() -> None:
    assert kinds()["finance_minister"] == "office"
    assert kinds()["deputy_finance_minister"] == "post"


@pytest.mark.parametrize("name", ["Japan", "japonaises", "Nhật Bản", "NHẬT BẢN", "Nhat Ban"])
def test_a_country_is_one_by_any_name(name: str) -> None:
    assert find_place(name) == "japan"
    assert place_title("japan") == "Japan"


def test_what_is_no_place_has_no_name() -> None:
    assert find_place("FPT Group") is None


def test_a_row_with_a_field_too_many_is_refused_by_number(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "titles.tsv").write_text("# fine\nmayor\toffice\tmayor\ta\tb\tc\td\n", "utf-8")
    monkeypatch.setattr("index.record.listing.resources.files", lambda _: tmp_path)
    with pytest.raises(TermTableError, match="line 2"):
        list(listing.rows("titles.tsv", range(3, 6)))
