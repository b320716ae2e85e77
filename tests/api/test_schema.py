"""The API is as its schema says, for whatever the schema allows or forbids.

Whatever is in the schema is tried, so routes that come later are tried as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema

from tests.api.fuzzing import EXCEPTIONS, KEY, small_app
from tests.api.serving import serving

MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
examples = settings(
    max_examples=50,  # at length in tests/campaigns/fuzz.py
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture
def described(tmp_path: Path) -> Iterator[BaseSchema]:
    """The schema of a server that answers from a small library, and wants a key for writing."""
    with small_app(tmp_path, api_key=KEY) as app, serving(app) as port:
        yield schemathesis.openapi.from_url(
            f"http://127.0.0.1:{port}/openapi.json", config=SchemathesisConfig.from_str(EXCEPTIONS)
        )


@pytest.mark.network
def test_every_route_keeps_to_its_schema(
    described: BaseSchema, session: requests.Session, subtests: pytest.Subtests
) -> None:
    def holds(case: Case[Any]) -> None:
        case.call_and_validate(session=session, headers={"Authorization": f"Bearer {KEY}"})

    for result in described.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        with subtests.test(operation.label):
            fitting, unfit = (operation.as_strategy(generation_mode=mode) for mode in MODES)
            examples(given(fitting | unfit)(holds))()
