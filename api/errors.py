"""What can go wrong at the faces; `api.problems` alone knows status codes.

FaceError
├── SettingsError       a variable is misspelt, or has a value that cannot be used
├── MissingExtraError   a package that only comes with an extra is not installed
├── UnsafeBindError     an address that others can reach, and no API key
├── KeyRequiredError    the request needs an API key and has none that counts
├── ScopeRequiredError  its key may read, and it would write
├── ForeignPageError    a page from elsewhere would write
├── RateExceededError   its key has made as many requests as it may for now
├── ModelNotFoundError  a chat client names a model that there is not
├── OvertakenError      what a reply had begun to quote was removed meanwhile
├── NotReadyError       no index is open, so nothing can be asked yet
├── StoppingError       the server was told to stop: whoever can ask another one, should
├── CannotCancelError   a build that has ended, or that another server builds
├── NotProvedError      an article was removed, and the proof that nothing is left could not be made
└── BusyError           as many questions are waiting as may wait
"""

from __future__ import annotations


class FaceError(Exception):
    """Root of the family."""


class SettingsError(FaceError):
    """A setting is misspelt or has a value that cannot be used."""


class MissingExtraError(FaceError):
    """What was asked for needs packages that come with an extra."""

    def __init__(self, extra: str) -> None:
        super().__init__(f"this needs more packages: pip install 'onrecord[{extra}]'")
        self.extra = extra


class UnsafeBindError(FaceError):
    """The server would be open to others, and there is no API key."""

    def __init__(self, host: str, *, behind_proxy: bool = False) -> None:
        others = f"others can reach {host!r}"
        super().__init__(
            f"{others + ' through the proxy' if behind_proxy else others} and there is no API key: "
            "make one with `onrecord key new`, or set ONRECORD_API_KEY"
            + ("" if behind_proxy else ", or serve on 127.0.0.1")
        )
        self.host = host


class KeyRequiredError(FaceError):
    """The request carries no API key, or one that is wrong or revoked."""

    def __init__(self) -> None:
        super().__init__(
            "send an API key that is not revoked as `Authorization: Bearer KEY` or `X-API-Key: KEY`"
        )


class ScopeRequiredError(FaceError):
    """The key of that id may read, and not write."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"key {key_id} may only read; this needs one with the scope `write`")
        self.key_id = key_id


class ForeignPageError(FaceError):
    """A browser asks for a page from elsewhere, and nobody has set a key."""

    def __init__(self) -> None:
        super().__init__(
            "without an API key, no page from elsewhere may write; see ONRECORD_CORS_ORIGINS"
        )


class RateExceededError(FaceError):
    """The key has made `rate` requests within a minute; `retry_after` is in whole seconds."""

    def __init__(self, rate: int, retry_after: int) -> None:
        super().__init__(
            f"this key may make {rate:,} requests a minute: try again in {retry_after} s"
        )
        self.rate, self.retry_after = rate, retry_after


class NotReadyError(FaceError):
    """No generation is open: nothing was built yet, or what was built cannot be used."""

    def __init__(self, trouble: Exception | None = None) -> None:
        super().__init__(
            "no index has been built yet: add articles and run `onrecord build`; "
            "it goes live without a restart"
            if trouble is None
            else "the index cannot be opened; the server's log says why"
        )


class ModelNotFoundError(FaceError):
    """A chat client asks for a model by another name than ours."""

    def __init__(self, name: str, ours: str) -> None:
        super().__init__(f"there is no model {name[:60]!r}: this server has {ours!r}")
        self.name = name


class OvertakenError(FaceError):
    """What the reply was about to quote is gone, and what it said cannot be taken back."""

    def __init__(self) -> None:
        super().__init__("the index was replaced while the reply was being sent: ask again")


class StoppingError(FaceError):
    """The server finishes what it has begun, and ends."""

    def __init__(self) -> None:
        super().__init__(
            "the server was told to stop; ask another one, or this one once it is back"
        )


class CannotCancelError(FaceError):
    """The build is not one that this server can stop."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"build {number} cannot be cancelled: {reason}")
        self.number, self.reason = number, reason


class NotProvedError(FaceError):
    """An article is removed from the library, and what else there was of it may be there still."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "the article is removed from the library all the same, but it is not proved that "
            f"nothing of it is left: {reason}; repeat the request"
        )


class BusyError(FaceError):
    """The queue is full; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__(f"too many questions at once: ask again in {retry_after} s")
        self.retry_after = retry_after
