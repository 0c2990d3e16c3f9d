"""Small networks with one hidden layer over a passage's vector and question, applied with numpy alone.

Several, started from different numbers, are averaged. They learn finer labels where a person has some,
summed by statement: passages of one statement can be of several kinds, which a linear head cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.heads import log_softmax
from evidence_mapper.classify.project_head import Doubles

VECTOR: Final = 3.0
"""Weight of a vector of unit length beside the question's 0 and 1."""
_FLOOR: Final = 1e-3
"""Smallest probability the networks may give, so that they alone cannot veto."""


def network_input(
    dense: Embeddings, question: npt.NDArray[np.int64], n_questions: int
) -> npt.NDArray[np.float32]:
    """Return shape (n, width + n_questions)."""
    asked = (question[:, None] == np.arange(n_questions)).astype(np.float32)
    return np.hstack([VECTOR * dense, asked]).astype(np.float32)


def network_scores(
    x: npt.NDArray[np.float32], arrays: Mapping[str, npt.NDArray[Any]], n_columns: int
) -> Doubles:
    """Return log probabilities, shape (n, n_columns), averaged over networks and summed by column.

    Parameters
    ----------
    x
        As :func:`network_input` gives it.
    arrays
        ``net_in`` (nets, inputs, hidden), ``net_in_bias`` (nets, hidden), ``net_out`` (nets, hidden,
        finer), ``net_out_bias`` (nets, finer), ``net_column`` (finer,): the column of each finer label.
    n_columns
        Statements, and "none" where it was learned.
    """
    finer = np.zeros((len(x), len(arrays["net_column"])))
    nets = len(arrays["net_in"])
    for k in range(nets):
        hidden = np.maximum(x @ arrays["net_in"][k] + arrays["net_in_bias"][k], 0.0)
        finer += np.exp(log_softmax(hidden @ arrays["net_out"][k] + arrays["net_out_bias"][k])) / nets
    columns = np.zeros((len(x), n_columns))
    for place, column in enumerate(arrays["net_column"]):
        columns[:, column] += finer[:, place]
    return np.log(np.maximum(columns, _FLOOR))
