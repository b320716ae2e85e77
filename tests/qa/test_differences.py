import dataclasses

import pytest

from index import Article
from qa import BadQuestionError, Differences, LabelledQuestion, diff
from qa.differences import Cause, ChangedReply, Shown
from tests.fakes import WordEmbedder
from tests.qa.homes import FERRY, HARVEST, Home

QUESTION = LabelledQuestion("q1", "When does the Gdańsk ferry resume?")
TWO_QUOTES = LabelledQuestion("q1", "ferry cabin")
OTHERS = (
    LabelledQuestion("q2", "la récolte de blé en avril"),
    LabelledQuestion("q3", "Who won the football match?"),
)
NEWS = Article("news", "The Gdańsk ferry will resume on Friday. It is green.", lang="en")


def compared(home: Home, *questions: LabelledQuestion) -> Differences:
    """Generation 1 beside generation 2."""
    return diff(
        home.answerer(generation=1), home.answerer(generation=2), questions or (QUESTION, *OTHERS)
    )


def only(differences: Differences) -> ChangedReply:
    [changed] = differences.changed
    assert changed.id == "q1"
    return changed


def test_a_generation_does_not_differ_from_itself(built: Home) -> None:
    one, other = built.answerer(), built.answerer()
    assert diff(one, other, [QUESTION, *OTHERS]) == Differences(1, 1, same=3, changed=())


def test_replies_that_stay_are_counted_though_scores_move(home: Home) -> None:
    home.build(Article("sea", "Nothing but waves. Salt and wind.", lang="en"))
    assert compared(home, QUESTION, OTHERS[0]) == Differences(1, 2, same=2, changed=())


def test_a_new_article_that_is_quoted_is_the_cause(home: Home) -> None:
    home.build(NEWS)
    found = compared(home, QUESTION, OTHERS[0])
    changed = only(found)
    assert (found.before, found.after, found.same) == (1, 2, 1)
    assert changed.question == QUESTION.question
    assert changed.causes == (Cause("added", "article 'news' was added", "news"),)
    assert changed.before.shown[0].article_id == "ferry"
    assert changed.after.shown[0] == Shown("news", 0, 39, "The Gdańsk ferry will resume on Friday.")


def test_an_article_that_went_is_the_cause(home: Home) -> None:
    home.library.remove("ferry")
    home.build()
    changed = only(compared(home, QUESTION, OTHERS[0]))
    assert Cause("removed", "article 'ferry' was removed", "ferry") in changed.causes
    assert (changed.before.answered, changed.after.answered) == (True, False)
    assert changed.after.message


@pytest.mark.parametrize(
    ("edited", "what"),
    [
        (dataclasses.replace(FERRY, text=FERRY.text.replace("Monday", "Friday")), "text"),
        (dataclasses.replace(FERRY, text=f"\n{FERRY.text}"), "text"),
        (dataclasses.replace(FERRY, outlet="Coast", url="https://x.org/1"), "outlet, url"),
    ],
)
def test_an_article_that_was_edited_is_the_cause_though_its_words_stay(
    home: Home, edited: Article, what: str
) -> None:
    home.build(edited)
    [cause] = only(compared(home, QUESTION, OTHERS[0])).causes
    assert cause == Cause("edited", f"article 'ferry' was edited ({what})", "ferry")


def test_a_reply_that_other_articles_moved_says_so(home: Home) -> None:
    """The name becomes known by an article that is in another language than is asked for."""
    question = LabelledQuestion("q1", "la récolte de Wisława Szymborska", corpus_lang="fr")
    home.build(Article("poet", "Wisława Szymborska wrote of it.", lang="en"))
    changed = only(compared(home, question))
    assert [each.article_id for each in changed.after.shown] == ["harvest"]
    assert changed.before.message != changed.after.message
    assert [cause.kind for cause in changed.causes] == ["ranking"]


def test_other_settings_are_a_cause(home: Home) -> None:
    home.build(dataclasses.replace(FERRY, text=f"{FERRY.text} {FERRY.text}"), HARVEST)
    home.build(pieces=200)
    found = diff(
        home.answerer(generation=2), home.answerer(generation=3, max_citations=1), [TWO_QUOTES]
    )
    assert only(found).causes == (Cause("settings", "passage_pieces 32 → 200"),)


class Retrained(WordEmbedder):
    fingerprint = "words-64-retrained"


def test_another_encoder_is_a_cause(home: Home) -> None:
    home.build(embedder=Retrained())
    after = home.answerer(generation=2, embedder=Retrained(), max_citations=1)
    found = diff(home.answerer(generation=1, max_citations=3), after, [TWO_QUOTES])
    assert only(found).causes == (Cause("encoder", "other weights of words"),)


def test_the_same_articles_read_otherwise_are_told_as_another_version(built: Home) -> None:
    one, other = built.answerer(max_citations=3), built.answerer(max_citations=1)
    [cause] = only(diff(one, other, [TWO_QUOTES])).causes
    assert cause.kind == "program"


def test_a_question_that_cannot_be_asked_is_named(built: Home) -> None:
    with pytest.raises(BadQuestionError, match="question 'q9': "):
        diff(built.answerer(), built.answerer(), [LabelledQuestion("q9", "?")])


def test_progress_is_told_question_by_question(built: Home) -> None:
    told: list[tuple[int, int]] = []
    diff(built.answerer(), built.answerer(), OTHERS, lambda *counts: told.append(counts))
    assert told == [(1, 2), (2, 2)]
