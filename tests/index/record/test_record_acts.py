"""Who commits, proposes, asks, agrees, signs or reports, in three languages."""

from __future__ import annotations

import pytest

from index.record.acts import find_statements
from index.record.people import find_people
from index.record.rows import BOTH_SIDES, Statement
from index.sentences import sentence_spans


def statements(text: str, lang: str) -> tuple[Statement, ...]:
    """The statements of a text, with the people that it names."""
    sentences = sentence_spans(text, lang)
    people, mentions = find_people(text, sentences, lang)
    return find_statements(text, sentences, lang, people, mentions, {})


def told(text: str, lang: str = "en") -> list[tuple[str, str]]:
    """Act and actor of each statement."""
    return [(row.act, row.actor.name) for row in statements(text, lang)]


@pytest.mark.parametrize(
    ("lang", "text", "act", "actor"),
    [
        ("en", "Japan has promised to help Vietnam.", "commit", "Japan"),
        ("en", "The Japanese Government is committed to helping Vietnam.", "commit", "Japan"),
        ("en", "Japan will support the construction of a port.", "commit", "Japan"),
        ("en", "President Emmanuel Macron proposed a summit.", "propose", "Emmanuel Macron"),
        ("en", "President Emmanuel Macron urged China to pay.", "ask", "Emmanuel Macron"),
        ("en", "The two sides agreed to cooperate.", "agree", BOTH_SIDES),
        ("en", "Vietnam and Japan signed a memorandum on labour.", "sign", "Vietnam"),
        ("en", "The treaty was signed by Vietnam and Japan.", "sign", "Vietnam"),
        ("en", "President Emmanuel Macron said that it rained.", "report", "Emmanuel Macron"),
        ("en", "Google announced a new phone on Monday.", "report", "Google"),
        ("fr", "Le gouvernement japonais s'est engagé à investir.", "commit", "Japan"),
        ("fr", "La France soutiendra les agriculteurs.", "commit", "France"),
        ("fr", "Emmanuel Macron a proposé un sommet.", "propose", "Emmanuel Macron"),
        ("fr", "Emmanuel Macron a demandé au Japon de payer.", "ask", "Emmanuel Macron"),
        ("fr", "Les deux parties sont convenues de coopérer.", "agree", BOTH_SIDES),
        ("fr", "La France et le Japon ont signé un accord.", "sign", "France"),
        ("fr", "Emmanuel Macron a souligné cet effort.", "report", "Emmanuel Macron"),
        ("vi", "Chính phủ Nhật Bản cam kết hỗ trợ Việt Nam.", "commit", "Japan"),
        ("vi", "Nhật Bản sẽ hỗ trợ Việt Nam đào tạo nhân lực.", "commit", "Japan"),
        ("vi", "Thủ tướng Phạm Minh Chính đề xuất lập quỹ.", "propose", "Phạm Minh Chính"),
        ("vi", "Thủ tướng Phạm Minh Chính đề nghị Nhật Bản hỗ trợ.", "ask", "Phạm Minh Chính"),
        ("vi", "Hai bên nhất trí tăng cường hợp tác.", "agree", BOTH_SIDES),
        ("vi", "Việt Nam và Nhật Bản ký kết bản ghi nhớ.", "sign", "Vietnam"),
        ("vi", "Thủ tướng Phạm Minh Chính nhấn mạnh điều này.", "report", "Phạm Minh Chính"),
    ],
)
def test_each_act_is_found_with_who_does_it(lang: str, text: str, act: str, actor: str) -> None:
    assert told(text, lang) == [(act, actor)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Japan did not promise new loans."),
        ("en", "Japan didn’t promise new loans."),
        ("en", "Japan has not agreed to the plan."),
        ("en", "Japan never promised to pay."),
        ("en", "Japan no longer promises to pay."),
        ("en", "Japan will not support the plan."),
        ("en", "Vietnam refused to sign the agreement with China."),
        ("en", "Vietnam declined to commit to the plan."),
        ("en", "President Joe Biden failed to sign the agreement."),
        ("en", "Neither Japan nor Vietnam signed the agreement."),
        ("en", "Germany could sign the treaty and wants to propose a pact."),
        ("en", "If Japan agrees to the plan, the port opens."),
        ("en", "It is not true that Japan promised to pay."),
        ("en", "Japan reportedly agreed to the plan."),
        ("en", "Japan hasn't yet formally agreed to the plan."),
        ("en", "Japan has not signed and agreed to the plan."),
        ("fr", "Emmanuel Macron n'a pas promis de baisser les impôts."),
        ("fr", "Emmanuel Macron ne s'est pas engagé à signer le traité."),
        ("fr", "Emmanuel Macron refuse de signer l'accord."),
        ("fr", "Jamais la France n'a promis cela."),
        ("fr", "Emmanuel Macron pourrait signer l'accord."),
        ("vi", "Nhật Bản không cam kết cung cấp khoản vay mới."),
        ("vi", "Chính phủ Nhật Bản chưa đồng ý với đề xuất này."),
        ("vi", "Chính phủ Nhật Bản từ chối ký thỏa thuận."),
    ],
)
def test_what_was_not_done_is_no_statement(lang: str, text: str) -> None:
    assert told(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "President Emmanuel Macron denied that France had agreed to pay."),
        ("en", "President Emmanuel Macron denied that he had promised to pay."),
        ("en", "President Emmanuel Macron said he would not sign the treaty."),
        ("fr", "Emmanuel Macron a démenti avoir promis une baisse."),
        ("fr", "Emmanuel Macron a démenti que la France ait signé l'accord."),
    ],
)
def test_a_denial_is_a_report_and_no_promise(lang: str, text: str) -> None:
    assert told(text, lang) == [("report", "Emmanuel Macron")]


