"""Keys: who may read and write over HTTP, in the library's file; of a secret only the hash is kept.

A key is `onrecord_<id>_<secret>`. Its id is no secret: it stands in lists, logs and limits. The
secret has 256 random bits, so that one round of SHA-256 is enough to keep it by. Every look-up
reads the file, through a connection of its own (some 0.15 ms): a key that another process makes or
revokes counts from the next request on.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from index.database import explained, open_to_read, open_to_write, transaction
from index.errors import BadKeyError, KeyNotFoundError

Scope = Literal["read", "write"]  # whoever may write may read as well

LONGEST_NAME = 100  # characters
HIGHEST_RATE = 100_000  # requests a minute

_TOKEN = re.compile(r"onrecord_([0-9a-f]{12})_([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key, and no secret; times are UTC, ISO 8601.

    `rate` is how many requests it may make in a minute: 0 sets no limit, None leaves it to the
    server.
    """

    id: str
    name: str
    scope: Scope
    rate: int | None
    created: str
    revoked: str | None = None


_COLUMNS = ", ".join(field.name for field in fields(Key))


class KeyStore:
    """The keys in the library's file at `path`.

    Safe to use from several threads and processes; there is nothing to close.

    Raises:
        LibraryError: from every method, when the file cannot be opened, read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def new(self, name: str, scope: Scope, rate: int | None = None) -> tuple[Key, str]:
        """A new key, and what its bearer sends, which can never be read again.

        The library is made when it is missing.

        Raises:
            BadKeyError: the name or the rate cannot be used.
        """
        if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or name.isspace():
            raise BadKeyError(f"a key needs a name of 1 to {LONGEST_NAME} printable characters")
        if rate is not None and not 0 <= rate <= HIGHEST_RATE:
            raise BadKeyError(f"{rate} requests a minute: from 1 to {HIGHEST_RATE:,}, or 0 for all")
        key = Key(secrets.token_hex(6), name, scope, rate, _now())
        secret = secrets.token_hex(32)
        with (
            closing(open_to_write(self.path)) as db,
            explained(self.path),
            transaction(db),
        ):
            db.execute(
                f"INSERT INTO keys ({_COLUMNS}, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key.id, name, scope, rate, key.created, None, _hash(secret)),
            )
        return key, f"onrecord_{key.id}_{secret}"

    def revoke(self, id: str) -> Key:
        """The key, revoked: now, or when it was before. A whole key stands for its id.

        Raises:
            KeyNotFoundError: there is none.
        """
        if whole := _TOKEN.fullmatch(id):
            id = whole[1]
        if not self._rows("WHERE id = ?", id):
            raise KeyNotFoundError(id)
        with (
            closing(open_to_write(self.path)) as db,
            explained(self.path),
            transaction(db),
        ):
            db.execute("UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL", (_now(), id))
        [(_, key)] = self._rows("WHERE id = ?", id)
        return key

    def all(self) -> list[Key]:
        """Every key there ever was, the oldest first."""
        return [key for _, key in self._rows("ORDER BY created, id")]

    def find(self, sent: str) -> Key | None:
        """The key that `sent` proves; None when it is malformed, unknown, wrong or revoked.

        Hashes are compared in constant time.
        """
        parts = _TOKEN.fullmatch(sent)
        if parts is None:
            return None
        for kept, key in self._rows("WHERE id = ?", parts[1]):
            if secrets.compare_digest(kept, _hash(parts[2])) and key.revoked is None:
                return key
        return None

    def _rows(self, sql: str, *values: object) -> list[tuple[str, Key]]:
        """The hash of each secret, and its key."""
        with closing(open_to_read(self.path)) as db, explained(self.path):
            if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'keys'").fetchone():
                return []  # an older version wrote the file, and nothing has been written since
            rows: list[tuple[Any, ...]] = db.execute(
                f"SELECT sha256, {_COLUMNS} FROM keys {sql}", values
            ).fetchall()
        return [(kept, Key(*known)) for kept, *known in rows]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
