import pytest

from index.commonness import passage_share


@pytest.mark.parametrize(
    ("common", "rare", "lang"),
    [("the", "ferry", "en"), ("le", "récolte", "fr"), ("của", "gạo", "vi")],
)
def test_a_common_word_stands_in_more_passages_than_a_rare_one(
    common: str, rare: str, lang: str
) -> None:
    assert 1 >= passage_share(common, lang) > 0.5 > passage_share(rare, lang) > 0


def test_a_word_is_looked_up_in_the_language_of_the_question() -> None:
    assert passage_share("thé", "fr") > passage_share("thé", "en")


@pytest.mark.parametrize("lang", ["de", None])
def test_another_language_is_read_as_english(lang: str | None) -> None:
    assert passage_share("ferry", lang) == passage_share("ferry", "en")


@pytest.mark.parametrize("word", ["", "zqxjkwv"])
def test_a_word_that_no_list_knows_stands_nowhere(word: str) -> None:
    assert passage_share(word, "en") == 0
