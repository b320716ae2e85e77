from pathlib import Path
from types import MappingProxyType

import pytest

from index.analysis import Analyser, TextTerms, load_analyser
from index.articles import Article
from index.concepts import TermTable
from index.errors import TermTableError

PLAIN = Analyser(TermTable({}))
ANALYSER = Analyser(
    TermTable(
        MappingProxyType(
            {
                "rice": (("rice", "paddy"), ("riz",), ("gạo",)),
                "minister": (("minister",), ("ministre",), ("bộ trưởng",)),
                "prime_minister": (("prime minister",), ("premier ministre",), ("thủ tướng",)),
            }
        )
    )
)
RICE = Article("gao", "Giá gạo tăng. Ministers met in Hà Nội.", title="Giá gạo Việt Nam", lang="vi")


def terms(text: str, lang: str | None, analyser: Analyser = ANALYSER) -> tuple[str, ...]:
    """The terms of a text of one sentence."""
    [sentence] = analyser.analyse(Article("a", text, lang=lang)).of
    return sentence.terms


def forms(question: str, lang: str | None, analyser: Analyser = PLAIN) -> list[tuple[str, ...]]:
    return [term.forms for term in analyser.query_terms(question, lang)]


# -- an article


def test_every_sentence_has_its_own_terms_in_the_order_of_the_text() -> None:
    analysis = PLAIN.analyse(RICE)
    assert [span.slice(RICE.text) for span in analysis.sentences] == [
        "Giá gạo tăng.",
        "Ministers met in Hà Nội.",
    ]
    assert [of.terms for of in analysis.of] == [
        ("gia", "gao", "tang"),
        ("ministers", "met", "in", "hanoi"),
    ]


def test_words_written_with_marks_are_kept_as_they_stand_and_their_places_among_the_others() -> (
    None
):
    assert [of.marked for of in ANALYSER.analyse(RICE).of] == [
        ("giá", "gạo", "tăng"),
        ("-", "-", "-", "hà_nội"),
    ]


def test_a_title_is_read_like_a_sentence() -> None:
    assert ANALYSER.analyse(RICE).title == TextTerms(
        ("gia", "gao", "vietnam", "=rice"), ("giá", "gạo", "việt_nam")
    )


def test_terms_are_stemmed_in_the_language_of_the_article() -> None:
    text = "Ministers visited factories."
    assert terms(text, "en", PLAIN) == ("minist", "visit", "factori")
    assert terms(text, "de", PLAIN) == ("ministers", "visited", "factories")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_text_without_sentences_has_no_terms(text: str) -> None:
    analysis = ANALYSER.analyse(Article("a", text))
    assert (analysis.sentences, analysis.of, analysis.title) == ((), (), TextTerms((), ()))


# -- the concepts of an article


def test_the_concepts_of_a_sentence_stand_after_its_words() -> None:
    analysis = ANALYSER.analyse(Article("a", "Le riz du ministre. Il pleut.", lang="fr"))
    assert [of.terms for of in analysis.of] == [
        ("le", "riz", "du", "ministr", "=rice", "=minister"),
        ("il", "pleut"),
    ]


def test_words_of_one_concept_in_two_languages_share_a_term() -> None:
    assert set(terms("Riz", "fr")) & set(terms("Paddy", "en")) == {"=rice"}
    assert set(terms("Riz", "fr", PLAIN)) & set(terms("Paddy", "en", PLAIN)) == set()


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("Prime minister", "en", ("prime", "minist", "=prime_minister")),
        ("Premiers ministres", "fr", ("premi", "ministr", "=prime_minister")),
        ("Thủ tướng", "vi", ("thu", "tuong", "=prime_minister")),
    ],
)
def test_a_concept_of_several_words_is_one_term_and_none_of_its_words(
    text: str, lang: str, expected: tuple[str, ...]
) -> None:
    assert terms(text, lang) == expected


def test_a_concept_does_not_reach_over_the_end_of_a_sentence() -> None:
    analysis = ANALYSER.analyse(
        Article("a", "They met in their prime. Minister Li left.", lang="en")
    )
    assert [term for of in analysis.of for term in of.terms if term[0] == "="] == ["=minister"]


# -- a question


def test_a_question_asks_for_a_word_as_it_stands_and_for_its_stem_in_each_language() -> None:
    assert forms("ministers", "en") == [("ministers", "minist", "minister")]


def test_a_question_asks_for_a_word_under_its_concept_too() -> None:
    assert forms("riz", "fr", ANALYSER) == [("riz", "=rice")]
    assert forms("ministers", "en", ANALYSER) == [("ministers", "minist", "minister", "=minister")]


