"""The shapes of OpenAI's chat API, as far as it is spoken here.

Fields of a request that stand nowhere here (temperature, max_tokens, stop, seed, user, tools, …)
are taken, and change nothing. What a client would be misled by, were it ignored, is refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, StrictBool

from api.schemas import AnswerOut, Count, FiltersIn, Name, Text, check_number

MODEL = "on-record"
MAX_MESSAGES = 1000

Said = Annotated[Text, Field(max_length=100_000)]


class PartIn(BaseModel):
    """A part of a message; only text is read."""

    type: Name = Field(examples=["text"])
    text: Said | None = None


def _as_parts(content: object) -> object:
    if content is None:
        return []
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


Content = Annotated[
    list[PartIn],
    BeforeValidator(_as_parts, json_schema_input_type=Said | list[PartIn] | None),
]


class MessageIn(BaseModel):
    """A message of the conversation; one text is as good as a list of parts."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = Field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says."""
        return "\n".join(part.text or "" for part in self.content if part.type == "text")


def _check_flag(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("a flag is true or false")
    return value


class StreamOptions(BaseModel):
    """What a stream carries beside the reply."""

    include_usage: StrictBool | None = None


class FormatIn(BaseModel):
    """How the reply is written."""

    type: Literal["text"]


class ChatIn(BaseModel):
    """A conversation: the last message of the role `user` is the question.

    `filters` and `k` are those of `/v1/ask`; the others are OpenAI's.
    """

    model: Name = Field(MODEL, examples=[MODEL])
    messages: list[MessageIn] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None
    n: Annotated[Literal[1], BeforeValidator(check_number)] | None = None
    modalities: list[Literal["text"]] | None = None
    response_format: FormatIn | None = None
    tool_choice: Literal["none", "auto"] | None = Field(None, description="Tools are never called.")
    logprobs: Annotated[Literal[False], BeforeValidator(_check_flag)] | None = None
    filters: FiltersIn | None = None
    k: Count | None = None


class UrlCitation(BaseModel):
    """The article behind a sentence: `content[start_index:end_index]`, in code points."""

    start_index: int
    end_index: int
    title: str
    url: str
    number: int = Field(description="The number of the citation, as in `on_record.citations`.")


class Annotation(BaseModel):
    """One citation of one sentence, where the article has an address."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class MessageOut(BaseModel):
    """The answer with its [1] marks and a list of its sources; or why there is none."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class ChoiceOut(BaseModel):
    """The only choice."""

    index: Literal[0] = 0
    message: MessageOut
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Usage(BaseModel):
    """No tokens are spent, so all counts are 0."""

    prompt_tokens: Literal[0] = 0
    completion_tokens: Literal[0] = 0
    total_tokens: Literal[0] = 0


class ChatOut(BaseModel):
    """A reply; `on_record` is that of `/v1/ask`, with all citations."""

    id: str = Field(examples=["chatcmpl-6f0c1b"])
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="Seconds since 1970.")
    model: Literal["on-record"] = "on-record"
    system_fingerprint: str = Field(description="The index asked.", examples=["generation-12"])
    choices: list[ChoiceOut]
    usage: Usage = Usage()
    on_record: AnswerOut


class ModelOut(BaseModel):
    """Who answers; `created` is when the index that serves was built, 0 without one."""

    id: Literal["on-record"] = "on-record"
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["on-record"] = "on-record"
    generation: int | None = Field(description="The index that serves; null while there is none.")


class ModelsOut(BaseModel):
    """The models there are: one."""

    object: Literal["list"] = "list"
    data: list[ModelOut]
