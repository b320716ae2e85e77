"""`onrecord`: the command line. Each command lives in `api.commands` and imports what it needs."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.commands.ask import ask, chat
from api.commands.backup import backup, restore
from api.commands.build import build
from api.commands.calibrate import calibrate
from api.commands.common import Home, note
from api.commands.coverage import coverage
from api.commands.diff import diff
from api.commands.doctor import doctor
from api.commands.evaluate import evaluate
from api.commands.key import key
from api.commands.library import add, status
from api.commands.mcp import mcp
from api.commands.record import record
from api.commands.remove import remove
from api.commands.serve import serve
from api.commands.use import use
from api.commands.verify import verify
from api.commands.whynot import why_not


class _Commands(TyperGroup):
    """Commands whose domain errors are one line on standard error and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if not _is_told(error):
                raise
            note("onrecord: " + " ".join(str(error).split()))
            raise typer.Exit(1) from None


def _is_told(error: Exception) -> bool:
    """True for errors of the three families, whose messages are for the user."""
    # Here, so that --help needs none of the packages.
    from api.errors import FaceError
    from index import IndexingError
    from qa import AnsweringError

    return isinstance(error, FaceError | IndexingError | AnsweringError)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"onrecord {version('onrecord')}")
        raise typer.Exit


@app.callback()
def root(
    home: Home = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Cited answers from the news: word-for-word quotes, or an honest "the documents do not say".

    First steps:

        onrecord add seeds/

        onrecord build

        onrecord ask "What did Vietnam and Japan agree on?"

    Every setting is also a variable, ONRECORD_HOME for --home.
    """


for command in (
    add,
    build,
    use,
    ask,
    chat,
    why_not,
    record,
    coverage,
    verify,
    evaluate,
    diff,
    calibrate,
    remove,
    status,
    doctor,
    backup,
    restore,
    serve,
    mcp,
):
    app.command()(command)
app.add_typer(key, name="key")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
