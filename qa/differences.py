"""What two generations reply to the same questions: the replies that differ, and why.

A reply is what a reader is shown: the state, the quotes with their articles, or the words that were
missing and the nearest three passages. Scores and confidence move with every article that comes or
goes, and are no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from index import Facets, Manifest, Source
from qa.answering import Answerer
from qa.answers import Answer, Citation, Hit
from qa.errors import BadQuestionError
from qa.questionset import LabelledQuestion

_NEAREST = 3
_TABLES = {"terms": "the term table", "sectors": "the sectors"}  # known by their hashes

CauseKind = Literal["added", "edited", "removed", "settings", "encoder", "ranking", "program"]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a reply differs; `article_id` is set where one article is the cause."""

    kind: CauseKind
    detail: str
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote or a passage as it is shown, with its place in its article."""

    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What one generation replies; `shown` are its quotes, or the nearest passages."""

    answered: bool
    reason: str | None
    message: str
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class ChangedReply:
    """A question with both replies and the causes of their difference, at least one."""

    id: str
    question: str
    before: Reply
    after: Reply
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Differences:
    """The questions whose replies differ, in the order they were asked; `same` counts the rest."""

    before: int
    after: int
    same: int
    changed: tuple[ChangedReply, ...]


def diff(
    before: Answerer,
    after: Answerer,
    questions: Sequence[LabelledQuestion],
    progress: Callable[[int, int], None] | None = None,
) -> Differences:
    """Ask every question of both, with its earlier turns and within its `corpus_lang`.

    `progress` is called with (done, total).

    Raises:
        BadQuestionError: a question cannot be asked; the message names it.
    """
    was, now = _by_id(before.sources), _by_id(after.sources)
    general = _general_causes(before.manifest, after.manifest)
    if not general and before.sources == after.sources:
        general = (Cause("program", "the same articles, read by another version of the program"),)
    changed = []
    for done, question in enumerate(questions, 1):
        old, new = _ask(before, question), _ask(after, question)
        if _shown_whole(old) != _shown_whole(new):
            ids = dict.fromkeys([*_article_ids(old), *_article_ids(new)])
            causes = (*_article_causes(ids, was, now), *general) or (
                Cause("ranking", "other articles came, went or changed, and moved the ranking"),
            )
            changed.append(
                ChangedReply(question.id, question.question, _reply(old), _reply(new), causes)
            )
        if progress:
            progress(done, len(questions))
    same = len(questions) - len(changed)
    return Differences(before.generation, after.generation, same, tuple(changed))


def _ask(answerer: Answerer, question: LabelledQuestion) -> Answer:
    try:
        where = Facets(lang=question.corpus_lang)
        return answerer.ask(question.question, question.turns, where)
    except BadQuestionError as error:
        raise BadQuestionError(f"question {question.id!r}: {error.reason}") from error


def _by_id(sources: Sequence[Source]) -> dict[str, Source]:
    return {source.article_id: source for source in sources}


def _places(answer: Answer) -> Sequence[Citation | Hit]:
    """The citations, or the nearest passages."""
    return answer.citations if answer.answered else answer.nearest[:_NEAREST]


def _shown(place: Citation | Hit) -> Shown:
    text = place.quote if isinstance(place, Citation) else place.text
    return Shown(place.source.article_id, place.span.start, place.span.end, text)


def _reply(answer: Answer) -> Reply:
    shown = tuple(map(_shown, _places(answer)))
    return Reply(answer.answered, answer.reason, answer.message, shown)


def _shown_whole(answer: Answer) -> object:
    """All that a reader is shown, to be compared."""
    places = tuple((_shown(each), each.source, each.copies) for each in _places(answer))
    return answer.resolved_question, answer.answer, _reply(answer), places


def _article_ids(answer: Answer) -> list[str]:
    return [source.article_id for each in _places(answer) for source in (each.source, *each.copies)]


def _article_causes(
    ids: Sequence[str] | Mapping[str, None], was: Mapping[str, Source], now: Mapping[str, Source]
) -> list[Cause]:
    """What became of the articles that either reply shows."""
    causes = []
    for id in ids:
        old, new = was.get(id), now.get(id)
        if old is None:
            causes.append(Cause("added", f"article {id!r} was added", id))
        elif new is None:
            causes.append(Cause("removed", f"article {id!r} was removed", id))
        elif old != new:
            edited = [
                {"sha256": "text", "lang": "language"}.get(field.name, field.name)
                for field in fields(Source)
                if getattr(old, field.name) != getattr(new, field.name)
            ]
            causes.append(Cause("edited", f"article {id!r} was edited ({', '.join(edited)})", id))
    return causes


def _general_causes(before: Manifest, after: Manifest) -> tuple[Cause, ...]:
    """What concerns every reply: the encoder and the settings."""
    causes = []
    if before.fingerprint != after.fingerprint:
        names = f"{before.encoder} → {after.encoder}"
        same = before.encoder == after.encoder
        causes.append(Cause("encoder", f"other weights of {after.encoder}" if same else names))
    for name in sorted({*before.settings, *after.settings} - {"encoder", "record"}):
        old, new = before.settings.get(name), after.settings.get(name)
        if old != new:
            told = _TABLES.get(name, f"{name} {old} → {new}")
            causes.append(Cause("settings", told))
    return tuple(causes)
