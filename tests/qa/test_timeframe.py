from __future__ import annotations

from datetime import date

import pytest

from qa.timeframe import Timeframe, parse_timeframe, strip, window_matches

TODAY = date(2025, 6, 18)  # a Wednesday


def parsed(question: str, lang: str | None = None) -> Timeframe:
    timeframe = parse_timeframe(question, lang, today=TODAY)
    assert timeframe is not None
    return timeframe


@pytest.mark.parametrize(
    ("question", "written", "start", "end"),
    [
        ("What did Ishiba say in December 2023?", "in December 2023", "2023-12-01", "2023-12-31"),
        ("What happened on 15 December 2023?", "on 15 December 2023", "2023-12-15", "2023-12-15"),
        ("Who met on December 15, 2023?", "on December 15, 2023", "2023-12-15", "2023-12-15"),
        ("Signed the 3rd of May 2024?", "the 3rd of May 2024", "2024-05-03", "2024-05-03"),
        ("Qu'a-t-il dit en avril 2025 ?", "en avril 2025", "2025-04-01", "2025-04-30"),
        ("Et le 25 novembre 2023 ?", "le 25 novembre 2023", "2023-11-25", "2023-11-25"),
        ("Signé le 1er mai 2024 ?", "le 1er mai 2024", "2024-05-01", "2024-05-01"),
        ("Ai thăm Nhật tháng 4 năm 2025?", "tháng 4 năm 2025", "2025-04-01", "2025-04-30"),
        ("Ai tham Nhat thang 4 nam 2025?", "thang 4 nam 2025", "2025-04-01", "2025-04-30"),
        ("Ngày 15 tháng 12 năm 2023?", "Ngày 15 tháng 12 năm 2023", "2023-12-15", "2023-12-15"),
        ("Ký ngày 15/12/2023?", "ngày 15/12/2023", "2023-12-15", "2023-12-15"),
        ("News of 2023-12-15?", "of 2023-12-15", "2023-12-15", "2023-12-15"),
        ("What was promised in 2023?", "in 2023", "2023-01-01", "2023-12-31"),
        ("Xuất khẩu năm 2023?", "năm 2023", "2023-01-01", "2023-12-31"),
        ("Exports in Q2 2024?", "in Q2 2024", "2024-04-01", "2024-06-30"),
        ("The second quarter of 2024?", "The second quarter of 2024", "2024-04-01", "2024-06-30"),
        ("Au deuxième trimestre 2024 ?", "Au deuxième trimestre 2024", "2024-04-01", "2024-06-30"),
        ("GDP quý 2 năm 2024?", "quý 2 năm 2024", "2024-04-01", "2024-06-30"),
        ("GDP quý IV/2024?", "quý IV/2024", "2024-10-01", "2024-12-31"),
        ("Who led it in the 1990s?", "in the 1990s", "1990-01-01", "1999-12-31"),
        ("Les prix dans les années 1990", "dans les années 1990", "1990-01-01", "1999-12-31"),
        ("Growth between 2020 and 2023?", "between 2020 and 2023", "2020-01-01", "2023-12-31"),
        (
            "Aid from January to March 2024?",
            "from January to March 2024",
            "2024-01-01",
            "2024-03-31",
        ),
        ("Aide entre 2020 et 2023 ?", "entre 2020 et 2023", "2020-01-01", "2023-12-31"),
        ("GDP từ năm 2020 đến năm 2023", "từ năm 2020 đến năm 2023", "2020-01-01", "2023-12-31"),
        ("The plan for 2021-2025?", "for 2021-2025", "2021-01-01", "2025-12-31"),
        ("What changed since 2021?", "since 2021", "2021-01-01", None),
        ("Quoi de neuf depuis 2021 ?", "depuis 2021", "2021-01-01", None),
        ("Có gì đổi từ năm 2021?", "từ năm 2021", "2021-01-01", None),
        ("Who resigned before May 2024?", "before May 2024", None, "2024-04-30"),
        ("Qui a signé avant mai 2024 ?", "avant mai 2024", None, "2024-04-30"),
        ("Ai ký trước tháng 5 năm 2024?", "trước tháng 5 năm 2024", None, "2024-04-30"),
        ("Who resigned after May 2024?", "after May 2024", "2024-06-01", None),
        ("Ai ký sau năm 2022?", "sau năm 2022", "2023-01-01", None),
        ("Net zero by 2050?", "by 2050", None, "2050-12-31"),
        ("Neutre d'ici 2050 ?", "d'ici 2050", None, "2050-12-31"),
        ("What did he say in early 2024?", "in early 2024", "2024-01-01", "2024-04-30"),
        ("Ai thăm cuối năm 2024?", "cuối năm 2024", "2024-09-01", "2024-12-31"),
        ("Lãi nửa đầu năm 2024?", "nửa đầu năm 2024", "2024-01-01", "2024-06-30"),
        ("Passed the 2024 budget?", "2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_a_date_in_the_question_becomes_its_days(
    question: str, written: str, start: str | None, end: str | None
) -> None:
    found = parsed(question)
    assert (found.written, found.mode) == (written, "explicit")
    assert (found.start and found.start.isoformat(), found.end and found.end.isoformat()) == (
        start,
        end,
    )
    assert found.span.slice(question) == written


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("What happened yesterday?", "2025-06-17", "2025-06-17"),
        ("Que s'est-il passé hier ?", "2025-06-17", "2025-06-17"),
        ("Hôm qua ai phát biểu?", "2025-06-17", "2025-06-17"),
        ("What was signed last week?", "2025-06-09", "2025-06-15"),
        ("Qui a parlé la semaine dernière ?", "2025-06-09", "2025-06-15"),
        ("Tuần trước ai thăm Nhật?", "2025-06-09", "2025-06-15"),
        ("What was signed last month?", "2025-05-01", "2025-05-31"),
        ("Tháng trước ai thăm Nhật?", "2025-05-01", "2025-05-31"),
        ("What was signed last year?", "2024-01-01", "2024-12-31"),
        ("Qu'a-t-on signé l'année dernière ?", "2024-01-01", "2024-12-31"),
        ("Năm ngoái ai thăm Nhật?", "2024-01-01", "2024-12-31"),
        ("What is planned this year?", "2025-01-01", "2025-12-31"),
        ("What was said two years ago?", "2023-01-01", "2023-12-31"),
        ("Who spoke in the last 10 days?", "2025-06-08", "2025-06-18"),
        ("What was signed last April?", "2025-04-01", "2025-04-30"),
        ("Who spoke on Monday?", "2025-06-16", "2025-06-16"),
    ],
)
def test_a_relative_time_counts_from_today(question: str, start: str, end: str) -> None:
    found = parsed(question)
    assert found.mode == "relative"
    assert (str(found.start), str(found.end)) == (start, end)


