"""Chat: one completion of a server that speaks OpenAI's chat API, streamed, within bounds.

Needs the extra `llm`, and so is imported only where a model is set.
"""

from __future__ import annotations

import functools
import logging
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, NoReturn

import httpx2
import openai

from qa.errors import ModelError

_MOST_BYTES = 1_000_000  # of a whole reply, as it is sent
_SEED = 7


class Chat:
    """Where and how to ask; see `qa.models.OpenAIModel`."""

    def __init__(
        self, base_url: str, model: str, api_key: str, *, seconds: float, max_tokens: int
    ) -> None:
        self._base_url, self._model, self._api_key = base_url, model, api_key
        self._seconds, self._max_tokens = seconds, max_tokens
        # OPENAI_LOG would make it tell what is sent.
        logging.getLogger("openai").setLevel(logging.WARNING)

    async def write(self, messages: Sequence[Any]) -> AsyncIterator[str]:
        """The text in pieces.

        Raises:
            ModelError: it cannot be had, or not all of it.
        """
        bounds = _Bounds(verify=_certificates())
        has_begun = has_ended = False
        try:
            async with (
                httpx2.AsyncClient(
                    transport=bounds,
                    timeout=self._seconds,
                    trust_env=False,
                    headers={"Accept-Encoding": "identity"},
                ) as http,
                self._client(http) as client,
            ):
                stream = await client.chat.completions.create(
                    model=self._model,
                    messages=list(messages),
                    temperature=0,
                    seed=_SEED,
                    max_tokens=self._max_tokens,
                    stream=True,
                )
                has_begun = True
                async with stream:
                    async for chunk in stream:
                        for choice in (chunk.choices or [])[:1]:
                            has_ended = has_ended or choice.finish_reason is not None
                            if choice.delta is not None and choice.delta.content:
                                yield str(choice.delta.content)
        except (openai.APIError, httpx2.HTTPError) as error:
            raise bounds.fault or _failure(error, has_begun=has_begun) from None
        if not has_ended:
            raise ModelError("cut_off", "the reply has no end")

    def _client(self, http: httpx2.AsyncClient) -> openai.AsyncOpenAI:
        client = openai.AsyncOpenAI(
            base_url=self._base_url,
            api_key=self._api_key or "none",
            max_retries=0,
            http_client=http,
        )
        # What the client takes from the environment is not meant for this server.
        client.organization = client.project = client.admin_api_key = None
        return client


class _Bounds(httpx2.AsyncHTTPTransport):
    """Lets through a plain stream of events of limited length; `fault` is what it stopped."""

    fault: ModelError | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See `AsyncHTTPTransport`; of anything but status 200, the status alone."""
        response = await super().handle_async_request(request)
        headers = response.headers
        if response.status_code != 200:
            await response.aclose()
            return httpx2.Response(response.status_code)
        try:
            if headers.get("Content-Encoding", "identity") != "identity":
                self.refuse("it is packed, which was not asked for")
            if not headers.get("Content-Type", "").startswith("text/event-stream"):
                self.refuse("it is no stream of events")
        except httpx2.RemoteProtocolError:
            await response.aclose()
            raise
        return httpx2.Response(200, headers=headers, stream=_Counted(response, self))

    def refuse(self, why: str) -> NoReturn:
        """Ends the exchange."""
        self.fault = ModelError("garbage", why)
        raise httpx2.RemoteProtocolError(why)


class _Counted(httpx2.AsyncByteStream):
    """The body of a response, as long as it is not too long."""

    def __init__(self, response: httpx2.Response, bounds: _Bounds) -> None:
        self._response, self._bounds = response, bounds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        total = 0
        async with aclosing(self._response.aiter_raw()) as chunks:
            async for chunk in chunks:
                total += len(chunk)
                if total > _MOST_BYTES:
                    self._bounds.refuse(f"longer than {_MOST_BYTES:,} bytes")
                yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()


def _failure(error: openai.APIError | httpx2.HTTPError, *, has_begun: bool) -> ModelError:
    """What went wrong, with nothing in it that the server has written."""
    if isinstance(error, openai.APIStatusError):
        status = error.status_code
        return ModelError("rate_limited" if status == 429 else "refused", f"status {status}")
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return ModelError("timeout", "no answer in time")
    if isinstance(error, openai.APIConnectionError | httpx2.HTTPError):
        return ModelError("cut_off" if has_begun else "unreachable", "the connection broke")
    return ModelError("refused", "an error in the middle of the reply")


@functools.cache
def _certificates() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)
