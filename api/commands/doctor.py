"""`onrecord doctor`: what is wrong with a home, and what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.common import Home, Json, plain, print_json, progress_bar, settings_of

if TYPE_CHECKING:
    from api.settings import Settings
    from index import Finding


def doctor(
    offline: Annotated[
        bool, typer.Option("--offline", help="Reach nothing but the disk, no model hub either.")
    ] = False,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Check library, indexes, encoder, settings and disk, and say what to do; nothing is written.

    A line for each check: ok, warning (nothing wrong is served) or problem. Exit 1 when there is a
    problem. No server needs to run, and one may.

    Examples:
        onrecord doctor

        onrecord doctor --offline --json
    """
    if offline:  # read when the hub's library is imported
        os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1")
    from index import examine, stand_alone

    settings = settings_of(home)
    findings = []
    with progress_bar("steps") as progress:
        for finding in (
            *examine(settings.index, progress),
            *stand_alone("calibration", lambda: _check_calibration(settings)),
        ):
            findings.append(finding)
    problems = sum(finding.state == "problem" for finding in findings)
    if as_json:
        print_json({"ok": not problems, "findings": [asdict(each) for each in findings]})
    else:
        for each in findings:
            told = f"{each.message}; {each.remedy}" if each.remedy else each.message
            typer.echo(plain(f"{each.state:<8} {each.check:<14} {told}"))
    if problems:
        raise typer.Exit(1)


def _check_calibration(settings: Settings) -> Iterator[Finding]:
    from index import Finding
    from qa import read_calibration

    fitted = read_calibration(settings.index.home)
    yield Finding("calibration", "ok", f"answers from confidence {fitted.answer} on")