def test_a_vietnamese_denial_is_a_report_and_no_promise() -> None:
    text = "Bộ trưởng Bùi Thanh Sơn phủ nhận việc cam kết mở cửa thị trường."
    assert told(text, "vi") == [("report", "Bùi Thanh Sơn")]


@pytest.mark.parametrize(
    "text",
    [
        '"He said “we will build the port”," President Emmanuel Macron said.',
        "“The minister told me: ‘We promise to pay’,” President Emmanuel Macron said.",
        "\"He told me 'we will build it'\", President Emmanuel Macron said.",
    ],
)
def test_a_promise_in_a_quotation_inside_a_quotation_is_not_the_speakers(text: str) -> None:
    assert told(text) == [("report", "Emmanuel Macron")]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "“We will build the port,” President Emmanuel Macron said."),
        ("en", "President Emmanuel Macron said that France will build the port."),
        ("en", "President Emmanuel Macron said he would support the port."),
        ("fr", "« Nous allons soutenir les agriculteurs », a dit Emmanuel Macron."),
    ],
)
def test_what_a_speaker_says_his_own_side_will_do_is_his_promise_alone(
    lang: str, text: str
) -> None:
    text += " French President Emmanuel Macron" if lang == "en" else ""
    assert told(text, lang)[:1] == [("commit", "Emmanuel Macron")]


@pytest.mark.parametrize(
    ("lang", "text", "speaker"),
    [
        ("en", "According to Joe Biden, Japan will support the plan.", "Joe Biden"),
        ("en", "Japan will support the plan, President Joe Biden said.", "Joe Biden"),
        ("en", "Japan had agreed to pay, said President Joe Biden.", "Joe Biden"),
        ("en", "President Joe Biden said Japan had agreed to pay.", "Joe Biden"),
        ("en", "Joe Biden, president of the United States, said Japan will help.", "Joe Biden"),
        ("fr", "Selon Emmanuel Macron, le Japon soutiendra ce projet.", "Emmanuel Macron"),
        ("fr", "Le Japon a promis de payer, a déclaré Emmanuel Macron.", "Emmanuel Macron"),
        ("fr", "« Le Japon paiera », explique Emmanuel Macron.", "Emmanuel Macron"),
        ("vi", "Theo ông Phạm Minh Chính, Nhật Bản cam kết hỗ trợ.", "Phạm Minh Chính"),
    ],
)
def test_reported_speech_is_of_its_speaker(lang: str, text: str, speaker: str) -> None:
    assert told(text, lang) == [("report", speaker)]


def test_the_speaker_of_a_verb_tied_to_its_pronoun_is_who_spoke_before() -> None:
    text = "Emmanuel Macron a salué cet accord. « Il est bon », a-t-il ajouté."
    first, second = statements(text, "fr")
    assert (first.actor.name, first.resolved) == ("Emmanuel Macron", False)
    assert (second.actor.name, second.resolved) == ("Emmanuel Macron", True)


