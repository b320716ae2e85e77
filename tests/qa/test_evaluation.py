"""Three questions whose every figure can be worked out by hand, and what surrounds them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from index.articles import Article, Facets, Source, Span
from index.errors import ArticleNotFoundError
from qa.answers import Answer, Citation, Hit, Turn
from qa.errors import BadQuestionError
from qa.evaluation import BadEvaluationError, Evaluation, Figure, History, evaluate
from qa.questionset import Gold, LabelledQuestion

FERRY = Article("ferry", "The ferry resumes in May. It costs two euros.", lang="en")
BRIDGE = Article("bridge", "Le pont ferme en juin. Il rouvre en août.", lang="fr")
TUNNEL = Article("tunnel", "The tunnel stays shut.", lang="en")
ARTICLES = {article.id: article for article in (FERRY, BRIDGE, TUNNEL)}


@dataclass
class Script:
    """An asker that says what it was told: per question the sentences it finds, and how surely.

    A sentence is (article id, sentence). All of them are hits in that order; the first `cites`
    become citations.
    """

    found: Mapping[str, Sequence[tuple[str, str]]]
    confidence: Mapping[str, float]
    cites: Mapping[str, int]
    generation: int = 7
    asked: list[tuple[str, Sequence[Turn], Facets, int]] = field(default_factory=list)

    def ask_with_hits(
        self, question: str, turns: Sequence[Turn], where: Facets, depth: int
    ) -> tuple[Answer, Sequence[Hit]]:
        self.asked.append((question, turns, where, depth))
        hits = []
        for rank, (article_id, sentence) in enumerate(self.found[question], 1):
            text = ARTICLES[article_id].text
            span = Span(text.index(sentence), text.index(sentence) + len(sentence))
            source = Source(article_id, ARTICLES[article_id].sha256)
            hits.append(Hit(rank, source, span, sentence, 1 / rank, rank))
        cited = tuple(
            Citation(hit.rank, hit.source, hit.span, hit.text)
            for hit in hits[: self.cites.get(question, 0)]
        )
        answer = Answer(
            question=question,
            resolved_question=question,
            answered=bool(cited),
            reason=None if cited else "weak_evidence",
            confidence=self.confidence[question],
            answer=" ".join(f"{one.quote} [{one.number}]" for one in cited),
            citations=cited,
            nearest=() if cited else tuple(hits),
            mode="extractive",
            generation=self.generation,
            took_ms={"search": 4.0},
        )
        return answer, hits[:depth]


class Shelf:
    """Texts of articles, in memory."""

    def __init__(self, *articles: Article) -> None:
        self.kept = {(article.id, article.sha256): article.text for article in articles}

    def text(self, article_id: str, sha256: str) -> str:
        if (article_id, sha256) not in self.kept:
            raise ArticleNotFoundError(article_id, sha256)
        return self.kept[article_id, sha256]


WHEN = LabelledQuestion(
    "when",
    "When?",
    lang="en",
    kind="date",
    relevant=("ferry",),
    evidence=(Gold("ferry", "The  ferry resumes in May."),),
    answerable=True,
    labels={"lang": "en", "kind": "date"},
)
QUAND = LabelledQuestion(
    "quand",
    "Quand ?",
    lang="fr",
    kind="date",
    relevant=("bridge",),
    evidence=(Gold("bridge", "Il rouvre en août."),),
    answerable=True,
    labels={"lang": "fr", "kind": "date"},
)
WHY = LabelledQuestion(
    "why", "Why?", lang="en", kind="none", answerable=False, labels={"lang": "en", "kind": "none"}
)
QUESTIONS = [WHEN, QUAND, WHY]


@pytest.fixture
def script() -> Script:
    return Script(
        found={
            # Right at once: the gold sentence, then another passage of the same article.
            "When?": [("ferry", "The ferry resumes in May."), ("ferry", "It costs two euros.")],
            # Right article second; its gold sentence is only the third citation.
            "Quand ?": [
                ("tunnel", "The tunnel stays shut."),
                ("bridge", "Le pont ferme en juin."),
                ("bridge", "Il rouvre en août."),
            ],
            "Why?": [("tunnel", "The tunnel stays shut.")],
        },
        confidence={"When?": 0.9, "Quand ?": 0.5, "Why?": 0.7},
        cites={"When?": 1, "Quand ?": 3, "Why?": 1},
    )


def values(evaluation: Evaluation, group: str = "all") -> dict[str, float | None]:
    return {name: figure.value for name, figure in evaluation.figures[group].items()}


def test_every_figure_of_three_questions_is_the_one_counted_by_hand(script: Script) -> None:
    evaluation = evaluate(script, QUESTIONS, texts=Shelf(*ARTICLES.values()), resamples=20)
    assert values(evaluation) == {
        "Success@1": 0.5,
        "Success@5": 1.0,
        "nDCG@10": round((1 + 1 / math.log2(3)) / 2, 6),
        "RR@10": 0.75,
        "R@10": 1.0,
        "all@10": 1.0,
        "evidence@1": 0.5,
        "evidence@3": 1.0,
        "right": round(2 / 3, 6),
        "verbatim": 1.0,
        "answer_rate": 1.0,
        "false_answer_rate": 1.0,
        "AUROC": 0.5,
        # Bins 0.9 (right), 0.5 (right) and 0.7 (wrong), one reply each.
        "ECE": round((0.1 + 0.5 + 0.7) / 3, 6),
    }


def test_figures_are_told_apart_by_language_and_kind_with_their_number_of_questions(
    script: Script,
) -> None:
    evaluation = evaluate(script, QUESTIONS, resamples=20)
    assert list(evaluation.figures) == ["all", "kind=date", "kind=none", "lang=en", "lang=fr"]
    assert evaluation.figures["all"]["Success@1"].n == 2
    assert evaluation.figures["all"]["AUROC"].n == 3
    assert evaluation.figures["lang=fr"]["Success@1"] == Figure(0.0, 0.0, 0.0, 1)
    assert evaluation.figures["kind=none"]["Success@1"] == Figure(None, None, None, 0)
    assert evaluation.figures["kind=date"]["AUROC"] == Figure(None, None, None, 2)
    assert evaluation.figures["all"]["verbatim"].n == 0  # no texts were given to compare with
    assert list(evaluate(script, QUESTIONS, by=["lang"], resamples=1).figures) == [
        "all",
        "lang=en",
        "lang=fr",
    ]


def test_an_abstention_counts_against_the_evidence_and_for_honesty(script: Script) -> None:
    script.cites = {"Quand ?": 1}
    figures = values(evaluate(script, QUESTIONS, resamples=1))
    assert (figures["answer_rate"], figures["false_answer_rate"]) == (0.5, 0.0)
    assert (figures["evidence@1"], figures["evidence@3"]) == (0.0, 0.0)
    assert figures["right"] == 0.0  # the one reply given cites the wrong article
    assert figures["ECE"] == 0.5


def test_the_gold_sentence_must_stand_in_the_same_article(script: Script) -> None:
    moved = replace(WHEN, evidence=(Gold("bridge", "The ferry resumes in May."),))
    assert values(evaluate(script, [moved], resamples=1))["evidence@1"] == 0.0


def test_without_gold_sentences_a_reply_is_right_when_it_cites_a_relevant_article(
    script: Script,
) -> None:
    plain = [replace(question, evidence=()) for question in QUESTIONS]
    script.cites = {"When?": 1, "Quand ?": 1}
    evaluation = evaluate(script, plain, resamples=1)
    assert evaluation.figures["all"]["right"].value == 0.5
    assert evaluation.figures["all"]["evidence@1"].n == 0


def test_a_quote_that_is_not_in_the_stored_text_lowers_verbatim(script: Script) -> None:
    evaluation = evaluate(script, QUESTIONS, texts=Shelf(BRIDGE, TUNNEL), resamples=1)
    assert [outcome.scores["verbatim"] for outcome in evaluation.run] == [0.0, 1.0, 1.0]


def test_the_run_keeps_what_was_ranked_and_cited(script: Script) -> None:
    outcome = evaluate(script, QUESTIONS, resamples=1).run[1]
    assert outcome.articles == ("tunnel", "bridge")
    assert [(one.article_id, one.start, one.end) for one in outcome.citations] == [
        ("tunnel", 0, 22),
        ("bridge", 0, 22),
        ("bridge", 23, 41),
    ]
    assert outcome.scores["RR@10"] == 0.5


def test_only_the_first_passages_make_the_ranking(script: Script) -> None:
    outcome = evaluate(script, QUESTIONS, depth=1, resamples=1).run[1]
    assert outcome.articles == ("tunnel",)
    assert outcome.scores["Success@5"] == 0.0


@pytest.mark.parametrize(
    ("history", "asked", "turns"),
    [
        ("resolve", "Quand ?", (Turn("Le pont ?"),)),
        ("ignore", "Quand ?", ()),
        ("rewrite", "When?", ()),
    ],
)
def test_earlier_turns_are_given_ignored_or_replaced_by_the_rewrite(
    script: Script, history: History, asked: str, turns: tuple[Turn, ...]
) -> None:
    follow_up = replace(QUAND, turns=(Turn("Le pont ?"),), rewrite="When?", corpus_lang="fr")
    evaluate(script, [follow_up], history=history, resamples=1)
    assert script.asked == [(asked, turns, Facets(lang="fr"), 50)]


def test_a_gold_article_that_left_the_library_is_an_orphan_not_a_miss(script: Script) -> None:
    both = replace(QUAND, relevant=("bridge", "gone"))
    lost = replace(WHEN, relevant=("gone",), evidence=(Gold("gone", "Lost."),))
    evaluation = evaluate(script, [both, lost, WHY], known=ARTICLES.__contains__, resamples=1)
    assert [outcome.orphans for outcome in evaluation.run] == [("gone",), ("gone",), ()]
    assert evaluation.run[0].scores["R@10"] == 1.0
    assert evaluation.run[1].answerable is None
    assert evaluation.run[1].scores == {}
    assert evaluation.figures["all"]["answer_rate"].n == 1


def test_progress_is_told_after_every_question(script: Script) -> None:
    told: list[tuple[int, int]] = []
    evaluate(script, QUESTIONS, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_timing_is_given_in_total_and_by_stage(script: Script) -> None:
    timing = evaluate(script, QUESTIONS, resamples=1).timing
    assert list(timing) == ["total", "search"]
    assert timing["search"] == {"mean": 4.0, "median": 4.0, "p95": 4.0}
    assert 0 <= timing["total"]["median"] <= timing["total"]["p95"]


def test_an_evaluation_comes_back_from_its_json_and_two_are_equal_but_for_the_time(
    script: Script,
) -> None:
    texts = Shelf(*ARTICLES.values())
    first, second = (
        evaluate(script, QUESTIONS, texts=texts, settings={"encoder": "words"}, resamples=50)
        for _ in range(2)
    )
    assert Evaluation.from_json(first.to_json()) == first
    bodies = [json.loads(one.to_json()) for one in (first, second)]
    assert bodies[0].pop("timing").keys() == bodies[1].pop("timing").keys()
    assert json.dumps(bodies[0]) == json.dumps(bodies[1])
    assert list(bodies[0]) == ["format", "generation", "settings", "figures", "run"]
    assert bodies[0]["generation"] == 7
    assert bodies[0]["settings"] == {
        "encoder": "words",
        "depth": 50,
        "history": "resolve",
        "by": ["lang", "kind"],
        "resamples": 50,
        "seed": 0,
    }


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": 9}'])
def test_what_is_no_saved_evaluation_is_refused(text: str) -> None:
    with pytest.raises(BadEvaluationError):
        Evaluation.from_json(text)


def test_an_interval_is_around_its_figure(script: Script) -> None:
    many = [replace(WHEN, id=f"w{n}") for n in range(30)]
    many += [replace(QUAND, id=f"q{n}") for n in range(30)]
    figure = evaluate(script, many).figures["all"]["Success@1"]
    assert figure.value == 0.5
    assert figure.low is not None
    assert figure.high is not None
    assert 0.3 < figure.low < 0.45 < 0.55 < figure.high < 0.7


def test_a_question_that_cannot_be_asked_is_named() -> None:
    class Strict:
        generation = 1

        def ask_with_hits(
            self, question: str, turns: Sequence[Turn], where: Facets, depth: int
        ) -> tuple[Answer, Sequence[Hit]]:
            raise BadQuestionError("the question is too long")

    with pytest.raises(BadQuestionError, match="question 'when': the question is too long"):
        evaluate(Strict(), [WHEN])


def test_no_questions_make_an_evaluation_without_figures(script: Script) -> None:
    evaluation = evaluate(script, [])
    assert set(evaluation.figures["all"].values()) == {Figure(None, None, None, 0)}
