"""`onrecord build`: a new generation of the index, compared with the live one where it is asked."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.common import (
    Home,
    Json,
    note,
    open_library,
    plain,
    print_json,
    progress_bar,
    settings_of,
)

if TYPE_CHECKING:
    from index import BuildReport
    from qa import GateReport

_MAX_DROP = 0.02
_LISTED = 20  # worse questions shown on a terminal; --json has them all
_REFUSED = 3  # exit code


def build(
    full: Annotated[bool, typer.Option("--full", help="Embed every text anew.")] = False,
    gate: Annotated[
        Path | None,
        typer.Option(
            metavar="QUESTIONS", help="Let it go live only when it answers these no worse."
        ),
    ] = None,
    max_drop: Annotated[
        float | None,
        typer.Option(
            min=0, help=f"How much worse a main measure may be; {_MAX_DROP} unless given."
        ),
    ] = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Make the library searchable: build an index, verify it, and let it go live.

    Texts that did not change keep their vectors. A running server moves to the new index by itself.
    With --gate a worse index is kept aside, what was live stays live, and the exit code is 3.

    Examples:
        onrecord build

        onrecord build --full --home /srv/news

        onrecord build --gate questions.jsonl --max-drop 0.02
    """
    from index import GateRefusedError, GenerationStore, load_embedder
    from index import build as build_index
    from qa import Gate, Opener, load_questions

    if max_drop is not None and gate is None:
        raise typer.BadParameter("--max-drop needs --gate")
    asked = load_questions(gate) if gate else None  # what cannot be used is told before the work
    settings = settings_of(home)
    store = GenerationStore(settings.index.home)
    with (
        open_library(settings.index, read_only=False) as library,
        progress_bar("texts") as progress,
    ):
        embedder = load_embedder(settings.index)
        judge = asked and Gate(
            store,
            library,
            Opener(settings.index, settings.qa, library, [embedder]),
            asked,
            max_drop=_MAX_DROP if max_drop is None else max_drop,
            max_question_chars=settings.qa.max_question_chars,
            progress=lambda done, total: progress("gate", done, total),
        )
        try:
            report = build_index(
                library,
                store,
                embedder,
                settings.index,
                full=full,
                progress=progress,
                gate=judge or None,
            )
        except GateRefusedError:
            report = None
    found = judge.report if judge else None
    if as_json:
        built = asdict(report) if report else {"generation": found and found.generation}
        live = report.generation if report else found and found.live
        print_json({**built, "live": live, "gate": found and asdict(found)})
    else:
        if report:
            _show(report)
        if found:
            _show_gate(found)
    if report is None:
        raise typer.Exit(_REFUSED)


def _show(report: BuildReport) -> None:
    """Print what is live now, what was embedded and reused, and the seconds of each stage."""
    if report.unchanged:
        typer.echo(f"generation {report.generation} is up to date: nothing to embed")
        return
    typer.echo(
        f"generation {report.generation} is live: {report.articles:,} articles, "
        f"{report.passages:,} passages, {report.sentences:,} sentences"
    )
    work = f"embedded {report.embedded:,}" if report.embedded else "nothing to embed"
    typer.echo(f"{work}, reused {report.reused:,}, removed {report.removed:,}")
    typer.echo(", ".join(f"{stage} {took:.1f} s" for stage, took in report.seconds.items()))


def _show_gate(found: GateReport) -> None:
    """Print that the gate let it pass; or on standard error what got worse, and where."""
    if found.live is None:
        note(f"gate: {found.note}")
    elif found.passed:
        typer.echo(
            f"gate passed: no main measure worse than that of generation {found.live} "
            f"by more than allowed, {found.questions:,} questions"
        )
    else:
        number, live = found.generation, found.live
        note(f"generation {number} is worse and stays aside; generation {live} stays live")
        for each in found.regressions:
            note(f"worse: {each.measure} {each.before:.4f} → {each.after:.4f}")
        for question in found.worse[:_LISTED]:
            shifts = ", ".join(
                f"{measure} {_figure(shift.before)} → {_figure(shift.after)}"
                for measure, shift in question.shifts.items()
            )
            note(plain(f"  {question.id}  {question.question}  {shifts}"))
        if len(found.worse) > _LISTED:
            note(f"  and {len(found.worse) - _LISTED:,} more (--json lists all)")
        note(
            f"ask it with --generation {number}; `onrecord use {number}` makes it live all the same"
        )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"