def test_two_acts_of_one_sentence_are_two_statements() -> None:
    text = "President Emmanuel Macron urged China to pay and promised to support farmers."
    assert told(text) == [("ask", "Emmanuel Macron"), ("commit", "Emmanuel Macron")]


def test_a_clause_in_contrast_has_an_actor_of_its_own() -> None:
    text = "The two sides agreed to talk, while President Xi Jinping called on Japan to invest."
    assert told(text) == [("agree", BOTH_SIDES), ("ask", "Xi Jinping")]


@pytest.mark.parametrize(
    "text",
    [
        "Officials said Japan had agreed to pay.",
        "Companies from Japan promised to invest.",
        "Japanese businesses promised to invest.",
        "A spokesman for Joe Biden promised to pay.",
        "He promised to pay.",
        "We’ve asked China to pay.",
    ],
)
def test_who_has_no_name_is_no_actor(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("lang", "text", "towards"),
    [
        ("en", "President Emmanuel Macron urged Japanese investors to stay.", "Japan"),
        ("en", "President Emmanuel Macron urged the European Union to act.", "European Union"),
        ("en", "Vietnam and Japan signed an agreement.", "Japan"),
        ("fr", "Emmanuel Macron a demandé aux localités japonaises de rester.", "Japan"),
        ("fr", "Emmanuel Macron a appelé l'Union européenne à agir.", "European Union"),
        ("vi", "Thủ tướng Phạm Minh Chính đề nghị phía Nhật Bản hỗ trợ.", "Japan"),
        ("en", "President Emmanuel Macron proposed a new tax.", None),
    ],
)
def test_the_counterpart_is_who_is_addressed(lang: str, text: str, towards: str | None) -> None:
    [row] = statements(text, lang)
    assert (row.counterpart and row.counterpart.name) == towards


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Japan promised to pay.", "future"),
        ("Japan and Vietnam signed an agreement.", "done"),
        ("President Joe Biden said the economy will grow.", "future"),
        ("President Joe Biden said the economy has recovered.", "done"),
        ("President Joe Biden said the economy is strong.", "ongoing"),
    ],
)
def test_the_time_is_that_of_what_is_said(text: str, time: str) -> None:
    [row] = statements(text, "en")
    assert row.time == time


def test_a_hope_asks_only_where_it_is_set_on_a_named_party() -> None:
    assert told("President Joe Biden hopes that Japan will help.") == [("ask", "Joe Biden")]
    assert ("ask", "Joe Biden") not in told("President Joe Biden hopes that all will go well.")


def test_the_cue_is_the_verb_and_lies_in_the_sentence() -> None:
    text = "It rained. Japan has promised to help Vietnam."
    [row] = statements(text, "en")
    assert row.sentence.slice(text) == "Japan has promised to help Vietnam."
    assert row.cue.slice(text) == "promised"


def test_sectors_are_those_of_the_sentence() -> None:
    text = "Japan has promised to help Vietnam."
    [sentence] = sentence_spans(text, "en")
    [row] = find_statements(text, [sentence], "en", (), (), {sentence: ("finance", "labour")})
    assert row.sectors == ("finance", "labour")


@pytest.mark.parametrize("lang", ["de", None])
def test_a_text_of_another_language_has_no_statements(lang: str) -> None:
    assert find_statements("Japan verspricht Hilfe.", (), lang, (), (), {}) == ()


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        (
            "en",
            "President Joe Biden, who promised to pay, said that it rained.",
            {("commit", "Joe Biden"), ("report", "Joe Biden")},
        ),
        (
            "fr",
            "Emmanuel Macron, qui a promis de payer, a salué cet accord.",
            {("commit", "Emmanuel Macron"), ("report", "Emmanuel Macron")},
        ),
    ],
)
def test_a_relative_clause_is_about_the_person_before_it(
    lang: str, text: str, expected: set[tuple[str, str]]
) -> None:
    assert set(told(text, lang)) == expected


def test_a_noun_that_looks_like_a_verb_takes_nobodys_words() -> None:
    assert told("In a press briefing, Google announced a new phone.") == [("report", "Google")]


def test_a_saying_inside_a_french_quotation_is_not_quoted() -> None:
    text = "« Je suis prêt à tout cela, a expliqué lundi Emmanuel Macron. Il faut agir. »"
    assert told(text, "fr") == [("report", "Emmanuel Macron")]


