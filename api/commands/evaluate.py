"""`onrecord evaluate`: measures on a question set, compared with an earlier run."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.common import (
    Generation,
    Home,
    Json,
    note,
    open_library,
    print_json,
    progress_bar,
    read_text,
    settings_of,
)

if TYPE_CHECKING:
    from qa import Comparison, Evaluation


class History(StrEnum):
    """What is made of a question's earlier turns."""

    resolve = "resolve"
    ignore = "ignore"
    rewrite = "rewrite"


def evaluate(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", help="Question set, .jsonl or .jsonl.gz.")
    ],
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="Only questions with this label; may be repeated."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Figures by this label too (lang and kind unless given)."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    depth: Annotated[int, typer.Option(min=1, help="Passages ranked for each question.")] = 50,
    history: Annotated[
        History, typer.Option(help="Resolve earlier turns, ignore them, or use the human rewrite.")
    ] = History.resolve,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the evaluation, to compare with.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="OTHER.json", help="A saved evaluation to compare with.")
    ] = None,
    max_drop: Annotated[
        float | None,
        typer.Option(min=0, help="Exit 1 when a main measure is worse by more (with --against)."),
    ] = None,
    generation: Generation = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Ask a whole question set and measure the replies.

    With --json prints the evaluation, or the comparison when there is --against.

    Examples:
        onrecord evaluate questions.jsonl --save before.json

        onrecord evaluate questions.jsonl --against before.json --max-drop 0.02

        onrecord evaluate questions.jsonl.gz --where lang=fr --by kind --limit 200
    """
    from qa import Evaluation, compare, load_questions, open_answerer, regressions, select
    from qa import evaluate as run

    if max_drop is not None and against is None:
        raise typer.BadParameter("--max-drop needs --against")
    earlier = Evaluation.from_json(read_text(against)) if against else None
    try:
        asked = select(load_questions(questions), dict(map(label, where or [])))[:limit]
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    settings = settings_of(home)
    answerer = open_answerer(settings.index, settings.qa, generation)
    try:
        with open_library(settings.index) as library, progress_bar("questions") as progress:
            ours = run(
                answerer,
                asked,
                depth=depth,
                by=by or ("lang", "kind"),
                history=history.value,
                texts=library,
                known=set(library.article_ids()).__contains__,
                settings={"encoder": settings.index.encoder, **settings.qa.model_dump()},
                progress=lambda done, total: progress("ask", done, total),
            )
    finally:
        answerer.close()
    if save:
        save.write_text(ours.to_json(), "utf-8")
    if earlier is None:
        typer.echo(ours.to_json(), nl=False) if as_json else show(ours)
        return
    comparison = compare(ours, earlier)
    worse = [] if max_drop is None else regressions(comparison, max_drop)
    if as_json:
        print_json({**asdict(comparison), "regressions": [asdict(each) for each in worse]})
    else:
        show(ours)
        show_comparison(comparison)
    for each in worse:
        note(f"worse: {each.measure} {each.before:.4f} → {each.after:.4f}")
    if worse:
        raise typer.Exit(1)


def label(written: str) -> tuple[str, str]:
    """The key and the value of one --where."""
    key, sign, value = written.partition("=")
    if not (key and sign):
        raise typer.BadParameter(f"--where {written}: write KEY=VALUE")
    return key, value


def show(evaluation: Evaluation) -> None:
    """Print a block for each group: measure, value, 95 % interval, questions."""
    for group, figures in evaluation.figures.items():
        typer.echo(group)
        for measure, figure in figures.items():
            if figure.value is not None:
                interval = (
                    f"[{figure.low:.3f}, {figure.high:.3f}]" if figure.low is not None else ""
                )
                typer.echo(f"  {measure:<18}{figure.value:>7.3f}  {interval:<16}  n={figure.n}")
    for stage, took in evaluation.timing.items():
        times = ", ".join(f"{name} {value:.1f}" for name, value in took.items())
        typer.echo(f"{stage} ms: {times}")


def show_comparison(comparison: Comparison) -> None:
    """Print each measure before and after, and how likely chance alone does as much."""
    typer.echo("before → after, same questions")
    for measure, change in comparison.measures.items():
        if change.before is not None and change.after is not None:
            chance = "" if change.p is None else f"  p={change.p:.3f}"
            moved = f"{change.before:.3f} → {change.after:.3f}  {change.difference:+.3f}"
            typer.echo(f"  {measure:<18}{moved}{chance}  n={change.n}")
