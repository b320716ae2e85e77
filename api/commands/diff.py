"""`onrecord diff`: the replies in which two generations differ, and why."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.common import (
    Home,
    Json,
    open_library,
    plain,
    print_json,
    progress_bar,
    settings_of,
)

if TYPE_CHECKING:
    from qa import Differences, Reply


def diff(
    before: Annotated[int, typer.Argument(metavar="A", help="A kept generation.")],
    after: Annotated[int, typer.Argument(metavar="B", help="Another one.")],
    questions: Annotated[
        Path, typer.Option(metavar="QUESTIONS", help="Question set, .jsonl or .jsonl.gz.")
    ],
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Ask two kept indexes the same questions; list the replies that differ, and why.

    A reply is what is shown of it: its quotes and their articles, or the nearest three passages.
    Scores and confidence alone are no difference.

    Examples:
        onrecord diff 11 12 --questions questions.jsonl
    """
    from qa import Opener, load_questions
    from qa import diff as compare

    asked = load_questions(questions)
    settings = settings_of(home)
    with open_library(settings.index) as library, progress_bar("questions") as progress:
        opener = Opener(settings.index, settings.qa, library)
        found = compare(
            opener(before),
            opener(after),
            asked,
            progress=lambda done, total: progress("ask", done, total),
        )
    if as_json:
        print_json(asdict(found))
    else:
        _show(found)


def _show(found: Differences) -> None:
    """Print each question with the lines that went (-) and came (+), the causes, and the counts."""
    for each in found.changed:
        typer.echo(plain(f"{each.id}  {each.question}"))
        old, new = _lines(each.before), _lines(each.after)
        for sign, lines, others in (("-", old, new), ("+", new, old)):
            for line in lines:
                if line not in others:
                    typer.echo(plain(f"  {sign} {line}"))
        for cause in each.causes:
            typer.echo(plain(f"  {cause.kind}: {cause.detail}"))
    typer.echo(f"{found.same:,} same, {len(found.changed):,} changed")


def _lines(reply: Reply) -> list[str]:
    """A reply in lines: the sentence that says why not, then each quote or passage."""
    said = [] if reply.answered else [reply.message]
    for each in reply.shown:
        text = " ".join(each.text.split())
        text = text if len(text) <= 300 else text[:299] + "…"
        said.append(f"{text} ({each.article_id} [{each.start}:{each.end}])")
    return said
