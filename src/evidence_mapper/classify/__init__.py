"""Passages to suggestions."""

from evidence_mapper.classify.base import Classifier, ClassifierInput, Encoder
from evidence_mapper.classify.shipped import load_classifier

__all__ = ["Classifier", "ClassifierInput", "Encoder", "load_classifier"]
