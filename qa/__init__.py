"""From a question to a cited answer."""

from qa.answering import Answerer, SearchResult
from qa.answers import Answer, Citation, Evidence, Hit, Mode, Turn
from qa.assembly import open_answerer
from qa.calibrating import calibrate
from qa.calibration import Calibration, packaged_calibration, read_calibration
from qa.comparison import Comparison, compare, regressions
from qa.errors import (
    AnsweringError,
    BadQuestionError,
    BadReplyError,
    CalibrationError,
    QuestionSetError,
    UnverifiedQuoteError,
)
from qa.evaluation import BadEvaluationError, Evaluation, evaluate
from qa.questions import check_question
from qa.questionset import LabelledQuestion, load_questions, select
from qa.settings import QaSettings
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
    "Evaluation",
    "Evidence",
    "Hit",
    "LabelledQuestion",
    "Mode",
    "QaSettings",
    "QuestionSetError",
    "SearchResult",
    "Stage",
    "Turn",
    "UnverifiedQuoteError",
    "Verdict",
    "Verification",
    "calibrate",
    "check_question",
    "compare",
    "evaluate",
    "load_questions",
    "open_answerer",
    "packaged_calibration",
    "read_calibration",
    "read_replies",
    "regressions",
    "select",
    "verify",
]
