"""`onrecord coverage`: who spoke on which sector, and on which nobody did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
from api.commands.record import Csv

if TYPE_CHECKING:
    from index import Coverage


def coverage(
    top: Annotated[
        int, typer.Option(min=1, help="People to list, those with most statements.")
    ] = 20,
    date_from: From = None,
    date_to: To = None,
    lang: Lang = None,
    outlet: Outlet = None,
    as_csv: Csv = False,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Count what each person said on each sector; show what nothing was said on.

    Examples:
        onrecord coverage --top 10

        onrecord coverage --from 2025-01-01 --csv > coverage.csv
    """
    from index import RecordFilter
    from qa import csv_text, open_record

    where = RecordFilter(
        date_from=date_from.date() if date_from else None,
        date_to=date_to.date() if date_to else None,
        lang=lang,
        outlet=outlet,
    )
    with open_record(settings_of(home).index.home) as reader:
        found, generation = reader.coverage(where), reader.generation
        labels = {id: dict(names) for id, names in reader.labels.items()}
    people = dict(list(found.people.items())[:top])
    if as_json:
        print_json(
            {
                "generation": generation,
                "total": len(found.people),
                "sectors": [{"id": id, "label": labels[id]} for id in found.sectors],
                "leaders": [
                    {
                        "id": id,
                        "name": name,
                        "counts": dict(zip(found.sectors, _counts(found, id), strict=True)),
                    }
                    for id, name in people.items()
                ],
                "empty": [{"leader": id, "sector": sector} for id, sector in _empty(found, people)],
            }
        )
    elif as_csv:
        rows = [[name, id, *_counts(found, id)] for id, name in people.items()]
        typer.echo(csv_text(("name", "id", *found.sectors), rows), nl=False)
    else:
        _show(found, people)
        typer.echo(f"{len(people):,} of {len(found.people):,} people, generation {generation}")


def _counts(found: Coverage, person: str) -> list[int]:
    return [found.counts.get((person, sector), 0) for sector in found.sectors]


def _empty(found: Coverage, people: dict[str, str]) -> list[tuple[str, str]]:
    cells = [(person, sector) for person in people for sector in found.sectors]
    return [cell for cell in cells if cell not in found.counts]


def _show(found: Coverage, people: dict[str, str]) -> None:
    """Print a line a person and a numbered column a sector, a dot for nothing; then the sectors."""
    table = [_counts(found, id) for id in people]
    name_width = max(map(len, people.values()), default=0)
    width = max(2, *(len(str(n)) for row in table for n in row), len(str(len(found.sectors)))) + 1
    head = "".join(str(at).rjust(width) for at in range(1, len(found.sectors) + 1))
    typer.echo(" " * name_width + head)
    for name, row in zip(people.values(), table, strict=True):
        cells = "".join((str(n) if n else "·").rjust(width) for n in row)
        typer.echo(plain(name).ljust(name_width) + cells)
    typer.echo("")
    for at, (sector, column) in enumerate(zip(found.sectors, _columns(table, found), strict=True)):
        nobody = "" if any(column) else "  (nobody)"
        typer.echo(f"{at + 1:>{width}} {sector}{nobody}")
    typer.echo(f"\n{len(_empty(found, people)):,} cells are empty")


def _columns(table: list[list[int]], found: Coverage) -> list[list[int]]:
    return [[row[at] for row in table] for at in range(len(found.sectors))]
