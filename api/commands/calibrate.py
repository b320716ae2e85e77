"""`onrecord calibrate`: how sure a reply must be, fitted on questions of your own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.commands.common import Generation, Home, Json, note, print_json, progress_bar, settings_of
from api.commands.evaluate import label


def calibrate(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", help="Question set, .jsonl or .jsonl.gz.")
    ],
    answered: Annotated[
        float, typer.Option(min=0, max=1, help="Share of right answers that must be given.")
    ] = 0.97,
    max_false: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Instead: share of wrong ones that may be given."),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="Only questions with this label; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it here instead of the home’s calibration.json."),
    ] = None,
    generation: Generation = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Fit the confidence of replies to labelled questions, and the threshold to answer.

    Sixty questions are enough to begin with, some of them without an answer. The home keeps the
    result; remove its calibration.json to go back to the one that is shipped.

    Examples:
        onrecord calibrate questions.jsonl

        onrecord calibrate questions.jsonl --where split=dev --max-false 0.1
    """
    from qa import calibrate as run
    from qa import load_questions, open_answerer, select

    settings = settings_of(home)
    try:
        asked = select(load_questions(questions), dict(map(label, where or [])))
        answerer = open_answerer(settings.index, settings.qa, generation)
        with progress_bar("questions") as progress:
            fitted = run(
                answerer,
                asked,
                answered=answered,
                max_false=max_false,
                progress=lambda done, total: progress("ask", done, total),
            )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    target = out or settings.index.home / "calibration.json"
    try:
        target.write_text(fitted.to_json(), "utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{target}: {error.strerror}") from None
    if as_json:
        print_json({"file": str(target), **json.loads(fitted.to_json())})
        return
    note(f"fitted on {fitted.questions} replies, kept in {target}")
    typer.echo(f"answers from confidence {fitted.answer}, is silent below {fitted.doubt}")
