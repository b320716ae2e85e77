"""Who an article names: names that earn it, their forms, and who a title or a pronoun means."""

import unicodedata
from pathlib import Path

import pytest

from index.record import Mention, Office, Person, find_people
from index.sentences import sentence_spans

SEEDS = Path(__file__).parents[3] / "seeds"


def read(text: str, lang: str | None = "en") -> tuple[tuple[Person, ...], tuple[Mention, ...]]:
    return find_people(text, sentence_spans(text, lang), lang)


def names(text: str, lang: str = "en") -> list[str]:
    return [person.name for person in read(text, lang)[0]]


def told(text: str, lang: str = "en") -> list[tuple[str, str]]:
    """Mentions as (what is written, who is meant)."""
    people, mentions = read(text, lang)
    return [(m.span.slice(text), people[m.person].name) for m in mentions]


def resolved(text: str, lang: str = "en") -> list[tuple[str, str]]:
    people, mentions = read(text, lang)
    return [(m.span.slice(text), people[m.person].name) for m in mentions if m.resolved]


def offices(text: str, lang: str = "en") -> list[tuple[str, Office]]:
    people, mentions = read(text, lang)
    return [(people[m.person].name, m.office) for m in mentions if m.office and not m.resolved]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Prime Minister Phạm Minh Chính visited Gunma.", ["Phạm Minh Chính"]),
        ("en", "Deputy PM Long highlighted three points.", ["Long"]),
        ("en", "He met Governor Yamamoto in Osaka.", ["Yamamoto"]),
        ("en", "Trương Gia Bình, chairman of FPT Group, spoke.", ["Trương Gia Bình"]),
        ("fr", "le Premier ministre Phạm Minh Chính a parlé.", ["Phạm Minh Chính"]),
        (
            "fr",
            "avec M. Yamamoto Ichita gouverneur de la préfecture de Gunma au Japon",
            ["Yamamoto Ichita"],
        ),
        ("vi", "Thủ tướng Nhật Bản Ishiba Shigeru đã phát biểu.", ["Ishiba Shigeru"]),
        ("vi", "Chủ tịch Tập đoàn FPT Trương Gia Bình cho biết.", ["Trương Gia Bình"]),
        ("vi", "Ông Lê Thành Long dự diễn đàn.", ["Lê Thành Long"]),
        ("vi", "GS.TS. Nguyễn Văn An nói.", ["Nguyễn Văn An"]),
    ],
)
def test_a_title_of_three_languages_makes_the_words_beside_it_a_person(
    lang: str, text: str, expected: list[str]
) -> None:
    assert names(text, lang) == expected


@pytest.mark.parametrize(
    "text",
    [
        "On Monday Toyota and FPT Group signed a deal in Hà Nam Province, the Times said.",
        "The White House and the Bank of Japan met the European Commission in March.",
        "Vietnam and Japan agreed. The Ministry of Foreign Affairs of Thailand said so.",
        "Thăng Long Industrial Park opened near Hải Dương and Thái Bình.",
        "Premier League and Black Friday begin in October, said Reuters.",
        "",
        "...!?",
        "Morgan Stanley said profits fell. Google said its app is free.",
        "Zelvik launched an app on Monday. The Zelvik app is free, Zelvik said.",
    ],
)
def test_places_companies_papers_and_months_are_nobody(text: str) -> None:
    assert names(text) == []


def test_an_unknown_name_must_say_something_to_be_a_person() -> None:
    assert names("Satoru Umbatuza said prices would fall.") == ["Satoru Umbatuza"]
    assert names("We like Umbatuza Kitoru.") == []


def test_forms_of_a_name_with_and_without_marks_and_shortened_are_one_person() -> None:
    text = (
        "Prime Minister Phạm Minh Chính spoke. Pham Minh Chinh thanked Japan. "
        "Chính left. PHẠM MINH CHÍNH said more."
    )
    [person] = read(text)[0]
    assert person.name == "Phạm Minh Chính"
    assert person.aliases == ("Phạm Minh Chính", "Pham Minh Chinh", "Chính", "PHẠM MINH CHÍNH")