def test_a_body_of_the_term_table_has_its_english_name() -> None:
    text = "L'Union européenne a promis une aide."
    assert told(text, "fr") == [("commit", "European Union")]


def test_a_paper_that_reports_is_no_actor() -> None:
    assert told("The New York Times said that it rained.") == []


def test_a_wish_of_nobody_is_what_the_speaker_reports() -> None:
    assert told("“I want a choice in all this,” President Joe Biden said.") == [
        ("report", "Joe Biden")
    ]


@pytest.mark.parametrize(
    ("lang", "text", "actor"),
    [
        ("en", "Convoy was sold to Flexport. The company plans to restore it.", "Convoy"),
        ("en", "Flexport bought a rival. The company plans to restore it.", "Flexport"),
        ("fr", "Renault a vendu sa filiale. Le groupe compte investir en France.", "Renault"),
        ("fr", "Renault a vendu sa filiale. Le groupe Airbus compte investir.", "Airbus"),
        ("en", "Flexport bought a rival. The company of Ann plans to restore it.", None),
        ("en", "Someone bought a rival. The company plans to restore it.", None),
    ],
)
def test_the_company_is_the_one_named_before(lang: str, text: str, actor: str) -> None:
    assert [who for act, who in told(text, lang) if act == "commit"] == [actor] * bool(actor)


def test_what_is_found_through_the_sentence_before_is_marked_as_resolved() -> None:
    [row] = statements("Flexport bought a rival. The company plans to restore it.", "en")
    assert row.resolved
    [row] = statements("Apple unveiled its plan. It said the phone would cost more.", "en")
    assert (row.actor.name, row.act, row.resolved) == ("Apple", "report", True)


@pytest.mark.parametrize(
    ("lang", "text", "actor"),
    [
        ("en", "Moscow rejected the claims on Tuesday.", "Russia"),
        ("fr", "Pékin a dénoncé des sanctions.", "China"),
        ("fr", "Paris a annoncé une fête.", "Paris"),
        ("en", "Paris rejected the claims.", "France"),
        ("en", "Italy's data protection watchdog criticised OpenAI.", "Italy"),
        ("en", "A Google spokesperson said the bug was fixed.", "Google"),
        ("en", "A spokeswoman for Meta, Jane Doe, said it rained.", "Jane Doe"),
        ("fr", "Un porte-parole de la Commission européenne a démenti.", "European Commission"),
        ("vi", "Bộ Ngoại giao cho biết hai nước hợp tác.", "Bộ Ngoại giao"),
    ],
)
def test_a_capital_and_a_spokesman_stand_for_whom_they_serve(
    lang: str, text: str, actor: str
) -> None:
    assert told(text, lang) == [("report", actor)]


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "Tesla is set to build a factory.", [("commit", "Tesla")]),
        ("en", "Tesla is set to lose millions.", []),
        ("en", "Google said on Friday it plans to appeal.", [("commit", "Google")]),
        ("en", "“We’re ready to help the victims,” Uber said.", [("commit", "Uber")]),
        ("fr", "Airbus prévoit de recruter 500 personnes.", [("commit", "Airbus")]),
        ("fr", "Airbus compte recruter 500 personnes.", [("commit", "Airbus")]),
        ("fr", "Airbus compte quatre usines.", []),
        ("fr", "Renault a dit qu'il vendrait l'usine.", [("commit", "Renault")]),
        ("fr", "Renault a dit qu'il serait absent.", [("report", "Renault")]),
        ("vi", "Mỹ có kế hoạch viện trợ cho Ukraine.", [("commit", "United States")]),
    ],
)
def test_what_somebody_plans_to_do_is_a_commitment(
    lang: str, text: str, found: list[tuple[str, str]]
) -> None:
    assert told(text, lang) == found


def test_the_plans_of_a_body_are_of_who_tells_them_unless_he_serves_another() -> None:
    assert told("Cubic plans to build more, Barry Napier said.") == [("commit", "Barry Napier")]
    assert told("Cubic will build more, Barry Napier said.") == [("report", "Barry Napier")]
    elsewhere = "Cubic plans to build more, US President Joe Biden said."
    assert told(elsewhere) == [("report", "Joe Biden")]
