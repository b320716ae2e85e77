"""The verbs that show an act, in all their forms."""

from __future__ import annotations

import pytest

from index.record.cues import Cue, find_cues, lowered
from index.record.naming import Tokens
from index.record.verbs import inflected


def cues(text: str, lang: str) -> list[Cue]:
    tokens = Tokens(text, lang)
    low = lowered(tokens)
    return list(find_cues(tokens, low, 0, len(tokens), lang, bare=False))


@pytest.mark.parametrize(
    ("verb", "lang", "forms"),
    [
        ("deny", "en", {"deny", "denies", "denied", "denying"}),
        ("agree", "en", {"agree", "agrees", "agreed", "agreeing"}),
        ("commit", "en", {"commit", "commits", "committed", "committing"}),
        ("stress", "en", {"stress", "stresses", "stressed", "stressing"}),
        ("undertake", "en", {"undertake", "undertakes", "undertook", "undertaken", "undertaking"}),
        ("cam", "vi", {"cam"}),
    ],
)
def test_a_verb_has_all_its_forms(verb: str, lang: str, forms: set[str]) -> None:
    assert {form for form, _ in inflected(verb, lang)} == forms


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("annoncer", "annonçait"),
        ("engager", "engageant"),
        ("suggérer", "suggère"),
        ("promettre", "promis"),
        ("garantir", "garantissent"),
        ("soutenir", "soutiendra"),
        ("affirmer", "affirma"),
    ],
)
def test_french_verbs_keep_their_spelling_rules(verb: str, form: str) -> None:
    assert form in {form for form, _ in inflected(verb, "fr")}


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Japan promised help", False),
        ("Japan has never promised help", True),
        ("Japan hasn't yet promised help", True),
    ],
)
def test_a_denial_in_the_verb_group_is_seen(text: str, denied: bool) -> None:
    [cue] = cues(text, "en")
    assert (cue.act, cue.denied) == ("commit", denied)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("to sign a treaty", "en"),
        ("they could sign a treaty", "en"),
        ("their promises", "en"),
        ("la demande de paix", "fr"),
        ("lễ ký kết", "vi"),
    ],
)
def test_a_verb_that_is_no_act_is_no_cue(text: str, lang: str) -> None:
    assert cues(text, lang) == []


def test_nobody_is_asked_by_who_wants_to_go() -> None:
    assert cues("Japan wants to go", "en") == []
    assert [cue.act for cue in cues("Japan wants China to go", "en")] == ["wish"]
