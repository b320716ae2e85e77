"""Wire: reads requests off a connection, none of whose heads is long beyond reason."""

from __future__ import annotations

from httptools import parse_url
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 64 * 1024  # bytes of a request before its body; what h11 takes


class Wire(HttpToolsProtocol):
    """uvicorn's reader in C, which by itself keeps a head that never ends, however long it is."""

    _in_head = True
    _head = 0  # bytes of it in pieces after the one that it began in
    _piece = 0  # bytes

    def on_message_begin(self) -> None:
        """See uvicorn: a request begins."""
        super().on_message_begin()
        self._head, self._in_head = -self._piece, True

    def on_headers_complete(self) -> None:
        """See uvicorn: its head is there."""
        self._in_head = False
        if not self.url.startswith(b"/") and (host := parse_url(self.url).host):
            # The target names the host, then the header says nothing (RFC 9112, 3.2.2).
            self.headers[:] = [(k, host if k == b"host" else v) for k, v in self.headers]
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """See uvicorn: a piece of what is sent."""
        self._piece = len(data)
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > MAX_HEAD:
                self.send_400_response("The head of the request is too long.")