def test_a_japanese_name_in_either_order_is_one_person() -> None:
    assert names("PM Ishiba Shigeru spoke. Shigeru Ishiba said Japan agreed.") == ["Ishiba Shigeru"]


def test_a_name_in_decomposed_letters_is_found_where_it_stands() -> None:
    text = unicodedata.normalize("NFD", "Prime Minister Phạm Minh Chính said so.")
    [(written, _)] = told(text)
    assert unicodedata.normalize("NFC", written) == "Phạm Minh Chính"


def test_two_people_of_one_family_name_stay_two_and_a_title_tells_them_apart() -> None:
    text = (
        "President Donald Trump spoke. First lady Melania Trump listened. President Trump left. "
        "Mr Trump came back."
    )
    assert told(text) == [
        ("Donald Trump", "Donald Trump"),
        ("Melania Trump", "Melania Trump"),
        ("Trump", "Donald Trump"),
        ("Trump", "Donald Trump"),
    ]


def test_a_shared_given_name_means_who_was_named_last() -> None:
    text = (
        "Director Nguyễn Thị Bình said it grew. Bình said more. "
        "Chairman Trương Gia Bình said less. Bình said nothing."
    )
    assert [who for _, who in told(text)] == [
        "Nguyễn Thị Bình",
        "Nguyễn Thị Bình",
        "Trương Gia Bình",
        "Trương Gia Bình",
    ]


def test_one_person_with_two_titles_has_a_mention_for_each() -> None:
    text = "Ủy viên Bộ Chính trị, Thủ tướng Phạm Minh Chính phát biểu tại Việt Nam."
    assert offices(text, "vi") == [
        ("Phạm Minh Chính", Office("politburo_member")),
        ("Phạm Minh Chính", Office("prime_minister", "vietnam")),
    ]


def test_an_office_said_in_full_once_is_known_at_every_mention() -> None:
    text = "Japanese Prime Minister Ishiba Shigeru came. PM Ishiba left."
    japan = Office("prime_minister", "japan")
    assert offices(text) == [("Ishiba Shigeru", japan), ("Ishiba Shigeru", japan)]


def test_a_former_holder_is_not_who_the_bare_title_means() -> None:
    text = "Former President Barack Obama spoke. The president said no."
    assert offices(text) == [("Barack Obama", Office("president", None, former=True))]
    assert resolved(text) == []


def test_a_bare_title_means_the_only_holder_even_before_the_name() -> None:
    text = "The PM proposed a forum. Prime Minister Ishiba Shigeru praised it."
    assert resolved(text) == [("PM", "Ishiba Shigeru")]


def test_a_bare_title_between_two_holders_means_the_one_spoken_of() -> None:
    text = (
        "Vietnamese Prime Minister Phạm Minh Chính spoke. The PM asked for support. "
        "Japanese Prime Minister Ishiba Shigeru answered. The Vietnamese leader agreed."
    )
    assert resolved(text) == [("PM", "Phạm Minh Chính"), ("Vietnamese leader", "Phạm Minh Chính")]


def test_a_bare_title_is_left_alone_when_two_could_be_meant() -> None:
    text = "Japanese PM Ishiba Shigeru met Vietnamese PM Phạm Minh Chính. The PM smiled."
    assert resolved(text) == []


@pytest.mark.parametrize(
    "text", ["The Prime Minister's Office opened.", "A prime minister must act.", "Two PMs met."]
)
def test_an_office_building_and_a_prime_minister_in_general_are_nobody(text: str) -> None:
    assert resolved(f"Prime Minister Ishiba Shigeru came. {text}") == []


def test_a_pronoun_means_the_only_person_before_it() -> None:
    text = "Governor Yamamoto Ichita came. He promised more flights."
    assert resolved(text) == [("He", "Yamamoto Ichita")]


def test_a_pronoun_after_two_people_means_the_one_who_spoke() -> None:
    text = "Welcoming Mr Chính, Governor Yamamoto said that more came. He said so twice."
    assert resolved(text) == [("He", "Yamamoto")]


def test_a_pronoun_after_two_people_of_whom_none_spoke_is_left_alone() -> None:
    assert resolved("Mr Brown and Mr Smith went to Paris. He smiled.") == []


