"""The record: who is named in an article and what they did, each row with its place in the text."""

from index.record.checking import record_faults
from index.record.extraction import Extractor, extract, rules_digest
from index.record.offices import kinds, offices_in, titles_in
from index.record.people import find_people
from index.record.persons import Leader, People, Sighting, Tenure, merge_people
from index.record.places import find_place, place_title
from index.record.roster import Holder, Roster
from index.record.rows import (
    ACTS,
    BOTH_SIDES,
    TIMES,
    Act,
    ArticleRecord,
    Mention,
    Office,
    Party,
    Person,
    Statement,
    Time,
)
from index.record.schema import NAME as RECORD_FILE
from index.record.sectors import Taxonomy, concepts_of, load_taxonomy
from index.record.store import Record, Sentences
from index.record.tracing import TRACED, RecordShelf
from index.record.views import (
    Coverage,
    OfficeRow,
    PersonRow,
    Place,
    RecordFilter,
    SectorRow,
    StatementRow,
)
from index.record.writing import write_record

__all__ = [
    "ACTS",
    "BOTH_SIDES",
    "RECORD_FILE",
    "TIMES",
    "TRACED",
    "Act",
    "ArticleRecord",
    "Coverage",
    "Extractor",
    "Holder",
    "Leader",
    "Mention",
    "Office",
    "OfficeRow",
    "Party",
    "People",
    "Person",
    "PersonRow",
    "Place",
    "Record",
    "RecordFilter",
    "RecordShelf",
    "Roster",
    "SectorRow",
    "Sentences",
    "Sighting",
    "Statement",
    "StatementRow",
    "Taxonomy",
    "Tenure",
    "Time",
    "concepts_of",
    "extract",
    "find_people",
    "find_place",
    "kinds",
    "load_taxonomy",
    "merge_people",
    "offices_in",
    "place_title",
    "record_faults",
    "rules_digest",
    "titles_in",
    "write_record",
]
