"""How much of the labelled record is found: precision, recall and F1 of each kind of row.

    python -m tests.record_score [--misses]

Reads `tests/data/record/`, whose README says what the labels mean. `--misses` lists what was missed
and what was too much in the five articles and in `more`, which are there to develop on; of the
unseen sentences only figures are ever shown.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import Article, read_paths
from index.articles import Span
from index.record.rows import ArticleRecord, Statement
from index.sentences import sentence_spans
from index.text import words

ROOT = Path(__file__).resolve().parent.parent
LABELS = ROOT / "tests" / "data" / "record"
SETS = ("articles", "unseen", "more")
OPEN = {"articles", "more"}  # whose misses may be listed
MUTUAL = {"agree", "sign"}  # either of two parties may stand as the actor

Label = dict[str, Any]
Accepted = tuple[frozenset[Any] | None, ...]  # the values that count in each place; None: any
Found = tuple[Any, ...]


@dataclass(frozen=True)
class Gold:
    """A labelled text: `labels` as in its file, which cover what lies in `scope`."""

    id: str
    text: str
    sentences: tuple[Span, ...]
    scope: Span
    lang: str | None
    date: datetime.date | None
    labels: Label


@dataclass(frozen=True)
class Figure:
    """How many rows are `right`, of those that were `predicted` and those in the `gold` labels."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Figure) -> Figure:
        return Figure(
            self.right + other.right, self.predicted + other.predicted, self.gold + other.gold
        )

    @property
    def precision(self) -> float:
        """Share of the predicted rows that are right; 1 when none was predicted."""
        return self.right / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the labels that were found; 1 when there are none."""
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two; 1 when there was nothing to find and nothing was found."""
        rows = self.predicted + self.gold
        return 2 * self.right / rows if rows else 1.0


@dataclass(frozen=True)
class Outcome:
    """Rows of one kind in one text: a pair for each row that is right, and what is left over."""

    pairs: tuple[tuple[Accepted, Found], ...]
    missed: tuple[Accepted, ...]
    spurious: tuple[Found, ...]

    @property
    def figure(self) -> Figure:
        """The rows counted."""
        right = len(self.pairs)
        return Figure(right, right + len(self.spurious), right + len(self.missed))


def load_labels(path: Path) -> list[Gold]:
    """The labelled texts of a file, in its order.

    A line with an `article_id` is of that article in `seeds/`, another brings its own text.
    """
    articles = {item.id: item for item in read_paths([ROOT / "seeds"]) if isinstance(item, Article)}
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        _of_article(line, articles[line["article_id"]]) if "article_id" in line else _single(line)
        for line in lines
    ]


def score(gold: Sequence[Gold], predicted: Sequence[ArticleRecord]) -> dict[str, Figure]:
    """The figures of each kind of row, summed over all texts.

    - `people`: span of the name and person. `resolved`: a bare title or pronoun (its last
      character) and person.
    - `offices`: person, role, and what it is of where the label says so.
    - `statements`: sentence, act and actor. `acts`: sentence and act.
    - `time`, `counterpart`: of the statements that are right, how many have these right too.
    - `sectors`: sentence and sector.

    Raises:
        ValueError: there are not as many predictions as texts.
    """
    figures = {"people": Figure(), "resolved": Figure(), "offices": Figure()}
    figures |= {"statements": Figure(), "acts": Figure(), "time": Figure()}
    figures |= {"counterpart": Figure(), "sectors": Figure()}
    for text, record in zip(gold, predicted, strict=True):
        outcomes = compare(text, record)
        for kind, outcome in outcomes.items():
            figures[kind] += outcome.figure
        for kind, figure in _details(text, record, outcomes["statements"]).items():
            figures[kind] += figure
    return figures


def compare(gold: Gold, record: ArticleRecord) -> dict[str, Outcome]:
    """For each kind of row what was right, missed and too much in one text."""
    labels, within = gold.labels, gold.scope.overlaps
    statements = [row for row in record.statements if within(row.sentence)]
    sectors = [(span, ids) for span, ids in record.sectors if within(span)]
    return {
        "people": _match(
            [
                (_one((label["start"], label["end"])), _names(label["person"]))
                for label in labels["mentions"]
                if not label["resolved"]
            ],
            [
                ((row.span.start, row.span.end), key(record.people[row.person].name))
                for row in record.mentions
                if not row.resolved and within(row.span)
            ],
        ),
        "resolved": _match(
            [
                (frozenset(range(label["start"], label["end"])), _names(label["person"]))
                for label in labels["mentions"]
                if label["resolved"]
            ],
            [
                (row.span.end - 1, key(record.people[row.person].name))
                for row in record.mentions
                if row.resolved and within(row.span)
            ],
        ),
        "offices": _match(map(_office, labels["offices"]), _offices_found(record, gold.scope)),
        "statements": _match(map(_stated, labels["statements"]), map(_statement, statements)),
        "acts": _match(
            {_stated(label)[:2]: None for label in labels["statements"]},
            (_statement(row)[:2] for row in statements),
        ),
        "sectors": _match(
            [
                (_one((label["start"], label["end"])), _one(sector))
                for label in labels["sectors"]
                for sector in label["sectors"]
            ],
            [((span.start, span.end), sector) for span, ids in sectors for sector in ids],
        ),
    }


