"""`onrecord why-not`: which stage lost an article that was expected in an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.common import (
    From,
    Generation,
    Home,
    Json,
    Lang,
    Outlet,
    Sector,
    Speaker,
    To,
    facets,
    plain,
    print_json,
    settings_of,
)

if TYPE_CHECKING:
    from qa import Verdict


def why_not(
    question: Annotated[str, typer.Argument(help="The question that was asked.")],
    article: Annotated[
        str, typer.Option(metavar="ID", help="The article that was expected in the answer.")
    ],
    date_from: From = None,
    date_to: To = None,
    lang: Lang = None,
    outlet: Outlet = None,
    speaker: Speaker = None,
    sector: Sector = None,
    generation: Generation = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Say which stage of the search lost an article, with its numbers beside those of the winner.

    Examples:
        onrecord why-not "What was agreed on rice?" --article vns-4711
    """
    from dataclasses import asdict

    from qa import open_answerer

    settings = settings_of(home)
    where = facets(date_from, date_to, lang, outlet, speaker, sector)
    answerer = open_answerer(settings.index, settings.qa, generation)
    try:
        verdict = answerer.why_not(question, article, where)
    finally:
        answerer.close()
    if as_json:
        print_json({**asdict(verdict), "meaning": verdict.stage.meaning})
    else:
        _show(verdict)


def _show(verdict: Verdict) -> None:
    """Print the stage, the case, and a line a number: the article's own, and beside what."""
    typer.echo(f"{verdict.stage}: {verdict.stage.meaning}")
    typer.echo(plain(verdict.detail))
    names = list(dict.fromkeys([*verdict.numbers, *verdict.beside]))
    if names:
        typer.echo(f"\n{'':<12}{'article':>10}{'beside':>10}")
    for name in names:
        cells = (verdict.numbers.get(name), verdict.beside.get(name))
        shown = "".join(f"{'-' if each is None else format(each, '.4g'):>10}" for each in cells)
        typer.echo(f"{name.replace('_', ' '):<12}{shown}")
    typer.echo(f"\ngeneration {verdict.generation}")
