"""What can go wrong at the faces; `api.problems` alone knows status codes.

FaceError
├── SettingsError       a variable is misspelt, or has a value that cannot be used
├── UnsafeBindError     an address that others can reach, and no API key
├── KeyRequiredError    the request needs the API key and has not the right one
├── NotReadyError       no index is open, so nothing can be asked yet
├── CannotCancelError   a build that has ended, or that another server builds
├── NotProvedError      an article was removed, and the proof that nothing is left could not be made
└── BusyError           as many questions are waiting as may wait
"""

from __future__ import annotations


class FaceError(Exception):
    """Root of the family."""


class SettingsError(FaceError):
    """A setting is misspelt or has a value that cannot be used."""


class UnsafeBindError(FaceError):
    """The server would be open to others: it has no API key and no loopback address."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host!r} can be reached by others and no API key is set: "
            "set ONRECORD_API_KEY, or serve on 127.0.0.1"
        )
        self.host = host


class KeyRequiredError(FaceError):
    """The request carries no API key, or a wrong one."""

    def __init__(self) -> None:
        super().__init__("send the API key as `Authorization: Bearer KEY` or `X-API-Key: KEY`")


class NotReadyError(FaceError):
    """No generation is open: nothing was built yet, or what was built cannot be used."""

    def __init__(self, trouble: Exception | None = None) -> None:
        super().__init__(
            "no index has been built yet: add articles and run `onrecord build`; "
            "it goes live without a restart"
            if trouble is None
            else "the index cannot be opened; the server's log says why"
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