def test_a_word_of_another_language_is_no_form_of_a_concept() -> None:
    assert forms("riz", "en", ANALYSER) == [("riz",)]
    assert forms("riz", None, ANALYSER) == [("riz", "=rice")]


@pytest.mark.parametrize(
    ("question", "lang"),
    [("prime minister", "en"), ("premier ministre", "fr"), ("thu tuong", "vi")],
)
def test_a_question_asks_for_a_concept_of_several_words_whatever_its_language(
    question: str, lang: str
) -> None:
    asked = {form for word in forms(question, lang, ANALYSER) for form in word}
    assert [form for form in asked if form[0] == "="] == ["=prime_minister"]


def test_stop_words_of_the_question_are_left_out() -> None:
    assert forms("When does the ferry sail?", "en") == [("ferry", "ferri"), ("sail",)]


def test_a_question_of_stop_words_only_keeps_them() -> None:
    assert [word for word, *_ in forms("who is it", "en")] == ["who", "is", "it"]


def test_a_stop_word_typed_with_other_marks_is_a_word_of_its_own() -> None:
    assert [term.written for term in PLAIN.query_terms("lá là gì", "vi")] == ["lá"]


@pytest.mark.parametrize("analyser", [PLAIN, ANALYSER])
def test_a_word_asked_for_twice_counts_once(analyser: Analyser) -> None:
    assert len(analyser.query_terms("rice Rice rice", "en")) == 1


def test_only_a_word_typed_with_marks_is_asked_for_as_written() -> None:
    assert [term.written for term in PLAIN.query_terms("Gdańsk ferry Hà Nội", "en")] == [
        "gdańsk",
        None,
        "hà_nội",
    ]


def test_each_word_of_a_concept_of_several_words_may_stand_as_the_concept() -> None:
    assert forms("prime minister of rice", "en", ANALYSER) == [
        ("prime", "prim", "=prime_minister"),
        ("minister", "minist", "=prime_minister"),
        ("rice", "ric", "=rice"),
    ]


@pytest.mark.parametrize(
    ("question", "lang", "named"),
    [
        ("Where did the ferry of Anna sail?", "en", ["Anna"]),
        ("Ferry prices", "en", []),
        ("the zqxjk ferry", "en", ["zqxjk"]),
        ("steel in 2025 and G7", "en", ["2025", "G7"]),
        ("Où est Claire ?", "fr", ["Claire"]),
        ("Zqxjk prices", "en", ["Zqxjk"]),
        ("Is zqxjk here?", "en", ["zqxjk"]),  # all questions begin with a capital
    ],
)
def test_a_number_a_capital_inside_a_question_and_a_word_no_language_has_are_names(
    question: str, lang: str, named: list[str]
) -> None:
    asked = PLAIN.query_terms(question, lang)
    assert [term.text for term in asked if term.named] == named


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Did Anna zqxjk the ferry?", ["Anna"]),
        ("the zqxjk of 2025 and G7", ["2025", "G7"]),
        ("Zqxjk met vrblx and Anna", ["Zqxjk", "Anna"]),
        ("zqxjk met VRBLX", ["VRBLX"]),
    ],
)
def test_who_writes_names_with_a_capital_writes_none_without(
    question: str, named: list[str]
) -> None:
    assert [term.text for term in PLAIN.query_terms(question, "en") if term.named] == named


def test_a_word_tells_how_common_it_is_in_the_language_of_the_question() -> None:
    [ferry, people] = PLAIN.query_terms("ferry people", "en")
    assert 0 < ferry.share < people.share <= 1


@pytest.mark.parametrize("question", ["", "  ", "?!"])
def test_a_question_without_words_has_no_terms(question: str) -> None:
    assert ANALYSER.query_terms(question, "en") == ()


# -- the table of an operator


def test_an_operator_adds_words_to_the_packaged_table(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("sandbar\tsandbar\tbanc de sable\t\n", encoding="utf-8")
    text, lang = "Des bancs de sable et du riz", "fr"
    assert [term for term in terms(text, lang, load_analyser(own)) if term[0] == "="] == [
        "=sandbar",
        "=rice",
    ]
    assert "=sandbar" not in terms(text, lang, load_analyser())


def test_a_broken_table_of_an_operator_is_refused_by_its_line(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("sandbar\tsandbar\n", encoding="utf-8")
    with pytest.raises(TermTableError, match=r"own\.tsv, line 1: expected 4 fields"):
        load_analyser(own)
