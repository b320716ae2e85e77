"""Four small articles with what is to be found in them, written by hand: no rule has a say."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from index import Article, Record, Span
from index.record import (
    Act,
    ArticleRecord,
    Extractor,
    Mention,
    Office,
    Party,
    Person,
    Statement,
    Time,
    load_taxonomy,
    write_record,
)
from index.sentences import sentence_spans

SPRING = Article(
    "spring",
    "Prime Minister Ishiba Shigeru met Phạm Minh Chính. Ishiba promised chips. "
    "Chính asked Japan for loans.",
    date=datetime.date(2025, 4, 28),
    outlet="Việt Nam News",
    lang="en",
)
AUTUMN = Article(
    "autumn",
    "La Première ministre Takaichi Sanae a parlé. Le Japon a promis des prêts au Vietnam.",
    date=datetime.date(2025, 11, 3),
    outlet="Le Courrier",
    lang="fr",
)
UNDATED = Article(
    "undated",
    "Thủ tướng Phạm Minh Chính đề nghị Nhật Bản hỗ trợ. Trường học mở cửa.",
    outlet="Nhân Dân",
    lang="vi",
)
QUIET = Article("quiet", "It rained on the harbour.", date=datetime.date(2025, 5, 1), lang="en")
ARTICLES = (AUTUMN, QUIET, SPRING, UNDATED)  # as a library gives them, by id

JAPAN = Party(None, "Japan")
VIETNAM = Party(None, "Vietnam")


def at(article: Article, words: str, after: int = 0) -> Span:
    """The first place of some words in an article, from code point `after` on."""
    start = article.text.index(words, after)
    return Span(start, start + len(words))


def said(
    article: Article,
    sentence: str,
    act: Act,
    actor: Party,
    to: Party | None,
    *sectors: str,
    time: Time = "future",
) -> Statement:
    return Statement(
        at(article, sentence), act, actor, to, time, sectors, False, at(article, sentence)
    )


def found_by_hand() -> dict[str, ArticleRecord]:
    """The record of each article, by its text."""
    ishiba, chinh = Party(0, "Ishiba Shigeru"), Party(1, "Phạm Minh Chính")
    spring = ArticleRecord(
        (
            Person("Ishiba Shigeru", ("Ishiba Shigeru", "Ishiba")),
            Person("Phạm Minh Chính", ("Phạm Minh Chính", "Chính")),
        ),
        (
            Mention(at(SPRING, "Ishiba Shigeru"), 0, Office("prime_minister", "japan")),
            Mention(at(SPRING, "Phạm Minh Chính"), 1),
            Mention(at(SPRING, "Ishiba", 40), 0),
            Mention(at(SPRING, "Chính", 60), 1),
        ),
        (
            said(SPRING, "Ishiba promised chips.", "commit", ishiba, None, "semiconductors"),
            said(SPRING, "Chính asked Japan for loans.", "ask", chinh, JAPAN, "finance"),
        ),
        (
            (at(SPRING, "Ishiba promised chips."), ("semiconductors",)),
            (at(SPRING, "Chính asked Japan for loans."), ("finance",)),
        ),
    )
    promise = "Le Japon a promis des prêts au Vietnam."
    autumn = ArticleRecord(
        (Person("Takaichi Sanae", ("Takaichi Sanae",)),),
        (Mention(at(AUTUMN, "Takaichi Sanae"), 0, Office("prime_minister", "japan")),),
        (said(AUTUMN, promise, "commit", JAPAN, VIETNAM, "finance", time="done"),),
        ((at(AUTUMN, promise), ("finance",)),),
    )
    request = "Thủ tướng Phạm Minh Chính đề nghị Nhật Bản hỗ trợ."
    school = "Trường học mở cửa."
    undated = ArticleRecord(
        (Person("Phạm Minh Chính", ("Phạm Minh Chính",)),),
        (Mention(at(UNDATED, "Phạm Minh Chính"), 0, Office("prime_minister", "vietnam")),),
        (said(UNDATED, request, "ask", Party(0, "Phạm Minh Chính"), JAPAN),),
        ((at(UNDATED, school), ("education",)),),
    )
    records = (autumn, ArticleRecord(), spring, undated)
    return {article.text: one for article, one in zip(ARTICLES, records, strict=True)}


@dataclass(frozen=True)
class ByHand(Extractor):
    """Gives what was found by hand and notes what it was asked for; some texts end in an error."""

    records: Mapping[str, ArticleRecord] = field(default_factory=found_by_hand)
    fails: Mapping[str, Exception] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)

    def __call__(
        self, text: str, sentences: Sequence[Span], lang: str | None, date: datetime.date | None
    ) -> ArticleRecord:
        self.read.append(text)
        if text in self.fails:
            raise self.fails[text]
        return self.records.get(text, ArticleRecord())


def with_sentences(*articles: Article) -> list[tuple[Article, list[Span]]]:
    return [(one, sentence_spans(one.text, one.lang)) for one in articles]


@pytest.fixture
def by_hand() -> ByHand:
    return ByHand(load_taxonomy())


@pytest.fixture
def path(tmp_path: Path, by_hand: ByHand) -> Path:
    """A record of the four articles."""
    write_record(tmp_path / "record.sqlite", with_sentences(*ARTICLES), by_hand)
    return tmp_path / "record.sqlite"


@pytest.fixture
def record(path: Path) -> Record:
    return Record(path, [article.source for article in ARTICLES], 7)
