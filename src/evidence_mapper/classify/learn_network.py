"""Fit the small networks with scikit-learn. Not imported when suggestions are made."""

from __future__ import annotations

import warnings
from typing import Any, Final

import numpy as np
import numpy.typing as npt

HIDDEN: Final = 256
NETWORKS: Final = 3
_EPOCHS: Final = 12
_BATCH: Final = 128
_PENALTY: Final = 0.01


def fit_networks(
    x: npt.NDArray[np.float32], finer: npt.NDArray[np.int64], column_of: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of :func:`~evidence_mapper.classify.network.network_scores`.

    Parameters
    ----------
    x
        Shape (n, inputs).
    finer
        Shape (n,): each passage's finer label, two or more different ones among them.
    column_of
        The column of each finer label.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    found: dict[str, list[npt.NDArray[Any]]] = {
        "net_in": [],
        "net_in_bias": [],
        "net_out": [],
        "net_out_bias": [],
    }
    classes = np.unique(finer)
    for seed in range(NETWORKS):
        model = MLPClassifier(
            (HIDDEN,), alpha=_PENALTY, batch_size=min(_BATCH, len(x)), max_iter=_EPOCHS, random_state=seed
        )
        with warnings.catch_warnings():
            # A fixed number of passes is the point: going on until it settles learns the passages by heart.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(x, finer)
        into, out = model.coefs_
        bias = model.intercepts_[1]
        if len(classes) == 2:  # scikit-learn has one output for two classes: the second against the first
            out, bias = np.hstack([np.zeros_like(out), out]), np.array([0.0, bias[0]])
        for name, array in zip(found, (into, model.intercepts_[0], out, bias), strict=True):
            found[name].append(array.astype(np.float32))
    arrays: dict[str, npt.NDArray[Any]] = {name: np.stack(parts) for name, parts in found.items()}
    return {**arrays, "net_column": column_of[classes].astype(np.int64)}
