"""configure(): what a process logs becomes lines on standard error, for people or as JSON.

All code logs with the standard library. While a request is served its id stands in every line,
whoever logs.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from api.visits import request_id

if TYPE_CHECKING:
    from api.settings import LogFormat, LogLevel

# Ours, and the server's. Other libraries are heard from warnings on, whatever the level is: below
# that some of them tell what they send.
_OWN = ("api", "index", "qa", "uvicorn")


def configure(form: LogFormat = "readable", level: LogLevel = "info", **always: str) -> None:
    """Log like this from now on; `always` stands in every line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form, colours=sys.stderr.isatty(), **always))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _OWN:
        logging.getLogger(name).setLevel(level.upper())
    logging.captureWarnings(True)


def formatter(form: LogFormat, *, colours: bool = False, **always: str) -> logging.Formatter:
    """One line a record, a traceback below it; as JSON all of it on one line."""

    def add_the_rest(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event.pop("color_message", None)  # the server's own way of colouring
        if (its_id := request_id()) is not None:
            event["request_id"] = its_id
        event.update(always)
        return event

    last: tuple[Processor, ...]
    if form == "json":
        last = (structlog.processors.JSONRenderer(),)
    else:
        console = structlog.dev.ConsoleRenderer(
            pad_event_to=0,
            pad_level=False,
            colors=colours,
            sort_keys=False,
            # Not the pretty one: that shows the values of variables, questions and keys among them.
            exception_formatter=structlog.dev.plain_traceback,
        )
        last = (_harmless, console)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.processors.TimeStamper("iso", utc=True),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            add_the_rest,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            *last,
        ],
    )


def _harmless(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """No value can look like another field or another line, or command a terminal."""
    for name, value in event.items():
        if name == "exception":
            event[name] = "\n".join(f"    {_printable(line)}" for line in value.splitlines())
        elif isinstance(value, str):
            event[name] = _printable(value)
    return event


def _printable(text: str) -> str:
    return text if text.isprintable() else repr(text)[1:-1]
