"""`onrecord ask` and `onrecord chat`: questions in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.common import (
    Explain,
    From,
    Generation,
    Home,
    Json,
    Lang,
    Outlet,
    Passages,
    Sector,
    Speaker,
    To,
    facets,
    note,
    plain,
    settings_of,
)

if TYPE_CHECKING:
    from index import Source
    from qa import Answer


_NEAREST = 3  # passages shown on a terminal; --json has them all


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    date_from: From = None,
    date_to: To = None,
    lang: Lang = None,
    outlet: Outlet = None,
    speaker: Speaker = None,
    sector: Sector = None,
    k: Passages = None,
    generation: Generation = None,
    explain: Explain = False,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Answer a question with quoted sentences, or say that the documents do not.

    Examples:
        onrecord ask "What did the Prime Minister propose in Osaka?"

        onrecord ask "Quels secteurs pour la coopération ?" --lang fr --from 2023-01-01

        onrecord ask "What was agreed on semiconductors?" --json > reply.json
    """
    from api.schemas import AnswerOut
    from qa import open_answerer

    settings = settings_of(home)
    where = facets(date_from, date_to, lang, outlet, speaker, sector)
    answerer = open_answerer(settings.index, settings.qa, generation)
    try:
        answer = answerer.ask(question, where=where, k=k, explain=explain)
    finally:
        answerer.close()
    if as_json:
        typer.echo(AnswerOut.of(answer).model_dump_json(indent=2))
    else:
        show(answer, explain)


def chat(
    date_from: From = None,
    date_to: To = None,
    lang: Lang = None,
    outlet: Outlet = None,
    speaker: Speaker = None,
    sector: Sector = None,
    generation: Generation = None,
    home: Home = None,
) -> None:
    """Ask and follow up, until an empty line, /quit or the end of the input; /new starts over.

    Examples:
        onrecord chat

        onrecord chat --lang vi --from 2024-01-01
    """
    from qa import BadQuestionError, Turn, open_answerer

    settings = settings_of(home)
    where = facets(date_from, date_to, lang, outlet, speaker, sector)
    answerer = open_answerer(settings.index, settings.qa, generation)
    turns: list[Turn] = []
    try:
        while (asked := _read_line()) not in ("", "/quit"):
            if asked == "/new":
                turns.clear()
                continue
            try:
                answer = answerer.ask(asked, turns, where)
            except BadQuestionError as error:
                note(str(error))
                continue
            if answer.resolved_question != answer.question:
                typer.echo(f"(understood as: {plain(answer.resolved_question)})")
            show(answer)
            turns.append(Turn(asked, answer.answer or None))
    finally:
        answerer.close()


def _read_line() -> str:
    try:
        return input("\n? ").strip()
    except EOFError:
        return ""


def show(answer: Answer, explain: bool = False) -> None:
    """Print the quotes with their numbers and below them their sources, or the nearest passages."""
    if answer.answered:
        quotes = [f"{each.quote} [{each.number}]" for each in answer.citations]
        said = quotes if answer.mode == "extractive" else [answer.answer]
        typer.echo(plain("\n\n".join(said)) + "\n")
        for citation in answer.citations:
            place = _place(citation.source, citation.span.start, citation.span.end)
            typer.echo(f"[{citation.number}] {place}")
            if answer.mode == "generated":
                typer.echo(plain(f"    “{citation.quote}”"))
            _show_copies(citation.copies)
    else:
        typer.echo(plain(answer.message))
        if answer.nearest:
            typer.echo("\nNearest passages:")
        for hit in answer.nearest[:_NEAREST]:
            text = " ".join(plain(hit.text).split())
            text = text if len(text) <= 300 else text[:299] + "…"
            typer.echo(f"\n{hit.rank}. {text}")
            typer.echo(f"   {_place(hit.source, hit.span.start, hit.span.end)}")
            _show_copies(hit.copies)
            if explain:
                parts = ", ".join(f"{name} {value:.4g}" for name, value in hit.explain.items())
                typer.echo(f"   score {hit.score:.4g}" + (f": {parts}" if parts else ""))
                typer.echo(f"   words found: {', '.join(hit.matched) or 'none'}")
    typer.echo(f"\ngeneration {answer.generation}, confidence {answer.confidence:.2f}")


def _show_copies(copies: Sequence[Source]) -> None:
    """The outlets that carry the same story, or the ids of articles without one."""
    if copies:
        carriers = dict.fromkeys(one.outlet or one.article_id for one in copies)
        typer.echo(plain(f"    also carried by {', '.join(carriers)}"))


def _place(source: Source, start: int, end: int) -> str:
    """Where a quote stands: title, outlet, date, article id and offsets."""
    known = [source.title, source.outlet, source.date and source.date.isoformat()]
    where = f"{source.article_id} [{start}:{end}]"
    return plain(", ".join([each for each in known if each] + [where]))
