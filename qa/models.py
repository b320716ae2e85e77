"""LanguageModel: messages become text, in pieces and in time, or a ModelError says why not.

`OpenAIModel` asks any server that speaks the chat API of OpenAI. What comes back is hostile until
proven: it may hang, drip, never end, be packed, or send us elsewhere. Nothing of it is logged, nor
of what is sent.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from qa.errors import MissingModelClientError, ModelError

Message = Mapping[str, str]

TICK = 0.1  # seconds after which whoever waits is told that there is nothing new


class LanguageModel(Protocol):
    """Writes what comes after some messages."""

    def write(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """The text in pieces, as they come; an empty one while there is nothing new.

        Each message has `role` and `content`. Closing the iterator ends the work.

        Raises:
            ModelError: it cannot be had, or not all of it in time.
        """
        ...


class OpenAIModel:
    """The `model` behind the chat API of OpenAI at `base_url`; safe to use from several threads.

    It is asked once, at temperature 0 and with a fixed seed; a redirect is not followed. `seconds`
    is the limit for all of a reply, from the first packet to the last piece. Proxies that the
    environment names are not used.

    Raises:
        MissingModelClientError: the package `openai` is not installed.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str = "",
        *,
        seconds: float = 20.0,
        max_tokens: int = 800,
    ) -> None:
        try:
            from qa.openai_chat import Chat
        except ImportError as error:
            raise MissingModelClientError from error
        self._chat = Chat(base_url, model, api_key, seconds=seconds, max_tokens=max_tokens)
        self._seconds = seconds

    def write(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """See `LanguageModel.write`."""
        call = _Call(self._chat.write(messages), self._seconds)
        late = time.monotonic() + self._seconds + TICK  # should the call itself not notice
        call.start()
        try:
            while (piece := call.next_piece()) is not None:
                if not piece and time.monotonic() > late:
                    raise ModelError("timeout", f"nothing within {self._seconds:g} s")
                yield piece
        finally:
            call.stop()


class _Call(threading.Thread):
    """One request in a thread and event loop of its own, where it can be ended at any moment."""

    def __init__(self, pieces: AsyncIterator[str], seconds: float) -> None:
        super().__init__(name="language-model", daemon=True)
        self._source, self._seconds = pieces, seconds
        self._done: queue.SimpleQueue[str | ModelError | None] = queue.SimpleQueue()
        self._is_ended = False
        self._cancel: Callable[[], object] | None = None

    def next_piece(self) -> str | None:
        """The next piece of text, an empty one when there is nothing new, None at the end.

        Raises:
            ModelError: what ended it.
        """
        try:
            piece = self._done.get(timeout=TICK)
        except queue.Empty:
            return ""
        if isinstance(piece, ModelError):
            raise piece
        return piece

    def run(self) -> None:
        """See `Thread.run`."""
        with suppress(asyncio.CancelledError):
            asyncio.run(self._fetch())

    def stop(self) -> None:
        """Ends the request, wherever it is; does nothing once it is over."""
        self._is_ended = True
        if self._cancel is not None:
            with suppress(RuntimeError):  # the loop is closed: it was over already
                self._cancel()

    async def _fetch(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        if self._is_ended:
            return
        try:
            async with asyncio.timeout(self._seconds):
                async for piece in self._source:
                    self._done.put(piece)
            self._done.put(None)
        except ModelError as error:
            self._done.put(error)
        except TimeoutError:
            self._done.put(ModelError("timeout", f"not done within {self._seconds:g} s"))
        except Exception as error:  # whatever a hostile reply does to the client
            self._done.put(ModelError("garbage", type(error).__name__))
