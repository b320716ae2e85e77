"""From a question to a cited answer."""

from qa.answering import Answerer, SearchResult
from qa.answers import Answer, Citation, Evidence, Hit, Mode, Turn
from qa.assembly import Opener, open_answerer
from qa.calibrating import calibrate
from qa.calibration import Calibration, packaged_calibration, read_calibration
from qa.comparison import Comparison, compare, regressions
from qa.differences import Differences, Reply, diff
from qa.errors import (
    AnsweringError,
    BadQuestionError,
    BadReplyError,
    CalibrationError,
    QuestionSetError,
    UnjudgedError,
    UnverifiedQuoteError,
)
from qa.evaluation import BadEvaluationError, Evaluation, evaluate
from qa.gating import Gate, GateReport
from qa.probing import probe
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
    "Differences",
    "Evaluation",
    "Evidence",
    "Gate",
    "GateReport",
    "Hit",
    "LabelledQuestion",
    "Mode",
    "Opener",
    "QaSettings",
    "QuestionSetError",
    "Reply",
    "SearchResult",
    "Stage",
    "Turn",
    "UnjudgedError",
    "UnverifiedQuoteError",
    "Verdict",
    "Verification",
    "calibrate",
    "check_question",
    "compare",
    "diff",
    "evaluate",
    "load_questions",
    "open_answerer",
    "packaged_calibration",
    "probe",
    "read_calibration",
    "read_replies",
    "regressions",
    "select",
    "verify",
]
