"""`onrecord verify`: the proof of a saved reply or record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.common import (
    Home,
    Json,
    note,
    open_library,
    plain,
    print_json,
    read_text,
    settings_of,
)


def verify(
    reply: Annotated[
        Path,
        typer.Argument(
            metavar="REPLY.json",
            help="A saved reply or record: JSON, JSON Lines, CSV of `record`; - reads stdin.",
        ),
    ],
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Look up every quote of a saved reply or record again; exit 1 when one is not there.

    Examples:
        onrecord ask "What was agreed on semiconductors?" --json > reply.json

        onrecord verify reply.json

        onrecord record --sector tourism --csv | onrecord verify -
    """
    from qa import read_replies
    from qa import verify as prove

    with open_library(settings_of(home).index) as library:
        proofs = [prove(each, library) for each in read_replies(read_text(reply))]
    checked = sum(proof.checked for proof in proofs)
    failures = [failure for proof in proofs for failure in proof.failures]
    if as_json:
        listed = [
            {"number": each.number, "article_id": each.article_id, "reason": each.reason}
            for each in failures
        ]
        print_json({"ok": not failures, "checked": checked, "failures": listed})
    elif not failures:
        typer.echo(f"{checked} quotes checked, all word for word in their articles")
    else:
        for each in failures:
            mark = "" if each.number is None else f"[{each.number}] "
            note(plain(mark + each.reason))
        note(f"{checked} quotes checked, {len(failures)} faults")
    if failures:
        raise typer.Exit(1)
