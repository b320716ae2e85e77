import pytest

from index.analysis import analyse, query_terms
from index.articles import Article

RICE = Article("gao", "Giá gạo tăng. Ministers met in Hà Nội.", title="Giá gạo Việt Nam", lang="vi")


def forms(question: str, lang: str | None) -> list[tuple[str, ...]]:
    return [term.forms for term in query_terms(question, lang)]


def test_every_sentence_has_its_own_terms_in_the_order_of_the_text() -> None:
    analysis = analyse(RICE)
    assert [span.slice(RICE.text) for span in analysis.sentences] == [
        "Giá gạo tăng.",
        "Ministers met in Hà Nội.",
    ]
    assert analysis.terms == (("gia", "gao", "tang"), ("ministers", "met", "in", "hanoi"))


def test_words_written_with_marks_are_kept_as_they_stand() -> None:
    assert analyse(RICE).marked == (("giá", "gạo", "tăng"), ("hà_nội",))


def test_a_title_is_read_like_a_sentence() -> None:
    analysis = analyse(RICE)
    assert analysis.title_terms == ("gia", "gao", "vietnam")
    assert analysis.title_marked == ("giá", "gạo", "việt_nam")


def test_terms_are_stemmed_in_the_language_of_the_article() -> None:
    assert analyse(Article("a", "Ministers visited factories.", lang="en")).terms == (
        ("minist", "visit", "factori"),
    )
    assert analyse(Article("a", "Ministers visited factories.", lang="de")).terms == (
        ("ministers", "visited", "factories"),
    )


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_text_without_sentences_has_no_terms(text: str) -> None:
    analysis = analyse(Article("a", text))
    assert (analysis.sentences, analysis.terms, analysis.title_terms) == ((), (), ())


def test_a_question_asks_for_a_word_as_it_stands_and_for_its_stem_in_each_language() -> None:
    assert forms("ministers", "en") == [("ministers", "minist", "minister")]


def test_stop_words_of_the_question_are_left_out() -> None:
    assert forms("When does the ferry sail?", "en") == [("ferry", "ferri"), ("sail",)]


def test_a_question_of_stop_words_only_keeps_them() -> None:
    assert [word for word, *_ in forms("who is it", "en")] == ["who", "is", "it"]


def test_a_stop_word_typed_with_other_marks_is_a_word_of_its_own() -> None:
    assert [term.written for term in query_terms("lá là gì", "vi")] == ["lá"]


def test_a_word_asked_for_twice_counts_once() -> None:
    assert len(query_terms("ferry Ferry ferry", "en")) == 1


def test_only_a_word_typed_with_marks_is_asked_for_as_written() -> None:
    assert [term.written for term in query_terms("Gdańsk ferry Hà Nội", "en")] == [
        "gdańsk",
        None,
        "hà_nội",
    ]


@pytest.mark.parametrize("question", ["", "  ", "?!"])
def test_a_question_without_words_has_no_terms(question: str) -> None:
    assert query_terms(question, "en") == ()
