import hashlib
import time
from collections import Counter
from collections.abc import MutableMapping
from dataclasses import FrozenInstanceError
from importlib import resources
from pathlib import Path

import pytest

from index.concepts import LANGUAGES, TermTable
from index.errors import IndexingError, TermTableError
from index.text import words

HEAD = "# concept\ten\tfr\tvi\n"


@pytest.fixture(scope="module")
def table() -> TermTable:
    return TermTable.load()


def found(table: TermTable, text: str, lang: str | None) -> list[str]:
    return [concept for concept, _ in table.concepts(words(text), lang)]


def slices(table: TermTable, text: str, lang: str | None) -> list[tuple[str, str]]:
    return [(concept, span.slice(text)) for concept, span in table.concepts(words(text), lang)]


def written(folder: Path, *lines: str) -> Path:
    path = folder / "own.tsv"
    path.write_text(HEAD + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Japan's prime minister promised renewable energy.", "en"),
        ("Au Japon, le premier ministre a promis des énergies renouvelables.", "fr"),
        ("Au Japon, le premier ministre a promis des energies renouvelables.", "fr"),
        ("Nhật Bản: thủ tướng hứa năng lượng tái tạo.", "vi"),
        ("Nhat Ban: thu tuong hua nang luong tai tao.", "vi"),
    ],
)
def test_one_claim_has_the_same_concepts_in_every_language(
    table: TermTable, text: str, lang: str
) -> None:
    concepts = set(found(table, text, lang))
    assert {"japan", "prime_minister", "promise", "renewable_energy"} <= concepts
    assert concepts - {"pledge"} == {"japan", "prime_minister", "promise", "renewable_energy"}


def test_a_concept_comes_with_its_place_in_the_text(table: TermTable) -> None:
    text = "Le 2 mai, les vice-premiers ministres du Laos."
    assert slices(table, text, "fr") == [
        ("may_month", "mai"),
        ("deputy_prime_minister", "vice-premiers ministres"),
        ("laos", "Laos"),
    ]


def test_the_longest_form_wins_and_uses_up_its_words(table: TermTable) -> None:
    assert found(table, "the minister", "en") == ["minister"]
    assert found(table, "the prime minister", "en") == ["prime_minister"]
    assert found(table, "the deputy prime minister", "en") == ["deputy_prime_minister"]
    assert found(table, "hợp tác xã", "vi") == ["cooperative"]
    assert found(table, "chủ nhật", "vi") == ["sunday"]


def test_words_far_apart_are_no_form(table: TermTable) -> None:
    assert found(table, "prime -------- minister", "en") == ["minister"]


@pytest.mark.parametrize(
    ("singular", "plural", "concept", "lang"),
    [
        ("ministre", "ministres", "minister", "fr"),
        ("investissement étranger", "investissements étrangers", "foreign_direct_investment", "fr"),
        ("hôpital", "hôpitaux", "hospital", "fr"),
        ("énergie renouvelable", "énergies renouvelables", "renewable_energy", "fr"),
        ("university", "universities", "university", "en"),
        ("semiconductor", "semiconductors", "semiconductor", "en"),
    ],
)
def test_a_plural_is_the_concept_of_its_singular(
    table: TermTable, singular: str, plural: str, concept: str, lang: str
) -> None:
    assert found(table, singular, lang) == found(table, plural, lang) == [concept]


def test_of_words_with_one_stem_the_nearest_in_writing_is_meant(table: TermTable) -> None:
    assert found(table, "the universe", "en") == ["universe"]
    assert found(table, "une bonne année au marché", "fr") == ["good", "year", "market"]
    assert found(table, "good goods", "en") == ["good", "goods"]


def test_a_form_of_several_concepts_gives_each_of_them(table: TermTable) -> None:
    assert found(table, "la présidente", "fr") == ["president", "chairman"]
    assert found(table, "năm", "vi") == ["year"]
    assert found(table, "thứ hai", "vi") == ["monday", "second_ordinal"]


def test_a_vietnamese_syllable_with_other_marks_is_another_word(table: TermTable) -> None:
    assert found(table, "con cá", "vi") == ["fish"]
    assert found(table, "cà, cả, cạ", "vi") == []


@pytest.mark.parametrize("spelling", ["văn hóa", "văn hoá", "Văn Hóa", "van hoa"])
def test_a_tone_may_stand_on_either_vowel(table: TermTable, spelling: str) -> None:
    assert found(table, spelling, "vi") == ["culture"]


def test_a_lone_syllable_needs_its_marks_only_in_a_text_that_has_marks(table: TermTable) -> None:
    assert found(table, "thep", "vi") == ["steel"]
    assert found(table, "giá thep", "vi") == ["price"]


def test_a_vietnamese_form_may_miss_some_of_its_marks(table: TermTable) -> None:
    assert found(table, "Ngân hàng trung uơng, ngan hàng", "vi") == ["bank", "bank"]
    assert found(table, "thủ tuong", "vi") == ["prime_minister"]


@pytest.mark.parametrize("spelling", ["Việt Nam", "Viet Nam", "Vietnam", "VIỆT NAM"])
@pytest.mark.parametrize("lang", ["en", "fr", "vi", None])
def test_every_spelling_of_a_place_is_its_concept(
    table: TermTable, spelling: str, lang: str | None
) -> None:
    assert slices(table, spelling, lang) == [("vietnam", spelling)]


def test_a_stop_word_is_no_form_of_a_word_with_its_stem(table: TermTable) -> None:
    assert found(table, "they will tell us", "en") == ["say"]
    assert found(table, "U.S. steel", "en") == ["united_states", "steel"]


