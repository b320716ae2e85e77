"""Sectors: what sentences are about, the file of an operator, and the terms for ranking."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.concepts import LANGUAGES, TermTable
from index.errors import TermTableError
from index.record.sectors import Taxonomy, concepts_of, load_taxonomy

NAMES = "mining\tmining\tmines\tkhai khoáng"


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


def written(folder: Path, *lines: str) -> Path:
    """A taxonomy file of these lines."""
    path = folder / "sectors.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# -- sentences


@pytest.mark.parametrize(
    ("sentence", "sectors"),
    [
        ("The PM asked for ODA for the high-speed railway.", "finance infrastructure"),
        (
            "They spoke of AI, chips and the green transition.",
            "digital green_energy semiconductors",
        ),
        ("He hopes that Japan will take in more workers and students.", "education labour"),
        ("The striker scored twice before half-time.", "culture_exchange"),
        ("Two men were arrested after the robbery.", "defence_security"),
        ("The two leaders met on Friday.", ""),
    ],
)
def test_an_english_sentence_has_the_sectors_of_its_words(
    taxonomy: Taxonomy, sentence: str, sectors: str
) -> None:
    assert taxonomy.sectors_of(sentence, "en") == tuple(sectors.split())


@pytest.mark.parametrize(
    ("sentence", "sectors"),
    [
        (
            "Il a salué les entreprises qui investissent dans le tourisme.",
            "tourism trade_investment",
        ),
        ("La grève des cheminots pèse sur le trafic de la SNCF.", "infrastructure labour"),
        ("Les élèves et les soignants reçoivent le vaccin.", "education health"),
        ("Le parquet a requis dix ans de prison.", "defence_security"),
        ("Il a quitté la salle sans un mot.", ""),
    ],
)
def test_a_french_sentence_has_the_sectors_of_its_words(
    taxonomy: Taxonomy, sentence: str, sectors: str
) -> None:
    assert taxonomy.sectors_of(sentence, "fr") == tuple(sectors.split())


@pytest.mark.parametrize(
    ("sentence", "sectors"),
    [
        ("Hai bên hợp tác về bán dẫn và chuyển đổi số.", "digital semiconductors"),
        ("Nhật Bản cung cấp vốn ODA cho đường sắt.", "finance infrastructure"),
        ("Tăng cường hợp tác địa phương và du lịch.", "local_cooperation tourism"),
        ("Thu tuong de nghi ho tro dao tao nguon nhan luc.", "education labour"),
        ("Ai sẽ là người đứng đầu?", ""),
    ],
)
def test_a_vietnamese_sentence_has_the_sectors_of_its_words(
    taxonomy: Taxonomy, sentence: str, sectors: str
) -> None:
    assert taxonomy.sectors_of(sentence, "vi") == tuple(sectors.split())


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("They walked along the river bank.", "en"),
        ("The Labour leader spoke first.", "en"),
        ("It is an important day, and we share the feeling.", "en"),
        ("He saw the universe in a new light and ate an apple.", "en"),
        ("Il est en train de partir, c'est très important.", "fr"),
        ("Il marche sur un chemin élevé, prêt à tout.", "fr"),
        ("Ông ấy đã về nhà theo yêu cầu.", "vi"),
    ],
)
def test_words_that_only_look_like_a_term_give_no_sector(
    taxonomy: Taxonomy, sentence: str, lang: str
) -> None:
    assert taxonomy.sectors_of(sentence, lang) == ()


def test_the_longest_form_uses_up_its_words(taxonomy: Taxonomy) -> None:
    assert taxonomy.sectors_of("The semiconductor industry and green finance.", "en") == (
        "green_energy",
        "semiconductors",
    )


def test_a_form_does_not_reach_over_a_sign(taxonomy: Taxonomy) -> None:
    assert taxonomy.sectors_of("It was smart. City folk stay.", "en") == ()


def test_one_hint_is_not_enough_and_two_different_ones_are(taxonomy: Taxonomy) -> None:
    assert taxonomy.sectors_of("The company thanked the company.", "en") == ()
    assert taxonomy.sectors_of("The company knows the market.", "en") == ("trade_investment",)


def test_beside_a_plain_sector_it_takes_three_hints(taxonomy: Taxonomy) -> None:
    two, three = "The hospital knows the company and the market.", " and its consumers"
    assert taxonomy.sectors_of(two, "en") == ("health",)
    assert taxonomy.sectors_of(two[:-1] + three, "en") == ("health", "trade_investment")


def test_one_hint_is_enough_where_the_sentence_before_is_of_that_sector(taxonomy: Taxonomy) -> None:
    text = "The victory came late."
    assert taxonomy.sectors_of(text, "en") == ()
    assert taxonomy.sectors_of(text, "en", ["culture_exchange"]) == ("culture_exchange",)
    assert taxonomy.sectors_of(text, "en", ["health"]) == ()
    beside = "The victory came late for the hospital."
    assert taxonomy.sectors_of(beside, "en", ["culture_exchange"]) == ("health",)


@pytest.mark.parametrize(
    ("sentence", "lang", "sectors"),
    [
        ("He was very patient with us.", "en", ""),
        ("The patients were brought in.", "en", "health"),
        ("At a press briefing he smiled.", "en", ""),
        ("He wrote it in a tweet.", "en", ""),
        ("Twitter has a new login page.", "en", "digital"),
        ("A crime drama of great charm.", "en", "culture_exchange"),
        ("The housing bubble burst.", "en", "finance"),
        ("They went public last year.", "en", "finance trade_investment"),
        ("The billing was late.", "en", ""),
        ("The Bills were strong.", "en", "culture_exchange"),
        ("À ce stade, il refuse.", "fr", ""),
        ("Il l'a dit sur Twitter.", "fr", ""),
        ("Il a enlevé son manteau et arrêté de parler.", "fr", ""),
        ("Un cessez-le-feu est entré en vigueur.", "fr", "defence_security"),
        ("Un coup franc à la dernière minute.", "fr", "culture_exchange"),
    ],
)
def test_a_word_of_several_senses_counts_only_in_its_phrases(
    taxonomy: Taxonomy, sentence: str, lang: str, sectors: str
) -> None:
    assert taxonomy.sectors_of(sentence, lang) == tuple(sectors.split())


def test_a_text_of_no_known_language_is_read_in_all_three(taxonomy: Taxonomy) -> None:
    assert taxonomy.sectors_of("El turismo, tourism and du lịch", None) == ("tourism",)
    assert taxonomy.sectors_of("énergies renouvelables", "it") == ("green_energy",)


@pytest.mark.parametrize("text", ["", " ", "\u200b", "…", "12 345", "\U0001f600" * 9, "'-'/"])
def test_a_text_without_words_has_no_sector(taxonomy: Taxonomy, text: str) -> None:
    assert taxonomy.sectors_of(text, "en") == taxonomy.sectors_of(text, None) == ()


def test_decomposed_letters_and_invisible_characters_change_nothing(taxonomy: Taxonomy) -> None:
    assert taxonomy.sectors_of("agri\u00adculture", "en") == ("agriculture",)
    assert taxonomy.sectors_of("e\u0301nergie", "fr") == ("green_energy",)


# -- names


def test_every_sector_has_a_name_in_three_languages(taxonomy: Taxonomy) -> None:
    assert len(taxonomy.sectors) == 15
    assert taxonomy.labels("labour") == {
        "en": "labour and employment",
        "fr": "travail et emploi",
        "vi": "lao động và việc làm",
    }
    with pytest.raises(KeyError):
        taxonomy.labels("alchemy")


@pytest.mark.parametrize(
    ("word", "sector"),
    [
        ("green_energy", "green_energy"),
        ("Green energy", "green_energy"),
        ("COMMERCE ET INVESTISSEMENT", "trade_investment"),
        ("ban dan", "semiconductors"),
        ("việc làm", "labour"),
        ("oda", "finance"),
        ("chips", "semiconductors"),
        ("e-commerce", None),  # of two sectors
        ("company", None),  # only hints
        ("river bank", None),
        ("alchemy", None),
        ("", None),
        ("?!", None),
    ],
)
def test_a_sector_is_named_by_its_id_a_name_or_a_term_in_any_language(
    taxonomy: Taxonomy, word: str, sector: str | None
) -> None:
    assert taxonomy.named(word) == sector


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sector_is_found_by_each_of_its_names(taxonomy: Taxonomy, lang: str) -> None:
    for sector in taxonomy.sectors:
        assert taxonomy.named(taxonomy.labels(sector)[lang]) == sector
        assert sector in taxonomy.sectors_of(taxonomy.labels(sector)[lang], lang)


# -- the file of an operator


def test_a_file_adds_sectors_and_terms(tmp_path: Path) -> None:
    path = written(
        tmp_path, "# mines", NAMES, "mining\trare_earth", "", "health\tyoga", "-\tgold medal\t\t"
    )
    with pytest.raises(TermTableError, match=r"line 5: the term table has no concept 'yoga'"):
        load_taxonomy(path)
    path = written(tmp_path / "..", NAMES, "mining\trare_earth", "health\tyoga\t\t")
    own = load_taxonomy(path)
    assert own.sectors == (*load_taxonomy().sectors, "mining")
    assert own.sectors_of("Rare earths, yoga and tourism.", "en") == ("health", "mining", "tourism")
    assert own.fingerprint != load_taxonomy().fingerprint


def test_a_written_hint_is_one_though_a_concept_has_the_form(tmp_path: Path) -> None:
    lines = ["!replace", NAMES, "mining\trare_earth"]
    plain = load_taxonomy(written(tmp_path, *lines))
    assert plain.sectors_of("Rare earths.", "en") == ("mining",)
    forms = "|".join(plain.rows["mining"][0][1:])
    (tmp_path / "hints").mkdir()
    hinted = load_taxonomy(written(tmp_path / "hints", *lines, f"mining?\t{forms}\t\t"))
    assert hinted.sectors_of("Rare earths.", "en") == ()
    assert hinted.sectors_of("Rare earths.", "en", ["mining"]) == ("mining",)


def test_a_first_line_replaces_what_is_packaged(tmp_path: Path) -> None:
    own = load_taxonomy(written(tmp_path, "!replace", NAMES, "-\tdata mining\t\t"))
    assert own.sectors == ("mining",)
    assert own.sectors_of("Mining and tourism.", "en") == ("mining",)
    assert own.sectors_of("Data mining.", "en") == ()


def test_a_concept_of_a_term_table_of_the_operator_can_be_named(tmp_path: Path) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("quartz_vein\tquartz vein\tfilon de quartz\t\n", encoding="utf-8")
    own = load_taxonomy(written(tmp_path, NAMES, "mining\tquartz_vein"), terms)
    assert own.sectors_of("Un filon de quartz.", "fr") == ("mining",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("mining\tgold\tor", "expected 2 fields .* or 4 .* found 3"),
        ("mining", "found 1"),
        ("Mining\tgold\tor\tvàng", "sector 'Mining' is not lower-case"),
        ("!replace\tgold\tor\tvàng", "sector '!replace' is not lower-case"),
        ("mines\tgold\t\t", "the first line of sector 'mines' has to name it in en, fr and vi"),
        ("mines\trare_earth", "the first line of sector 'mines' has to name it"),
        ("mines?\tgold\tor\tvàng", "the first line of sector 'mines' has to name it"),
        ("mines\tMining\tor\tvàng", "'mines' names sector 'mining' already"),
        ("mining\tgold|?\tor\tvàng", "form '\\?' \\(en\\) has no word"),
        ("mining\tgold||ore\tor\tvàng", "form '' \\(en\\) has no word"),
        ("mining\t\t\t", "has no form"),
        ("mining\t", "has no concept"),
        ("mining\trare_earth no_such_ore", "the term table has no concept 'no_such_ore'"),
    ],
)
def test_a_broken_line_is_refused_by_its_number(tmp_path: Path, line: str, reason: str) -> None:
    path = written(tmp_path, "!replace", "# mines", NAMES, line)
    with pytest.raises(TermTableError, match=f"sectors.tsv, line 4: .*{reason}") as caught:
        load_taxonomy(path)
    assert caught.value.line == 4


def test_a_file_that_is_missing_empty_or_not_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TermTableError, match="cannot be read"):
        load_taxonomy(tmp_path / "none.tsv")
    with pytest.raises(TermTableError, match="names no sector"):
        load_taxonomy(written(tmp_path, "!replace"))
    (tmp_path / "latin.tsv").write_bytes(b"# mines\nmining\tmines \xe9\n")
    with pytest.raises(TermTableError, match="line 2: is not UTF-8"):
        load_taxonomy(tmp_path / "latin.tsv")


def test_the_fingerprint_leaves_comments_and_order_out(tmp_path: Path) -> None:
    lines = [NAMES, "mining\tgold\tor\tvàng", "mining\tiron\t\tsắt"]
    one = load_taxonomy(written(tmp_path, "!replace", *lines))
    (tmp_path / "two").mkdir()
    two = load_taxonomy(
        written(tmp_path / "two", "!replace", lines[0], "# ores", lines[2], lines[1])
    )
    assert one.fingerprint == two.fingerprint
    assert len(one.fingerprint) == 64


# -- terms for ranking


def test_terms_that_only_the_taxonomy_has_become_concepts(tmp_path: Path) -> None:
    own = load_taxonomy(
        written(
            tmp_path,
            "!replace",
            NAMES,
            "mining\topen-cast mine|mine\tmine à ciel ouvert\tmỏ lộ thiên",
            "mining\tpit\t\t",
            "mining?\tshaft\tpuits\t",
        )
    )
    concepts = concepts_of(own)
    assert concepts["sector_open_cast_mine"] == (
        ("open-cast mine",),  # `mine` is of the term table
        ("mine à ciel ouvert",),
        ("mỏ lộ thiên",),
    )
    assert not [name for name in concepts if "pit" in name]


def test_the_packaged_terms_add_to_the_term_table_without_a_clash(taxonomy: Taxonomy) -> None:
    table, concepts = TermTable.load(), concepts_of(taxonomy)
    assert len(concepts) > 100
    assert not concepts.keys() & table.rows.keys()
    assert len(TermTable({**table.rows, **concepts})) == len(table) + len(concepts)


def test_every_packaged_sector_has_terms_in_each_language(taxonomy: Taxonomy) -> None:
    for sector in taxonomy.sectors:
        assert min(map(len, taxonomy.rows[sector])) > 9, sector
