"""Keys: shown once, kept as a hash, and dead from the moment they are revoked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import BadKeyError, KeyNotFoundError, LibraryError
from index.jobs import Jobs
from index.keys import Key, KeyStore
from index.library import Library
from tests.index.test_jobs import SCHEMA_1

SCHEMA_2 = f"""{SCHEMA_1}
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    server TEXT NOT NULL,
    reason TEXT NOT NULL,
    full INTEGER NOT NULL,
    state TEXT NOT NULL,
    created TEXT NOT NULL, started TEXT, ended TEXT,
    library_revision INTEGER NOT NULL,
    generation INTEGER, error TEXT, report TEXT
);
INSERT INTO jobs VALUES (7, 'one', 'request', 0, 'succeeded', '2025-04-28T09:00:00.000+00:00',
    NULL, '2025-04-28T09:00:09.000+00:00', 1, 3, NULL, '{{"embedded": 2}}');
PRAGMA user_version = 2;
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite"


@pytest.fixture
def keys(path: Path) -> KeyStore:
    return KeyStore(path)


def test_a_key_is_found_by_all_of_it_and_only_until_it_is_revoked(keys: KeyStore) -> None:
    key, sent = keys.new("newsroom", "read", 60)
    assert (key.name, key.scope, key.rate, key.revoked) == ("newsroom", "read", 60, None)
    assert sent == f"onrecord_{key.id}_{sent[-64:]}"
    assert keys.find(sent) == key
    gone = keys.revoke(key.id)
    assert gone.revoked
    assert gone.revoked >= key.created
    assert keys.find(sent) is None
    assert keys.revoke(sent) == gone  # a whole key, found somewhere, will do
    assert keys.all() == [gone]


@pytest.mark.parametrize("scope", ["read", "write"])
def test_what_is_almost_a_key_is_none(keys: KeyStore, scope: str) -> None:
    key, sent = keys.new("one", "write" if scope == "write" else "read")
    _, other = keys.new("other", "write")
    secret = sent[-64:]
    for almost in (
        "",
        key.id,
        secret,
        sent[:-1],
        sent + "0",
        sent + "\n",
        " " + sent,
        sent.upper(),
        sent.replace("_", "-"),
        f"onrecord_{key.id}_{other[-64:]}",
        f"onrecord_{'0' * 12}_{secret}",
        f"onrecord_{key.id}_{'0' * 64}",
        f"onrecord_{key.id}_{secret[:-1]}é",
        f"onrecord_%_{secret}",
        "\0" * 100_000,
    ):
        assert keys.find(almost) is None


def test_every_key_is_another_and_the_file_holds_no_secret(keys: KeyStore, path: Path) -> None:
    made = [keys.new("one", "read") for _ in range(20)]
    assert len({key.id for key, _ in made}) == len({sent[-64:] for _, sent in made}) == 20
    assert {key.id for key in keys.all()} == {key.id for key, _ in made}
    kept = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert not [sent for _, sent in made if sent[-64:].encode() in kept]
    assert b"one" in kept


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x1b[31m", "x" * 101])
def test_a_name_that_cannot_be_shown_is_refused(keys: KeyStore, path: Path, name: str) -> None:
    with pytest.raises(BadKeyError, match="a name of 1 to 100 printable characters"):
        keys.new(name, "read")
    assert not path.exists()


@pytest.mark.parametrize("rate", [-1, 100_001])
def test_a_rate_beyond_reason_is_refused(keys: KeyStore, rate: int) -> None:
    with pytest.raises(BadKeyError, match=f"{rate} requests a minute"):
        keys.new("one", "read", rate)


def test_what_was_never_made_cannot_be_revoked_and_is_not_repeated(keys: KeyStore) -> None:
    keys.new("one", "read")
    with pytest.raises(KeyNotFoundError, match="no key has the id abc"):
        keys.revoke("abc")
    with pytest.raises(KeyNotFoundError) as refused:
        keys.revoke("correct-horse-battery")
    assert "horse" not in str(refused.value)


def test_without_a_library_nothing_is_made_by_looking(keys: KeyStore, path: Path) -> None:
    sent = f"onrecord_{'0' * 12}_{'0' * 64}"
    for look in (keys.all, lambda: keys.revoke("a"), lambda: keys.find(sent)):
        with pytest.raises(LibraryError, match="there is no library"):
            look()
    assert not path.exists()


def test_keys_are_made_beside_articles_and_leave_their_revision_alone(path: Path) -> None:
    with Library(path) as library:
        keys = KeyStore(path)
        _, sent = keys.new("one", "read")
        with closing(sqlite3.connect(path)) as writer:
            writer.execute("BEGIN IMMEDIATE")  # whoever writes holds no reader up
            assert keys.find(sent)
        assert library.revision == 0


@pytest.mark.parametrize("schema", [SCHEMA_1, SCHEMA_2])
def test_a_library_of_an_older_version_is_read_as_it_is_and_gets_keys_with_the_first(
    path: Path, schema: str
) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(schema)
        [before] = db.execute("PRAGMA user_version").fetchone()
    keys = KeyStore(path)
    assert (keys.all(), version(path)) == ([], before)
    key, sent = keys.new("one", "write")
    assert (keys.find(sent), version(path)) == (key, 3)
    with Library(path) as library, Jobs(path) as jobs:
        assert library.get("ferry").text == "The ferry resumes."
        assert library.revision == 1
        assert [job.id for job in jobs.page()[1]] == ([7] if before == 2 else [])


def test_where_nothing_can_be_written_a_key_revoked_elsewhere_is_dead_all_the_same(
    keys: KeyStore, path: Path
) -> None:
    key, sent = keys.new("one", "read")
    log_index = path.with_name(path.name + "-shm")
    log_index.mkdir()  # it cannot be made, so the file is read as one that never changes
    assert keys.find(sent) == key
    log_index.rmdir()
    keys.revoke(key.id)
    log_index.unlink(missing_ok=True)
    log_index.mkdir()
    assert keys.find(sent) is None


def test_a_key_holds_no_secret() -> None:
    assert set(Key.__slots__) == {"id", "name", "scope", "rate", "created", "revoked"}


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])
