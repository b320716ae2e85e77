"""What a question asks for."""

from __future__ import annotations

import pytest

from qa.asking import answer_type, wants_several


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who is the governor of Gunma?", "who"),
        ("Which Japanese prime minister spoke in Hà Nội?", "who"),
        ("When did the minister who resigned speak?", "when"),
        ("On what weekday did they meet?", "when"),
        ("What happened when the minister resigned?", None),
        ("Since when has the ferry sailed?", "when"),
        ("Where does the ferry land?", "where"),
        ("Which province signed first?", "where"),
        ("How many ferries are there?", "how_many"),
        ("How much did the repairs cost?", "how_much"),
        ("What is the total value of the projects?", "how_much"),
        ("Qui dirige la préfecture ?", "who"),
        ("À qui le ministre a-t-il parlé ?", "who"),
        ("Quel jour le ministre était-il à Huế ?", "when"),
        ("Où se trouve le port ?", "where"),
        ("Combien de projets compte le pays ?", "how_many"),
        ("Combien coûte le pont ?", "how_much"),
        ("Ai là thủ tướng của Nhật Bản?", "who"),
        ("Diễn đàn diễn ra vào ngày nào?", "when"),
        ("Cuộc họp được tổ chức ở đâu?", "where"),
        ("bao nhieu nguoi viet song o gunma?", "how_many"),
        ("Dự án trị giá bao nhiêu tiền?", "how_much"),
    ],
)
def test_the_words_of_a_question_tell_the_type_of_its_answer(question: str, kind: str) -> None:
    assert answer_type(question) == kind


@pytest.mark.parametrize(
    "question",
    [
        "What did Japan promise?",
        "Who is Takebe Tsutomu?",  # the name is given: what is asked is not a name
        "What did the governor say about local firms?",
        "Which firms use AI?",
        "Quels engagements le ministre qui est venu a-t-il pris ?",
        "Nhật Bản cam kết gì?",
    ],
)
def test_other_questions_have_no_type(question: str) -> None:
    assert answer_type(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "Which sectors did he name?",
        "What are the three breakthroughs?",
        "what did Chính commit to?",
        "List the ministers who came.",
        "Quels secteurs a-t-il cités ?",
        "Những lĩnh vực nào được ưu tiên?",
        "Các ngành nào được nêu?",
    ],
)
def test_a_question_for_a_list_wants_several(question: str) -> None:
    assert wants_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which class is it?",
        "What is the status of the ferry?",
        "Which news agency wrote it?",
        "Who signed the agreements?",
        "Quelle usine va-t-il construire ?",
        "Ngân hàng nào cho vay?",
    ],
)
def test_a_question_for_one_thing_does_not(question: str) -> None:
    assert not wants_several(question)