@pytest.mark.parametrize("lang", [None, "de", "es"])
def test_a_text_of_another_language_meets_all_three_columns(
    table: TermTable, lang: str | None
) -> None:
    text = "prime minister / premiers ministres / thủ tướng / un"
    assert found(table, text, lang) == ["prime_minister"] * 3


def test_a_text_of_one_language_meets_its_own_column_only(table: TermTable) -> None:
    assert found(table, "thủ tướng", "fr") == []
    assert found(table, "fromage, gouvernement", "vi") == []


def test_no_words_have_no_concepts(table: TermTable) -> None:
    assert table.concepts([], "en") == []
    assert table.concepts([], None) == []


def test_every_packaged_line_is_complete_and_its_concept_is_there_once(table: TermTable) -> None:
    source = resources.files("index").joinpath("data", "terms.tsv")
    lines = source.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert {len(row) for row in rows} == {4}
    assert max(Counter(row[0] for row in rows).values()) == 1
    assert len(rows) == len(table) >= 1300


@pytest.mark.parametrize(("column", "lang"), list(enumerate(LANGUAGES)))
def test_every_packaged_form_is_found_as_one_of_its_concept(
    table: TermTable, column: int, lang: str
) -> None:
    # After a word with a mark: a bare `vua` alone may be `vừa`, a stop word.
    missed = [
        (concept, form)
        for concept, row in table.rows.items()
        for form in row[column]
        if (concept, form) not in slices(table, f"đã {form}", lang)
    ]
    assert missed == []


def test_no_packaged_form_belongs_to_more_than_four_concepts(table: TermTable) -> None:
    for column in range(3):
        uses = Counter(form.lower() for row in table.rows.values() for form in row[column])
        assert max(uses.values()) <= 4


def test_an_own_file_adds_concepts_and_forms(tmp_path: Path, table: TermTable) -> None:
    own = written(
        tmp_path,
        "",
        "# ours",
        "sandbar\tsandbar\tbanc de sable\t",
        "minister\t\tmin.\tbộ trưởng|bt",
    )
    ours = TermTable.load(own)
    assert len(ours) == len(table) + 1
    assert found(ours, "des bancs de sable", "fr") == ["sandbar"]
    assert found(ours, "bộ trưởng, bt", "vi") == ["minister", "minister"]
    assert found(ours, "the minister", "en") == ["minister"]
    assert ours.rows["minister"][2] == (*table.rows["minister"][2], "bt")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("sandbar\tsandbar\tbanc de sable", "expected 4 fields"),
        ("sandbar\tsandbar\tbanc de sable\t\t", "expected 4 fields"),
        ("Sand bar\tsandbar\tbanc de sable\t", "'Sand bar' is not lower-case"),
        ("sandbar\tsandbar\t\t", "at least two languages"),
        ("sandbar\tsandbar||bar\tbanc de sable\t", "form '' (en) has no word"),
        ("sandbar\tsandbar\tbanc de sable\t…", "form '…' (vi) has no word"),
        ("sandbar\tsandbar\tbanc|banc\t", "a form is there twice (fr): banc|banc"),
        ("shoal\tshoal\tbas-fond\t", "concept 'shoal' is there already"),
    ],
)
def test_a_broken_line_is_refused_by_its_number(tmp_path: Path, line: str, reason: str) -> None:
    own = written(tmp_path, "shoal\tshoal\thaut-fond\t", line, "reef\treef\trécif\t")
    with pytest.raises(TermTableError) as refused:
        TermTable.load(own)
    assert (refused.value.path, refused.value.line) == (own, 3)
    assert reason in refused.value.reason
    assert str(refused.value).startswith(f"{own}, line 3: ")
    assert isinstance(refused.value, IndexingError)


def test_a_line_that_is_not_utf_8_is_refused_by_its_number(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_bytes(b"\xef\xbb\xbfreef\treef\tr\xc3\xa9cif\t\r\nbay\tbay\tb\xe9e\t\n")
    with pytest.raises(TermTableError, match="line 2: is not UTF-8"):
        TermTable.load(own)


def test_a_file_that_is_not_there_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(TermTableError, match=r"own\.tsv: cannot be read") as refused:
        TermTable.load(tmp_path / "own.tsv")
    assert refused.value.line == 0


def test_the_digest_follows_the_contents_and_nothing_else(tmp_path: Path, table: TermTable) -> None:
    one = TermTable.load(written(tmp_path, "reef\treef\trécif\t", "shoal\tshoal\thaut-fond\t"))
    same = TermTable.load(
        written(tmp_path, "shoal\tshoal\thaut-fond\t", "#", "reef\treef\trécif\t")
    )
    assert one.digest == same.digest != table.digest
    assert table.digest == TermTable.load().digest
    small = TermTable({"reef": (("reef",), ("récif", "brisant"), ())})
    assert small.digest == hashlib.sha256("reef\treef\trécif|brisant\t".encode()).hexdigest()


def test_a_table_cannot_be_changed(table: TermTable) -> None:
    name = "rows"
    with pytest.raises(FrozenInstanceError):
        setattr(table, name, {})
    assert not isinstance(table.rows, MutableMapping)


def test_a_long_text_takes_little_time(table: TermTable) -> None:
    text = words(
        "The prime minister of Japan said that exports of steel rose by five percent. " * 2000
    )
    table.concepts(text[:100], "en")
    started = time.perf_counter()
    concepts = table.concepts(text, "en")
    assert len(concepts) == 16_000
    assert time.perf_counter() - started < 3
