"""JsonRequest: a request whose body means one thing, or is refused.

What JSON leaves to its reader, two readers take differently: of a key that stands twice the one
sees the first value, the other the last. What passed a check must be what is then used.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from fastapi import Request


class JsonRequest(Request):
    """A request as the routes read it."""

    async def json(self) -> Any:
        """The body, as `read_json` reads it."""
        return read_json(await self.body())


def read_json(body: bytes) -> Any:
    """The value that a body is.

    Raises:
        json.JSONDecodeError: it is no JSON, which has no NaN and no Infinity, an object in it names
            a key twice, or it is nested or a number in it is long beyond reason.
    """
    try:
        return json.loads(body, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError:
        raise
    except UnicodeDecodeError:
        raise json.JSONDecodeError("Not in UTF-8", "", 0) from None
    except RecursionError:
        raise json.JSONDecodeError("Nested too deeply", "", 0) from None
    except ValueError:  # of int(), beyond some thousand digits
        raise json.JSONDecodeError("A number is too long", "", 0) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise json.JSONDecodeError("An object names a key twice", "", 0)
    return fields


def _no_number(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is no number of JSON", "", 0)
