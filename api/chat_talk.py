"""Conversations of chat clients: messages become a question with its turns, an answer a message."""

from __future__ import annotations

import re
from collections.abc import Sequence

from api.chat_schemas import Annotation, ChatIn, MessageIn, UrlCitation
from api.schemas import MAX_HISTORY, MAX_TURNS, AskIn, TurnIn
from qa import Answer, BadQuestionError, Citation, Sentence

_LONGEST = MAX_HISTORY // (2 * MAX_TURNS)  # kept of an earlier question, and of its answer
_SOURCES = "\n\nSources:\n"
_SILENCE = "The documents do not answer this."
_MARK = re.compile(r" ?\[\d{1,3}\]")
_RENDERED = str.maketrans("[]<>`", "()‹›'")


def read_talk(body: ChatIn) -> AskIn:
    """The question that a conversation ends with, and the turns before it.

    The last message of the user is asked; what stands after it is not read. Before it, each message
    of the user begins a turn, and the last one of the assistant that follows is its answer, without
    the marks and sources that we have added. What comes before the first turn, messages without
    text, and those of other roles are not read: instructions have no effect on what is quoted.

    Raises:
        BadQuestionError: no message is the user's, or the last one has no text.
    """
    messages = body.messages
    asked = max((at for at, one in enumerate(messages) if one.role == "user"), default=None)
    if asked is None:
        raise BadQuestionError("`messages` hold no question: none has the role `user`")
    question = messages[asked].text
    if not question.strip():
        raise BadQuestionError(
            "the last message of the user holds no text; images, sound and files are not read"
        )
    turns = _turns(messages[:asked])[-MAX_TURNS:]
    return AskIn(question=question, history=turns, filters=body.filters, k=body.k, explain=False)


def rest_of(answer: Answer) -> str:
    """What follows the sentences: the sources, line by line; all there is to say in silence."""
    if not answer.answered:
        return f"{_SILENCE} {answer.message}"
    return _SOURCES + "\n".join(map(_source, answer.citations))


def annotate(sentences: Sequence[Sentence]) -> list[Annotation]:
    """Which article backs which sentence of the message; articles without address are left out."""
    notes, start = [], 0
    for sentence in sentences:
        end = start + len(sentence.text)
        for each in sentence.citations:
            if each.source.url:
                cited = UrlCitation(
                    start_index=start,
                    end_index=end,
                    title=each.source.title or each.source.article_id,
                    url=each.source.url,
                    number=each.number,
                )
                notes.append(Annotation(url_citation=cited))
        start = end + 1
    return notes


def _turns(messages: Sequence[MessageIn]) -> list[TurnIn]:
    turns: list[TurnIn] = []
    for message in messages:
        said = message.text.strip()
        if message.role == "user" and said:
            turns.append(TurnIn(question=said[:_LONGEST], answer=None))
        elif message.role == "assistant" and turns and said:
            turns[-1].answer = _without_additions(said)[:_LONGEST] or None
    return turns


def _without_additions(said: str) -> str:
    """An earlier reply as `/v1/ask` has it, without its marks; nothing of an abstention."""
    if said.startswith(_SILENCE):
        return ""
    return _MARK.sub("", said.rpartition(f"{_SOURCES}- [1] ")[0] or said)


def _source(citation: Citation) -> str:
    """A line of the list of sources; a title makes no link, image or line of its own in it."""
    source = citation.source
    known = [source.title or source.article_id, source.outlet, source.date]
    words = ", ".join(str(each) for each in known if each).translate(_RENDERED)
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return f"- [{citation.number}] {line}"
