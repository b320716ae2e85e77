"""An app to try hard, with the answerer that is shipped, and what its schema cannot tell."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from api.app import create_app
from api.builder import Builder
from api.settings import ApiSettings
from index import Article, IndexSettings, Jobs
from tests.qa.homes import FERRY, HARVEST, RICE, Home

_WORKER = (sys.executable, str(Path(__file__).with_name("word_worker.py")))

KEY = "a-key-for-whoever-fuzzes"

# As in the file schemathesis.toml. To delete a build is to cancel it: it can be read afterwards.
# And no schema says that a conversation must end with words of the user.
EXCEPTIONS = """
[[operations]]
include-path = "/v1/builds/{number}"
checks.use_after_free.enabled = false

[[operations]]
include-path = "/v1/chat/completions"
checks.positive_data_acceptance.expected-statuses = ["2xx", "404", "422"]
"""


@contextmanager
def small_app(folder: Path, *articles: Article, **settings: Any) -> Iterator[FastAPI]:
    """These articles, or three, in an index of hashed words; nothing limits who asks how often.

    `settings` are fields of ApiSettings.
    """
    given = {"rate_per_minute": 0, "build_after_seconds": 0, "min_free_mb": 0, **settings}
    api = ApiSettings.model_validate(given)
    with ExitStack() as stack:
        home = Home(folder, stack)
        home.build(*(articles or (FERRY, HARVEST, RICE)))
        jobs = stack.enter_context(Jobs(home.library.path))
        index = IndexSettings(home=folder)
        builder = Builder(jobs, home.library, home.store, index, api, _WORKER)
        yield create_app(home.answerer(), home.library, home.store, api, builder)