def test_a_pronoun_agrees_with_the_courtesy_title() -> None:
    assert resolved("Mr Brown met Mrs Smith. She said no.") == [("She", "Smith")]


def test_a_pronoun_is_left_alone_when_somebody_without_a_name_came_between() -> None:
    assert resolved("Mayor Anne Hidalgo left. A woman was arrested. She said nothing.") == []


def test_the_impersonal_french_il_is_nobody() -> None:
    text = "Le président Emmanuel Macron est venu. Il faut agir. Il a déclaré son soutien."
    assert resolved(text, "fr") == [("Il", "Emmanuel Macron")]


def test_vietnamese_titles_and_ong_are_resolved() -> None:
    text = "Thủ tướng Phạm Minh Chính đến Tokyo. Thủ tướng nhấn mạnh hợp tác. Ông cho biết thêm."
    assert resolved(text, "vi") == [
        ("Thủ tướng", "Phạm Minh Chính"),
        ("Ông", "Phạm Minh Chính"),
    ]


def test_a_head_line_in_capitals_names_who_is_known_from_the_text() -> None:
    text = "PHẠM MINH CHÍNH THĂM NHẬT BẢN\n\nThủ tướng Phạm Minh Chính đã đến Tokyo."
    assert told(text, "vi") == [
        ("PHẠM MINH CHÍNH", "Phạm Minh Chính"),
        ("Phạm Minh Chính", "Phạm Minh Chính"),
    ]


def test_the_name_of_a_head_is_parted_from_the_organisation_before_it() -> None:
    text = "la présidente de la Commission européenne Ursula von der Leyen a dit oui"
    expected = ("Ursula von der Leyen", Office("president", "Commission européenne"))
    assert offices(text, "fr") == [expected]


def test_nguyen_before_a_title_is_former_and_after_it_a_family_name() -> None:
    text = "Nguyên Thủ tướng Nguyễn Xuân Phúc dự lễ tại Hà Nội, Việt Nam."
    expected = ("Nguyễn Xuân Phúc", Office("prime_minister", "vietnam", former=True))
    assert offices(text, "vi") == [expected]


def test_every_span_of_the_five_articles_is_a_place_of_the_text() -> None:
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text("utf-8")
        people, mentions = read(text, "fr" if path.name.startswith("001") else "en")
        assert people
        for mention in mentions:
            written = mention.span.slice(text)
            assert written.strip() == written
            assert mention.resolved or written in people[mention.person].aliases


def test_a_second_reading_gives_the_same() -> None:
    text = (SEEDS / "004_c343ca25df146372.txt").read_text("utf-8")
    assert read(text) == read(text)


@pytest.mark.parametrize("text", ["A " * 5000, "President " * 3000, "Phạm Minh Chính " * 2000])
def test_a_hostile_text_is_read_to_its_end(text: str) -> None:
    read(text)
    read(text, None)


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "The plan works, Zelvik said.", ["Zelvik"]),
        ("en", "Says Zelvik, “One thing is clear.”", ["Zelvik"]),
        ("en", "They spoke after Zelvik's resignation.", ["Zelvik"]),
        ("en", "On Friday Zelvik posted a note before he left.", ["Zelvik"]),
        ("en", "I asked Zelvik about prices.", ["Zelvik"]),
        ("en", "Last week David and Alex chatted.", ["David", "Alex"]),
        ("en", "Yesterday Zorab Qelvin scored twice.", ["Zorab Qelvin"]),
        ("en", "We met John Smith and Zorab Qelvin there.", ["John Smith", "Zorab Qelvin"]),
        ("en", "Ban Seung-woo scored early.", ["Ban Seung-woo"]),
        ("fr", "Ce jour-là Zorab Qelvin propose une autre voie.", ["Zorab Qelvin"]),
        ("fr", "Il préfère Marine Le Pen à gauche.", ["Marine Le Pen"]),
    ],
)
def test_a_name_without_a_title_is_a_persons_by_what_is_done_around_it(
    lang: str, text: str, expected: list[str]
) -> None:
    assert names(text, lang) == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        (
            "fr",
            "la sénatrice socialiste du Finistère Anne Martin a dit oui",
            [("Anne Martin", Office("senator", "Finistère"))],
        ),
        (
            "fr",
            "La députée MoDem de la Creuse, Anne Martin, a signé un texte.",
            [("Anne Martin", Office("lawmaker", "Creuse"))],
        ),
        (
            "fr",
            "Paul Martin et Anne Petit, cofondateurs de Zelvik, sont là.",
            [
                ("Paul Martin", Office("founder", "Zelvik")),
                ("Anne Petit", Office("founder", "Zelvik")),
            ],
        ),
        (
            "fr",
            "le candidat à la présidentielle du 3 mai, Paul Martin, a promis une loi",
            [("Paul Martin", Office("candidate"))],
        ),
        (
            "fr",
            "le président de l'époque Paul Martin a signé",
            [("Paul Martin", Office("president", former=True))],
        ),
        (
            "fr",
            "En Israël, la foule réclame le départ du Premier ministre Paul Martin.",
            [("Paul Martin", Office("prime_minister", "israel"))],
        ),
        (
            "en",
            "OpenAI co-founder and CEO Paul Martin said no.",
            [
                ("Paul Martin", Office("founder", "OpenAI")),
                ("Paul Martin", Office("ceo", "OpenAI")),
            ],
        ),
        (
            "en",
            "says Paul Martin, the former antitrust chief at the Justice Department",
            [("Paul Martin", Office("head", "Justice Department", former=True))],
        ),
    ],
)
def test_a_title_reaches_its_name_past_parties_places_and_commas(
    lang: str, text: str, expected: list[tuple[str, Office]]
) -> None:
    assert offices(text, lang) == expected


