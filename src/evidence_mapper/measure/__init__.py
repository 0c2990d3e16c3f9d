"""Numbers about models: how often suggestions are right, and whether probabilities mean what they say."""

from evidence_mapper.measure.calibration import expected_calibration_error, reliability
from evidence_mapper.measure.codes import CodeFigures, average_precision, figures_by_code, macro_f1
from evidence_mapper.measure.coverage import CoveragePoint, confusion_matrix, coverage_against_risk
from evidence_mapper.measure.groups import PeopleGroup, groups_named, people_groups
from evidence_mapper.measure.intervals import Interval, difference_interval, draws, exact_interval

__all__ = [
    "CodeFigures",
    "CoveragePoint",
    "Interval",
    "PeopleGroup",
    "average_precision",
    "confusion_matrix",
    "coverage_against_risk",
    "difference_interval",
    "draws",
    "exact_interval",
    "expected_calibration_error",
    "figures_by_code",
    "groups_named",
    "macro_f1",
    "people_groups",
    "reliability",
]