def key(name: str) -> str:
    """A name as it is compared: folded words, places of several spellings in one of them."""
    return " ".join(word.folded for word in words(name))


def misses(gold: Gold, record: ArticleRecord) -> Iterator[str]:
    """A line for each label that was missed and each row that was too much in one text."""
    for kind, outcome in compare(gold, record).items():
        for wanted in outcome.missed:
            places = [sorted(values)[0] if values else "any" for values in wanted]
            yield f"{gold.id} {kind} missed: {_shown(places, gold)}"
        for found in outcome.spurious:
            yield f"{gold.id} {kind} too much: {_shown(found, gold)}"


def main() -> None:
    """Extract from every labelled text and print the figures."""
    from index.record import extract

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="list them, of open labels only")
    chosen = parser.parse_args()
    for name in SETS:
        gold = load_labels(LABELS / f"{name}.jsonl")
        records = [extract(text.text, text.sentences, text.lang, text.date) for text in gold]
        print(
            f"\n{name:14}{'precision':>10}{'recall':>8}{'F1':>8}{'right':>7}{'found':>7}{'gold':>6}"
        )
        for kind, figure in score(gold, records).items():
            rates = f"{figure.precision:10.3f}{figure.recall:8.3f}{figure.f1:8.3f}"
            print(f"{kind:14}{rates}{figure.right:7}{figure.predicted:7}{figure.gold:6}")
        if chosen.misses and name in OPEN:
            for text, record in zip(gold, records, strict=True):
                for line in misses(text, record):
                    print(line)


# Texts


def _of_article(line: Label, article: Article) -> Gold:
    sentences = tuple(sentence_spans(article.text, article.lang))
    scope = Span(0, len(article.text))
    return Gold(article.id, article.text, sentences, scope, article.lang, article.date, line)


def _single(line: Label) -> Gold:
    """A sentence with the one before it; its labels cover the sentence alone."""
    before, scope = Span(0, len(line["before"])), Span(line["start"], line["end"])
    date = datetime.date.fromisoformat(line["date"]) if line["date"] else None
    return Gold(line["id"], line["text"], (before, scope), scope, line["lang"], date, line)


# Rows as they are compared


def _one(value: object) -> frozenset[Any]:
    return frozenset([value])


def _names(*names: str) -> frozenset[Any]:
    return frozenset(map(key, names))


def _office(label: Label) -> Accepted:
    roles = frozenset([label["role"], *label.get("role_also", ())])
    return _names(label["person"]), roles, _names(label["of"]) if label["of"] else None


def _offices_found(record: ArticleRecord, scope: Span) -> Iterator[Found]:
    """The offices that the text gives those who are mentioned in the scope."""
    named = {row.person for row in record.mentions if scope.overlaps(row.span)}
    for row in record.mentions:
        if row.office and row.person in named:
            of = row.office.of and key(row.office.of)
            yield key(record.people[row.person].name), row.office.role, of


def _stated(label: Label) -> Accepted:
    actors = _names(label["actor"], *label.get("actor_also", ()))
    if label["act"] in MUTUAL and label["counterpart"]:
        actors |= _names(label["counterpart"])
    return _one((label["start"], label["end"])), _one(label["act"]), actors


def _statement(row: Statement) -> Found:
    return (row.sentence.start, row.sentence.end), row.act, key(row.actor.name)


def _details(gold: Gold, record: ArticleRecord, outcome: Outcome) -> dict[str, Figure]:
    """Time and counterpart of the statements that are right."""
    labels = {_stated(label): label for label in reversed(gold.labels["statements"])}
    rows = {_statement(row): row for row in reversed(record.statements)}
    pairs = [(labels[wanted], rows[found]) for wanted, found in outcome.pairs]
    times = sum(label["time"] == row.time for label, row in pairs)
    parties = sum(_has_counterpart(label, row) for label, row in pairs)
    n = len(pairs)
    return {"time": Figure(times, n, n), "counterpart": Figure(parties, n, n)}


def _has_counterpart(label: Label, row: Statement) -> bool:
    if label["counterpart"] is None or row.counterpart is None:
        return label["counterpart"] is row.counterpart
    swapped = label["act"] in MUTUAL and key(row.actor.name) == key(label["counterpart"])
    return key(label["actor" if swapped else "counterpart"]) == key(row.counterpart.name)


def _match(wanted: Iterable[Accepted], found: Iterable[Found]) -> Outcome:
    """Each label with the first row that it accepts and no other has; repeated rows count once.

    Labels that accept anything in some place take what the others leave.
    """
    left = list(dict.fromkeys(found))
    pairs, missed = [], []
    for label in sorted(wanted, key=lambda label: None in label):
        for row in left:
            if all(ok is None or value in ok for ok, value in zip(label, row, strict=True)):
                pairs.append((label, row))
                left.remove(row)
                break
        else:
            missed.append(label)
    return Outcome(tuple(pairs), tuple(missed), tuple(left))


def _shown(places: Iterable[Any], gold: Gold) -> str:
    """A row in words, its place in the text as the text itself."""
    return " | ".join(_place(place, gold.text) for place in places)


def _place(place: Any, text: str) -> str:
    if isinstance(place, tuple):
        return repr(text[place[0] : place[1]][:90])
    return repr(text[max(0, place - 20) : place + 40]) if isinstance(place, int) else str(place)


if __name__ == "__main__":
    main()
