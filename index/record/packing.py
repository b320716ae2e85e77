"""An article's record as one line of JSON and back: what a later build takes over unread."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from index.articles import Span
from index.record.rows import ArticleRecord, Mention, Office, Party, Person, Statement


def packed(record: ArticleRecord) -> str:
    """The record as JSON, the same characters for equal records."""
    fields = {
        "people": [[person.name, person.aliases] for person in record.people],
        "mentions": [
            [
                *_ends(mention.span),
                mention.person,
                mention.office and [mention.office.role, mention.office.of, mention.office.former],
                mention.title and _ends(mention.title),
                mention.resolved,
            ]
            for mention in record.mentions
        ],
        "statements": [
            [
                *_ends(one.sentence),
                one.act,
                [one.actor.person, one.actor.name],
                one.counterpart and [one.counterpart.person, one.counterpart.name],
                one.time,
                one.sectors,
                one.resolved,
                *_ends(one.cue),
            ]
            for one in record.statements
        ],
        "sectors": [[*_ends(span), *sectors] for span, sectors in record.sectors],
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def unpacked(line: str) -> ArticleRecord:
    """The record that `packed` wrote.

    Raises:
        ValueError: it wrote something else.
    """
    try:
        fields: dict[str, Any] = json.loads(line)
        return ArticleRecord(
            tuple(Person(name, tuple(aliases)) for name, aliases in fields["people"]),
            tuple(map(_mention, fields["mentions"])),
            tuple(map(_statement, fields["statements"])),
            tuple((Span(start, end), tuple(ids)) for start, end, *ids in fields["sectors"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no record of an article: {error}") from error


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _mention(row: Sequence[Any]) -> Mention:
    start, end, person, office, title, resolved = row
    return Mention(
        Span(start, end),
        person,
        office and Office(*office),
        title and Span(*title),
        resolved,
    )


def _statement(row: Sequence[Any]) -> Statement:
    start, end, act, actor, counterpart, time, sectors, resolved, cue, cue_end = row
    return Statement(
        Span(start, end),
        act,
        Party(*actor),
        counterpart and Party(*counterpart),
        time,
        tuple(sectors),
        resolved,
        Span(cue, cue_end),
    )
