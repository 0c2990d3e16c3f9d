"""Numbers about models: how often suggestions are right, and whether probabilities mean what they say."""

from evidence_mapper.measure.calibration import expected_calibration_error, reliability
from evidence_mapper.measure.codes import CodeFigures, figures_by_code, macro_f1

__all__ = ["CodeFigures", "expected_calibration_error", "figures_by_code", "macro_f1", "reliability"]
