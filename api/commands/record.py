"""`onrecord record`: who said, asked, promised what and when, each row with its quote."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.commands.common import (
    From,
    Home,
    Json,
    Lang,
    Outlet,
    To,
    plain,
    print_json,
    settings_of,
)

if TYPE_CHECKING:
    from index import RecordFilter, StatementRow
    from qa import Quoted, RecordReader

_PAGE = 1000  # rows that are read at once
_COLUMNS = ("date", "actor", "actor_id", "act", "counterpart", "time", "sectors", "resolved")
_QUOTED = ("quote", "title", "outlet", "lang", "url")
_PLACED = ("article_id", "article_sha256", "start", "end")

Csv = Annotated[bool, typer.Option("--csv", help="Print CSV, for spreadsheets.")]


def record(
    leader: Annotated[
        str | None, typer.Option(help="Only of this person, country or organisation.")
    ] = None,
    sector: Annotated[str | None, typer.Option(help="Only on this sector, id or name.")] = None,
    act: Annotated[
        Literal["commit", "propose", "ask", "agree", "sign", "report"] | None,
        typer.Option(help="Only acts of this kind."),
    ] = None,
    time: Annotated[
        Literal["future", "ongoing", "done"] | None,
        typer.Option(help="Only what is still to be done, goes on, or is done."),
    ] = None,
    counterpart: Annotated[
        str | None, typer.Option(help="Only towards this person, country or organisation.")
    ] = None,
    as_of: Annotated[
        datetime.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="What was on record by this day."),
    ] = None,
    date_from: From = None,
    date_to: To = None,
    lang: Lang = None,
    outlet: Outlet = None,
    as_csv: Csv = False,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """List statements on record, newest first, each with its sentence and its place.

    Examples:
        onrecord record --leader "Phạm Minh Chính" --act ask

        onrecord record --sector semiconductors --as-of 2024-12-31 --csv > record.csv

        onrecord verify record.csv
    """
    from index import RecordFilter
    from qa import open_record

    last = min((day.date() for day in (as_of, date_to) if day), default=None)
    first = date_from.date() if date_from else None
    where = RecordFilter(leader, act, sector, time, counterpart, first, last, outlet, lang)
    with open_record(settings_of(home).index.home) as reader:
        rows = list(_rows(reader, where))
        generation = reader.generation
    if as_csv:
        typer.echo(_csv(rows), nl=False)
    elif as_json:
        from api.record_schemas import CommitmentOut

        print_json([CommitmentOut.of(row).model_dump(mode="json") for row in rows])
    else:
        _show(rows)
        typer.echo(f"{len(rows):,} on record, generation {generation}")


def _rows(reader: RecordReader, where: RecordFilter) -> Iterator[Quoted[StatementRow]]:
    """All that pass, cited with numbers from 1."""
    offset, total = 0, 1
    while offset < total:
        page = reader.commitments(where, offset, _PAGE)
        yield from page.rows
        offset, total = offset + _PAGE, page.total


def _csv(rows: list[Quoted[StatementRow]]) -> str:
    from api.record_schemas import CommitmentOut
    from qa import csv_text

    lines = []
    for quoted in rows:
        row = CommitmentOut.of(quoted)
        fields = row.model_dump(mode="json") | {"sectors": " ".join(row.sectors)}
        cited = fields["citation"]
        lines.append(
            [fields[name] for name in _COLUMNS] + [cited[name] for name in (*_QUOTED, *_PLACED)]
        )
    return csv_text((*_COLUMNS, *_QUOTED, *_PLACED), lines)


def _show(rows: list[Quoted[StatementRow]]) -> None:
    """Print the columns of each row on one line, and below it the quote with its place."""
    cells = [
        (
            row.date.isoformat() if row.date else "undated",
            row.actor + (" (meant)" if row.resolved else ""),
            row.act,
            f"→ {row.counterpart}" if row.counterpart else "",
            row.time,
            ", ".join(row.sectors),
        )
        for row in (quoted.row for quoted in rows)
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for quoted, line in zip(rows, cells, strict=True):
        [citation] = quoted.citations
        source, span = citation.source, citation.span
        padded = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        typer.echo(plain(padded).rstrip())
        typer.echo("    " + " ".join(plain(citation.quote).split()))
        known = [source.title, source.outlet, f"{source.article_id} [{span.start}:{span.end}]"]
        typer.echo(plain("    " + ", ".join(filter(None, known))) + "\n")