def test_a_minister_of_somebody_is_not_of_an_organisation_and_both_are_people() -> None:
    text = "Paul Martin, ex-ministre de la Défense de Jean Petit, a parlé."
    assert names(text, "fr") == ["Paul Martin", "Jean Petit"]


def test_the_head_of_a_party_is_not_the_party() -> None:
    text = "a affirmé Paul Martin, secrétaire général du parti Zelvik à Lyon."
    assert offices(text, "fr") == [("Paul Martin", Office("secretary_general", "Zelvik"))]


def test_a_pronoun_right_behind_a_name_means_it() -> None:
    text = "John Brown informed Paul Martin he was out."
    assert resolved(text) == [("he", "Paul Martin")]


def test_a_pronoun_agrees_with_the_given_name() -> None:
    assert resolved("Anne Martin met Paul Petit. She said no.") == [("She", "Anne Martin")]


def test_who_is_only_the_source_is_no_he() -> None:
    text = "Paul Martin is leaving, per the network's John Brown. He had said so."
    assert resolved(text) == [("He", "Paul Martin")]


def test_a_french_pronoun_behind_its_verb_means_who_was_named_outside_the_quotation() -> None:
    text = 'Paul Martin est venu. "Les amis de Jean Petit sont partis", a-t-il déclaré.'
    assert resolved(text, "fr") == [("il", "Paul Martin")]


def test_a_french_pronoun_means_the_one_person_of_its_sentence_and_never_a_preposition_s() -> None:
    text = "Paul Martin est venu dès qu'il a pu. Il y a du pain selon lui."
    assert resolved(text, "fr") == [("il", "Paul Martin")]


def test_the_mayor_of_a_town_is_the_one_person_of_that_gender_named_before() -> None:
    text = "Les critiques d'Anne Martin ne passent pas. On a répondu à la maire de Paris."
    assert resolved(text, "fr") == [("maire de Paris", "Anne Martin")]
    assert resolved(text.replace("la maire", "au maire"), "fr") == []


def test_the_minister_is_who_holds_any_ministry() -> None:
    text = "Le secrétaire d'État aux Transports Paul Martin a parlé. Le ministre est parti."
    assert resolved(text, "fr") == [("ministre", "Paul Martin")]


def test_a_title_may_end_a_text_with_its_party() -> None:
    text = "« Nous le regrettons », selon Esther Benbassa, sénatrice EELV"
    people, mentions = find_people(text, sentence_spans(text, "fr"), "fr")
    assert [person.name for person in people] == ["Esther Benbassa"]
    assert mentions[0].title is not None
    assert mentions[0].title.slice(text) == "sénatrice EELV"
