"""Folding, words with their spans, spelling variants, stems, stop words, encoder text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snowballstemmer import stemmer

from index.articles import Span
from index.text import (
    STOP_WORDS,
    Word,
    _read_variants,
    encoder_text,
    fold,
    is_marked,
    is_stop_word,
    stem,
    words,
)

NEWS_LETTERS = st.text(
    "abzAZ019 .,'’-–&_\n\u00a0\u202f\u200b\u00adéèêëçœÆßıİđĐơưạảấầẫỹÔŁøñ石破がガ、。한Йё½²ﬁ"
)


def terms(text: str, lang: str | None) -> list[str]:
    return [stem(word, lang) for word in words(text)]


def folded(text: str) -> list[str]:
    return [word.folded for word in words(text)]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Đà Lạt", "da lat"),
        ("Ðà", "da"),
        ("Œuvre", "oeuvre"),
        ("Straße", "strasse"),
        ("Þingvellir", "thingvellir"),
        ("İstanbul Işık", "istanbul isik"),
        ("Əliyev", "aliyev"),
        ("ﬁnance № ２０２３", "finance no 2023"),
        ("l’accord – “signé”", 'l\'accord - "signe"'),
        ("Viet\u200bnam\u200e co\u00adop", "vietnam coop"),
        ("й", "и"),
    ],
)
def test_a_text_typed_without_its_marks_folds_alike(written: str, typed: str) -> None:
    assert fold(written) == typed
    assert fold(unicodedata.normalize("NFD", written)) == typed


def test_japanese_voicing_and_indic_vowels_are_letters_and_stay() -> None:
    assert fold("がｶﾞ") == "がガ"
    assert fold("हिन्दी") == "हिन्दी"


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_word_leads_back_to_the_stored_text() -> None:
    text = "L’Éthiopie, à Hà Nội."
    assert words(text) == [
        Word("l", "l", Span(0, 1)),
        Word("éthiopie", "ethiopie", Span(2, 10)),
        Word("à", "a", Span(12, 13)),
        Word("hà nội", "hanoi", Span(14, 20)),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "l'Assemblée qu’il n'a jusqu'ici",
            ["l", "assemblee", "qu", "il", "n", "a", "jusqu", "ici"],
        ),
        ("Aujourd’hui, aujourd'hui", ["aujourd'hui", "aujourd'hui"]),
        ("Japan's KOREA’S countries'", ["japan", "korea", "countries"]),
        ("don't CAN’T", ["don't", "can't"]),
        ("Vietnam-Japan post–war a_b", ["vietnam", "japan", "post", "war", "a", "b"]),
        ("the U.S. and the U.N.; U.S.A, p.m.", ["the", "us", "and", "the", "un", "usa", "pm"]),
        ("M. Macron", ["m", "macron"]),
        ("AT&T R&D fish & chips", ["at&t", "r&d", "fish", "chips"]),
        ("CO₂ 5G G7 1st", ["co2", "5g", "g7", "1st"]),
        ("日本の首相 中", ["日本", "本の", "の首", "首相", "中"]),
        ("ASEAN首脳", ["asean", "首脳"]),
        ("ガンダム", ["ガン", "ンダ", "ダム"]),
        ("が\u00adガ\ufe00", ["がガ"]),
        ("한국 대통령", ["한국", "대통령"]),
        ("  …!? ", []),
    ],
)
def test_a_text_is_cut_into_words(text: str, expected: list[str]) -> None:
    assert folded(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5,500 5.500 5\u00a0500 5\u202f500", ["5500"] * 4),
        ("5 500 hommes", ["5500", "hommes"]),
        ("12,345,678 12.345.678 12 345 678", ["12345678"] * 3),
        ("78.6 1,5 0.125 0,125", ["78.6", "1.5", "0.125", "0.125"]),
        ("1,234.56 1.234,56 1 234,56", ["1234.56"] * 3),
        ("US$78.6bn", ["us", "78.6", "bn"]),
        ("in 2023 500 people", ["in", "2023", "500", "people"]),
        ("28.4.2025 1.2.3", ["28", "4", "2025", "1", "2", "3"]),
        ("4.5% in 2023.", ["4.5", "in", "2023"]),
        ("20-21, 9:30", ["20", "21", "9", "30"]),
    ],
)
def test_a_number_is_one_word_in_every_notation(text: str, expected: list[str]) -> None:
    assert folded(text) == expected


@pytest.mark.parametrize(
    ("canonical", "spellings"),
    [
        ("hanoi", ["Hà Nội", "Ha Noi", "Hanoi", "Hà-nội", "Hanoï", "HÀ NỘI"]),
        ("vietnam", ["Việt Nam", "Viet Nam", "Viêt Nam", "Vietnam", "Viet-Nam", "Viêtnam"]),
        ("saigon", ["Sài Gòn", "Saigon", "Sai Gon", "Saïgon"]),
        (
            "hochiminhcity",
            [
                *["TP.HCM", "TP. HCM", "TPHCM", "TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh"],
                *["Ho Chi Minh City", "Hô-Chi-Minh-Ville", "thanh pho ho chi minh", "HCMC"],
            ],
        ),
        ("tokyo", ["Tokyo", "Tôkyô", "Tōkyō"]),
        ("osaka", ["Osaka", "Ōsaka"]),
        ("danang", ["Đà Nẵng", "Da Nang", "Danang"]),
        ("haiphong", ["Hải Phòng", "Hai Phong", "Haiphong"]),
        ("hue", ["Huế", "Hue", "Hué"]),
    ],
)
def test_every_spelling_of_a_place_is_one_word(canonical: str, spellings: list[str]) -> None:
    for spelling in spellings:
        text = f"à {spelling}, oui"
        [_, place, _] = words(text)
        assert place.folded == canonical
        assert place.span.slice(text) == spelling
        assert [w.folded for w in words(unicodedata.normalize("NFD", text))] == [
            "a",
            canonical,
            "oui",
        ]


def test_other_marks_on_the_same_letters_are_other_words() -> None:
    assert folded("hai phòng") == ["hai", "phong"]
    assert folded("đã nặng") == ["da", "nang"]


def test_words_apart_in_the_text_are_not_one_place() -> None:
    assert folded("Ha, Noi") == ["ha", "noi"]
    assert folded("Hồ Chí Minh") == ["ho", "chi", "minh"]


def test_a_merged_place_keeps_what_was_typed() -> None:
    [word] = words("Đà-Nẵng")
    assert (word.written, word.span) == ("đà nẵng", Span(0, 7))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["Hanoi\tHà Nội", "Hue"], "line 2: expected"),
        (["# names", "", "Hanoi\tHà Nội||Hanoï"], "line 3: expected"),
        (["\tHà Nội"], "line 1: expected"),
        (["Hanoi\tHà Nội", "Huế\tHa Noi"], "line 2: 'ha noi' already stands for 'Hanoi'"),
    ],
)
def test_a_broken_line_of_variants_is_named(lines: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _read_variants(lines)


@settings(deadline=None)
@given(NEWS_LETTERS)
def test_composed_and_decomposed_text_hold_the_same_words(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert folded(composed) == folded(decomposed)
    assert [w.written for w in words(composed)] == [w.written for w in words(decomposed)]


@settings(deadline=None)
@given(NEWS_LETTERS)
def test_every_span_covers_its_word_and_spans_move_on(text: str) -> None:
    found = words(text)
    for word in found:
        typed = word.span.slice(text)
        if " " not in word.written:
            assert fold(typed) == fold(word.written)
        assert word.folded
    starts = [word.span.start for word in found]
    assert starts == sorted(set(starts))


@settings(deadline=None)
@given(st.text())
def test_any_text_at_all_has_words_with_valid_spans(text: str) -> None:
    assert all(word.span.end <= len(text) for word in words(text))


def test_a_long_run_without_spaces_is_cut_like_a_short_one() -> None:
    assert folded("a-" * 50) == ["a"] * 50


@pytest.mark.parametrize("word", ["Đông", "chính", "œuvre", "é", "øre"])
def test_a_word_with_marks_or_letters_that_fold_away_is_marked(word: str) -> None:
    assert is_marked(word)
    assert is_marked(unicodedata.normalize("NFD", word))
    assert is_marked(words(word)[0])


@pytest.mark.parametrize("word", ["Dong", "chinh", "don’t", "78.6", "straße", "日本", "ガ", "５"])
def test_a_plain_word_is_not_marked(word: str) -> None:
    assert not is_marked(word)


@pytest.mark.parametrize(
    "text",
    [
        "élections présidentielles",
        "la première coopération développée",
        "les forêts régénérées, née, nées, créé, créée",
        "l'activité financière très régulière d'aujourd'hui",
    ],
)
def test_french_typed_without_accents_has_the_same_terms(text: str) -> None:
    assert terms(text, "fr") == terms(fold(text), "fr")


@pytest.mark.parametrize(
    ("lang", "forms", "expected"),
    [
        ("fr", ["développé", "développer", "développés", "développée", "développées"], "developp"),
        ("fr", ["premier", "première", "premières"], "premi"),
        ("en", ["cooperation", "cooperate", "cooperating"], "cooper"),
        ("vi", ["thủ", "thu"], "thu"),
        (None, ["cooperating"], "cooperating"),
        ("de", ["Länder"], "lander"),
        ("fr", ["Hà Nội", "Hanoï"], "hanoi"),
    ],
)
def test_forms_of_a_word_share_a_stem(lang: str | None, forms: list[str], expected: str) -> None:
    assert {stem(words(form)[0], lang) for form in forms} == {expected}


def test_a_stem_is_snowballs_own() -> None:
    assert stem("negotiations", "en") == stemmer("english").stemWord("negotiations") == "negoti"


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Who is the prime minister?", ["prime", "minist"]),
        ("en", "What did they agree on, and when?", ["agre"]),
        ("fr", "Qu'est-ce que l'accord ?", ["accord"]),
        ("fr", "Où est né l'accord", ["ne", "accord"]),
        ("vi", "Thủ tướng Việt Nam là ai?", ["thu", "tuong", "vietnam"]),
        ("vi", "thu tuong viet nam la ai", ["thu", "tuong", "vietnam"]),
        (None, "Who is he", ["who", "is", "he"]),
        ("en", "Who is it?", []),
        ("en", "", []),
    ],
)
def test_stop_words_of_a_language_carry_no_topic(
    lang: str | None, text: str, expected: list[str]
) -> None:
    content = [word for word in words(text) if not is_stop_word(word, lang)]
    assert [stem(word, lang) for word in content] == expected


def test_marks_that_are_typed_decide_whether_a_vietnamese_word_is_a_stop_word() -> None:
    verdicts = {w.written: is_stop_word(w, "vi") for w in words("là la lá cả án của cua")}
    assert verdicts == {
        **{"là": True, "la": True, "của": True, "cua": True},
        **{"lá": False, "cả": False, "án": False},
    }


def test_stop_words_are_listed_as_words_are_written() -> None:
    for listed in STOP_WORDS.values():
        assert all([w.written for w in words(entry)] == [entry] for entry in listed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Thủ tướng\n tại  Hà Nội,\u00a0Đà-Nẵng ", "Thu tuong tai Hanoi, Danang"),
        ("việt nam và TP.HCM", "Vietnam va Ho Chi Minh City"),
        ("“Łódź” — l’accord\u200b", '"Lodz" - l\'accord'),
        ("石破茂 met PM Ishiba", "石破茂 met PM Ishiba"),
        ("", ""),
    ],
)
def test_the_encoder_reads_plain_letters_in_their_case(text: str, expected: str) -> None:
    assert encoder_text(text) == expected


def test_a_sign_for_several_words_is_one_term_and_a_mark_alone_is_none() -> None:
    [word] = words("ﷺ")
    assert word.folded == "صلىاللهعليهوسلم"
    assert words("\ufe70 \u037a") == []
    assert [len(word.folded) for word in words("é" * 70_000)] == [500]
