"""From a question to a cited answer."""

from qa.answering import Answerer, SearchResult
from qa.answers import Answer, Citation, Evidence, Hit, Mode, Sentence, Turn
from qa.assembly import Opener, open_answerer, open_record
from qa.calibrating import calibrate
from qa.calibration import Calibration, packaged_calibration, read_calibration
from qa.comparison import Comparison, compare, regressions
from qa.differences import Differences, Reply, diff
from qa.errors import (
    AnsweringError,
    BadQuestionError,
    BadReplyError,
    CalibrationError,
    MissingModelClientError,
    QuestionSetError,
    UnjudgedError,
    UnverifiedQuoteError,
)
from qa.evaluation import BadEvaluationError, Evaluation, evaluate
from qa.gating import Gate, GateReport
from qa.generative import ModelObserver
from qa.probing import probe
from qa.questions import check_question
from qa.questionset import LabelledQuestion, load_questions, select
from qa.reading import Working
from qa.record import Quoted, RecordPage, RecordReader, SectorPage
from qa.settings import QaSettings
from qa.spreadsheet import csv_text
from qa.steps import Found, Resolved, Step, last_answer
from qa.verification import Verification, read_replies, verify
from qa.whynot import Stage, Verdict

__all__ = [
    "Answer",
    "Answerer",
    "AnsweringError",
    "BadEvaluationError",
    "BadQuestionError",
    "BadReplyError",
    "Calibration",
    "CalibrationError",
    "Citation",
    "Comparison",
    "Differences",
    "Evaluation",
    "Evidence",
    "Found",
    "Gate",
    "GateReport",
    "Hit",
    "LabelledQuestion",
    "MissingModelClientError",
    "Mode",
    "ModelObserver",
    "Opener",
    "QaSettings",
    "QuestionSetError",
    "Quoted",
    "RecordPage",
    "RecordReader",
    "Reply",
    "Resolved",
    "SearchResult",
    "SectorPage",
    "Sentence",
    "Stage",
    "Step",
    "Turn",
    "UnjudgedError",
    "UnverifiedQuoteError",
    "Verdict",
    "Verification",
    "Working",
    "calibrate",
    "check_question",
    "compare",
    "csv_text",
    "diff",
    "evaluate",
    "last_answer",
    "load_questions",
    "open_answerer",
    "open_record",
    "packaged_calibration",
    "probe",
    "read_calibration",
    "read_replies",
    "regressions",
    "select",
    "verify",
]
