"""extract(): what one article gives the record; and by what a result is known to still be good."""

from __future__ import annotations

import datetime
import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from index.articles import Source, Span
from index.record.acts import find_statements
from index.record.people import find_people
from index.record.rows import ArticleRecord
from index.record.sectors import Taxonomy, load_taxonomy

# What the rules stand on beside this package: read with them to tell one version from another.
_BESIDE = ("commonness", "concepts", "folding", "stopwords", "text")


def extract(
    text: str,
    sentences: Sequence[Span],
    lang: str | None,
    date: datetime.date | None = None,
    taxonomy: Taxonomy | None = None,
) -> ArticleRecord:
    """The people, statements and sectors of an article.

    `sentences` are those of the text, in order; every statement and every tagged sentence is one
    of them. `taxonomy` is the packaged one unless given. Rules may read `date`, the article's.

    Raises:
        ValueError: a rule found something outside the sentences or the people of the article.
    """
    chosen = taxonomy or load_taxonomy()
    people, mentions = find_people(text, sentences, lang)
    sectors = []
    found: tuple[str, ...] = ()
    for span in sentences:
        if found := chosen.sectors_of(span.slice(text), lang, found):
            sectors.append((span, found))
    statements = find_statements(text, sentences, lang, people, mentions, dict(sectors))
    record = ArticleRecord(people, mentions, statements, tuple(sectors))
    if faults := faults_of(record, text, sentences):
        raise ValueError("; ".join(faults))
    return record


def faults_of(record: ArticleRecord, text: str, sentences: Sequence[Span]) -> list[str]:
    """What of a record is not word for word in the text, or in none of its sentences."""
    known = frozenset(sentences)
    faults = [
        f"the {one.act} at {one.sentence.start} is no sentence"
        for one in record.statements
        if one.sentence not in known or not _inside(one.cue, one.sentence)
    ]
    faults += [
        f"a sector at {span.start} is no sentence"
        for span, _ in record.sectors
        if span not in known
    ]
    for mention in record.mentions:
        if not 0 <= mention.person < len(record.people):
            faults.append(f"the name at {mention.span.start} is nobody's")
            continue
        forms = record.people[mention.person].aliases
        if not mention.resolved and mention.span.slice(text) not in forms:
            faults.append(f"the name at {mention.span.start} is not as written")
    parties = [p for one in record.statements for p in (one.actor, one.counterpart) if p]
    if any(p.person is not None and not 0 <= p.person < len(record.people) for p in parties):
        faults.append("a statement is of nobody")
    return faults


def sentence_of(span: Span, sentences: Sequence[Span]) -> Span | None:
    """The sentence that holds the whole of `span`; None for a place in no sentence or in two."""
    at = bisect_right(sentences, span.start, key=lambda sentence: sentence.start) - 1
    return sentences[at] if at >= 0 and _inside(span, sentences[at]) else None


@dataclass(frozen=True)
class Extractor:
    """`extract` with one taxonomy, and the key under which a result is kept."""

    taxonomy: Taxonomy

    def __call__(
        self, text: str, sentences: Sequence[Span], lang: str | None, date: datetime.date | None
    ) -> ArticleRecord:
        """As `extract`."""
        return extract(text, sentences, lang, date, self.taxonomy)

    def key(self, source: Source, sentences: Sequence[Span]) -> bytes:
        """A hash of all that a result depends on: article, sentences, taxonomy and rules."""
        article = (source.sha256, source.lang, source.date)
        borders = [(span.start, span.end) for span in sentences]
        version = (rules_digest(), self.taxonomy.fingerprint)
        return hashlib.sha256(repr((article, borders, version)).encode()).digest()[:16]


@lru_cache(maxsize=1)
def rules_digest() -> str:
    """Hex SHA-256 of the rules and word lists: any edit of them is another version."""
    index = resources.files("index")
    read = [index.joinpath(f"{name}.py") for name in _BESIDE]
    for folder in (index.joinpath("data"), index.joinpath("record"), index.joinpath("record/data")):
        read += [one for one in folder.iterdir() if one.is_file()]
    digest = hashlib.sha256()
    for file in sorted(read, key=lambda one: one.name):
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _inside(span: Span, sentence: Span) -> bool:
    return sentence.start <= span.start and span.end <= sentence.end