@pytest.mark.parametrize(
    ("question", "lang", "written"),
    [
        ("What is the latest on ODA?", "en", "the latest"),
        ("Who is the current prime minister?", "en", "current"),
        ("Who is now the minister?", "en", "now"),
        ("What are the most recent pledges?", "en", "the most recent"),
        ("Qui est le ministre actuel ?", "fr", "actuel"),
        ("Quelles sont les dernières déclarations ?", "fr", "les dernières"),
        ("Tin mới nhất về ODA?", "vi", "mới nhất"),
        ("Ai là thủ tướng hiện nay?", "vi", "hiện nay"),
        ("Gần đây Nhật cam kết gì?", None, "Gần đây"),
    ],
)
def test_latest_has_no_window_and_excludes_no_day(
    question: str, lang: str | None, written: str
) -> None:
    found = parsed(question, lang)
    assert (found.mode, found.written, found.start, found.end) == ("latest", written, None, None)
    assert window_matches(found, date(1990, 1, 1))


@pytest.mark.parametrize(
    "question",
    [
        "What may happen to farmers?",
        "Is there life on Mars?",
        "What did Theresa May promise?",
        "Did 1990 workers strike?",
        "Was it shown in 2000 cities?",
        "What was the second meeting about?",
        "What changes now that he left?",
        "What is an electric current?",
        "Who was the last prime minister?",
        "Thời kỳ 505 triệu năm trước gọi là gì?",
        "Qui est le dernier empereur ?",
        "How many of the 12 sectors grew?",
        "Who marched in the streets?",
        "",
        "???",
        "2" * 10_000,
        "and then " * 5_000 + "in 2023",
    ],
)
def test_what_is_no_date_is_left_alone(question: str) -> None:
    assert parse_timeframe(question, None, today=TODAY) is None


def test_a_month_without_a_year_matches_that_month_of_every_year() -> None:
    found = parsed("What was signed in April?")
    assert (found.months, found.start, found.end) == ((4,), None, None)
    assert window_matches(found, date(2019, 4, 30))
    assert not window_matches(found, date(2019, 5, 1))


def test_a_day_without_a_year_matches_that_day_of_every_year() -> None:
    found = parsed("Sự kiện ngày 25/11?")
    assert (found.months, found.day) == ((11,), 25)
    assert window_matches(found, date(2023, 11, 25))
    assert not window_matches(found, date(2023, 11, 24))


def test_a_window_includes_both_its_ends_and_an_open_end_never_closes() -> None:
    december = parsed("in December 2023")
    days = [date(2023, 11, 30), date(2023, 12, 1), date(2023, 12, 31), date(2024, 1, 1)]
    assert [window_matches(december, day) for day in days] == [False, True, True, False]
    since = parsed("What changed since 2021?")
    assert [window_matches(since, day) for day in (date(2020, 12, 31), date(2099, 1, 1))] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What did Ishiba say in December 2023?", "What did Ishiba say?"),
        ("In 2023, what did Ishiba say?", "what did Ishiba say?"),
        ("Qu'a dit Macron en avril 2025 ?", "Qu'a dit Macron ?"),
        ("Thủ tướng nói gì vào tháng 4 năm 2025?", "Thủ tướng nói gì?"),
        ("in 2023", "in 2023"),
    ],
)
def test_the_time_words_are_taken_out_unless_nothing_is_left(question: str, rest: str) -> None:
    assert strip(question, parsed(question)) == rest


def test_the_span_is_exact_in_decomposed_unicode() -> None:
    question = "Qui parle en de\u0301cembre 2023 ?"
    assert parsed(question).written == "en de\u0301cembre 2023"


def test_a_day_that_is_in_no_calendar_gives_no_day() -> None:
    assert parsed("What happened on 31 February 2023?").start == date(2023, 2, 1)
