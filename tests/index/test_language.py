"""The language of questions and of articles."""

import unicodedata

import pytest

from index.language import detect_language

QUESTIONS = {
    "en": [
        "Who is Phạm Minh Chính?",
        "who is phạm minh chính",
        "What did Phạm Minh Chính say in Hà Nội?",
        "Who is the prime minister of Vietnam?",
        "When did Shigeru Ishiba visit Hanoi?",
        "How many Vietnamese nationals live in Gunma?",
        "Which sectors did the two countries agree on?",
        "And in 2023?",
        "What about energy?",
        "Where was the Forum held?",
        "What is the ODA loan to Việt Nam worth?",
        "Did the Prime Minister meet Yamamoto Ichita in Quảng Ninh?",
    ],
    "fr": [
        "Qui est Phạm Minh Chính",
        "Qui est Phạm Minh Chính ?",
        "Qu'a dit le Premier ministre à Hà Nội ?",
        "Où s'est tenu le forum ?",
        "Quand le Japon a-t-il signé l'accord ?",
        "Combien d'entreprises japonaises investissent au Vietnam ?",
        "Et en 2023 ?",
        "quels sont les secteurs prioritaires",
        "Quelles energies renouvelables ont ete citees ?",
        "Quel est le PIB du Viêt Nam ?",
        "Que propose M. Yamamoto ?",
        "Pourquoi la coopération locale est-elle importante ?",
    ],
    "vi": [
        "Thủ tướng Việt Nam là ai?",
        "thu tuong viet nam la ai",
        "Phạm Minh Chính là ai?",
        "pham minh chinh la ai",
        "Phạm Minh Chính",
        "Bao nhiêu người Việt sống ở Gunma?",
        "bao nhieu doanh nghiep dau tu vao viet nam",
        "Diễn đàn diễn ra khi nào?",
        "dien dan hop tac dien ra o dau",
        "Ông Ishiba đã nói gì tại Hà Nội?",
        "Vì sao hợp tác địa phương quan trọng?",
        "Thế còn năng lượng?",
        "Nhật Bản cam kết gì?",
    ],
    "de": [
        "Wer ist der Ministerpräsident von Vietnam?",
        "Wie viele Vietnamesen leben in Japan?",
        "Wann haben die beiden Länder das Abkommen unterzeichnet?",
    ],
    "es": [
        "¿Quién es el primer ministro de Vietnam?",
        "¿Cuál es la capital de Vietnam?",
        "¿Qué acuerdos firmaron los dos países en Hanoi?",
    ],
    "it": ["Chi è il primo ministro del Vietnam?"],
    "ja": ["ベトナムの首相は誰ですか", "日本とベトナムはどの分野で協力しますか？"],
    "ru": ["Кто премьер-министр Вьетнама?"],
}


@pytest.mark.parametrize(
    ("lang", "question"), [(lang, asked) for lang, listed in QUESTIONS.items() for asked in listed]
)
def test_the_language_of_a_short_question_is_recognised(lang: str, question: str) -> None:
    assert detect_language(question) == lang


@pytest.mark.parametrize("question", ["Hanoi", "Toyota 2023", "ODA", "78.6", "?!", "", " \n"])
def test_a_name_or_a_number_alone_tells_no_language(question: str) -> None:
    assert detect_language(question) is None


@pytest.mark.parametrize("lang", ["en", "fr", "vi"])
def test_decomposed_letters_tell_the_same_language(lang: str) -> None:
    for question in QUESTIONS[lang]:
        assert detect_language(unicodedata.normalize("NFD", question)) == lang


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Prime Minister Phạm Minh Chính visited Hà Nội and Quảng Ninh with his guests. "),
        ("fr", "Le Premier ministre Phạm Minh Chính s'est rendu à Quảng Ninh avec ses hôtes. "),
        ("vi", "Thủ tướng Phạm Minh Chính đã thăm tỉnh Quảng Ninh cùng các vị khách Nhật Bản. "),
        ("de", "Der Ministerpräsident besuchte gestern die Provinz und sprach mit den Gästen. "),
    ],
)
def test_an_article_full_of_names_keeps_its_own_language(lang: str, sentence: str) -> None:
    assert detect_language(sentence * 4) == lang
