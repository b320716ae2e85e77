"""One article in, its record out: word for word, the same everywhere, and known by its key."""

from __future__ import annotations

import datetime
import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index import Article, Span, load_taxonomy, read_paths
from index.record import (
    ArticleRecord,
    Extractor,
    Mention,
    Party,
    Person,
    extract,
    merge_people,
    rules_digest,
)
from index.record.extraction import faults_of, sentence_of
from index.sentences import sentence_spans
from tests.index.record.conftest import SPRING, at, found_by_hand

SENTENCES = sentence_spans(SPRING.text, "en")
FOUND = found_by_hand()[SPRING.text]


def test_people_statements_and_sectors_of_an_article_are_word_for_word_in_it(seeds: Path) -> None:
    articles = [one for one in read_paths([seeds]) if isinstance(one, Article)]
    for article in articles:
        sentences = sentence_spans(article.text, article.lang)
        record = extract(article.text, sentences, article.lang, article.date)
        assert record.people
        assert record.statements
        assert record.sectors
        assert faults_of(record, article.text, sentences) == []
        assert {one.sentence for one in record.statements} <= set(sentences)


@pytest.mark.parametrize("text", ["", "It rained.", "  \n ", "« »", "A.", "Ạ̈" * 50])
@pytest.mark.parametrize("lang", ["en", "fr", "vi", "de", None])
def test_an_article_with_nobody_in_it_has_an_empty_record(text: str, lang: str | None) -> None:
    record = extract(text, sentence_spans(text, lang), lang)
    assert (record.people, record.statements) == ((), ())


def test_a_text_of_one_long_line_and_one_of_many_names_are_read() -> None:
    shout = "PRIME MINISTER JOHN SMITH " * 500
    crowd = " ".join(f"President Anna{i} Nowak{i} met Peter{i} Smith{i}." for i in range(200))
    for text in (shout, crowd):
        sentences = sentence_spans(text, "en")
        assert faults_of(extract(text, sentences, "en"), text, sentences) == []


def digest(seeds: Path) -> str:
    """All that is found in `seeds/`, hashed."""
    articles = [one for one in read_paths([seeds]) if isinstance(one, Article)]
    records = [
        (one.id, one.date, extract(one.text, sentence_spans(one.text, one.lang), one.lang))
        for one in articles
    ]
    people = merge_people(records)
    return hashlib.sha256(repr((records, people.leaders)).encode()).hexdigest()


def test_a_process_that_hashes_otherwise_finds_the_same(seeds: Path) -> None:
    script = (
        "from pathlib import Path; from tests.index.record.test_record_extraction import digest; "
        "print(digest(Path('seeds')))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=seeds.parent,
        env=os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": str(seeds.parent)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == digest(seeds)


# -- what is no quote is refused


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            replace(FOUND, statements=(replace(FOUND.statements[0], sentence=Span(0, 5)),)),
            "the commit at 0 is no sentence",
        ),
        (
            replace(FOUND, statements=(replace(FOUND.statements[0], cue=Span(0, 5)),)),
            "the commit at 51 is no sentence",
        ),
        (replace(FOUND, sectors=((Span(1, 3), ("finance",)),)), "a sector at 1 is no sentence"),
        (
            replace(FOUND, mentions=(Mention(Span(0, 5), 0),)),
            "the name at 0 is not as written",
        ),
        (replace(FOUND, mentions=(Mention(Span(0, 5), 2),)), "the name at 0 is nobody's"),
        (
            replace(FOUND, statements=(replace(FOUND.statements[0], actor=Party(5, "X")),)),
            "a statement is of nobody",
        ),
    ],
)
def test_what_cannot_be_quoted_is_a_fault(wrong: ArticleRecord, told: str) -> None:
    assert faults_of(FOUND, SPRING.text, SENTENCES) == []
    assert faults_of(wrong, SPRING.text, SENTENCES) == [told]


def test_a_rule_that_finds_what_is_not_there_ends_in_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ghost = (Person("Nobody", ("Nobody",)),), (Mention(Span(0, 5), 0),)
    monkeypatch.setattr("index.record.extraction.find_people", lambda *given: ghost)
    with pytest.raises(ValueError, match="the name at 0 is not as written"):
        extract(SPRING.text, SENTENCES, "en")


def test_a_place_lies_in_the_sentence_that_holds_all_of_it() -> None:
    first, second, _ = SENTENCES
    assert sentence_of(at(SPRING, "Shigeru"), SENTENCES) == first
    assert sentence_of(second, SENTENCES) == second
    assert sentence_of(Span(first.end - 2, second.start + 2), SENTENCES) is None
    assert sentence_of(Span(0, 1), [second]) is None
    assert sentence_of(Span(0, 1), []) is None


# -- the key


def test_the_key_of_a_result_changes_with_all_that_it_depends_on(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("harbours\tharbour\tport\tcảng\n", "utf-8")
    extractor, source = Extractor(load_taxonomy()), SPRING.source
    keys = [
        extractor.key(source, SENTENCES),
        extractor.key(replace(source, sha256="0" * 64), SENTENCES),
        extractor.key(replace(source, lang="fr"), SENTENCES),
        extractor.key(replace(source, date=datetime.date(2025, 4, 29)), SENTENCES),
        extractor.key(source, SENTENCES[1:]),
        Extractor(load_taxonomy(own)).key(source, SENTENCES),
    ]
    assert len(set(keys)) == len(keys)
    assert keys[0] == Extractor(load_taxonomy()).key(replace(source, title="Other"), SENTENCES)


def test_the_rules_have_one_digest_in_one_version() -> None:
    assert rules_digest() == rules_digest()
    assert len(rules_digest()) == 64
