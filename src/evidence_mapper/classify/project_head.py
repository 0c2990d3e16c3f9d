"""A project's own head: a small correction of the shipped classifier's log odds, learned from decisions.

For a passage with standardised vector z and the shipped log odds o of a statement (or of "none"), the
head says ``o + strength * (slope * o + bias + weights . z)``; all zeros is the shipped classifier. numpy
alone applies it; :mod:`~evidence_mapper.classify.fit_project` learns it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.heads import sigmoid
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.errors import SpecMismatch, UntrustedArtefact

Doubles = npt.NDArray[np.float64]

_FLOOR: Final = 1e-6
"""Probabilities nearer to 0 or 1 than this are taken as this before log odds are formed."""
_TYPES: Final = {
    "mean": np.float32,
    "scale": np.float32,
    "slope": np.float64,
    "bias": np.float64,
    "weights": np.float32,
    "thresholds": np.float64,
    "none_threshold": np.float64,
}


def log_odds(probabilities: npt.NDArray[np.floating]) -> Doubles:
    """Return ``ln(p / (1 - p))``, of probabilities kept a millionth away from 0 and 1."""
    kept = np.clip(probabilities.astype(np.float64), _FLOOR, 1 - _FLOOR)
    return np.asarray(np.log(kept) - np.log1p(-kept))


def standardised(dense: Embeddings, mean: npt.NDArray[Any], scale: npt.NDArray[Any]) -> Doubles:
    """Return vectors of about unit length, shape (n, width): centred, each dimension on the same scale."""
    wide = dense.astype(np.float64)
    return np.asarray((wide - mean) / (scale * np.sqrt(dense.shape[1])))


@dataclass(frozen=True)
class ProjectHead:
    """A head as it is kept in a project.

    Parameters
    ----------
    id
        Derived from its classifier, spec and arrays.
    number
        One-based, within the project.
    base_sha256
        The shipped classifier it sits on.
    statements
        Ids in column order; one more column, the last, is "none".
    arrays
        ``mean``, ``scale`` (width,); ``weights`` (width, n_statements + 1), ``slope`` and ``bias``
        (n_statements + 1,), strength included; ``thresholds`` (n_statements,); ``none_threshold`` (1,).
    """

    id: str
    number: int
    base_sha256: str
    statements: tuple[str, ...]
    arrays: Mapping[str, npt.NDArray[Any]]

    def apply(self, statements: Doubles, none: Doubles, dense: Embeddings) -> tuple[Doubles, Doubles]:
        """Return corrected probabilities of statements (n, n_statements) and none (n,).

        Parameters
        ----------
        statements, none
            The shipped classifier's, of the same shapes.
        dense
            Shape (n, width): the encoder's vectors.
        """
        a = self.arrays
        offset = log_odds(np.concatenate([statements, none[:, None]], axis=1))
        z = standardised(dense, a["mean"], a["scale"])
        corrected = sigmoid(offset * (1.0 + a["slope"]) + a["bias"] + z @ a["weights"].astype(np.float64))
        return corrected[:, :-1], corrected[:, -1]

    def thresholds(self) -> dict[str, npt.NDArray[Any]]:
        """Return the thresholds that replace the shipped ones."""
        return {name: self.arrays[name] for name in ("thresholds", "none_threshold")}

    def check(self, name: str, base_sha256: str, statements: tuple[str, ...], width: int) -> None:
        """Refuse to be used with anything but the classifier it was learned on.

        Raises
        ------
        SpecMismatch
            The classifier, its statements or the width of its encoder is another.
        """
        same = (base_sha256, statements, width) == (
            self.base_sha256,
            self.statements,
            len(self.arrays["mean"]),
        )
        if not same:
            raise SpecMismatch(
                f"head {self.number} was learned on another classifier than {name} as it is now; "
                "learn it again with `evidence-mapper train`"
            )


def name_of(base: str, number: int) -> str:
    """Return the name of a classifier with a project's head, such as ``cqc-local-authority@1+head2``."""
    return f"{base}+head{number}"


def sha256_of(base_sha256: str, head_id: str) -> str:
    """Return the hash that names a classifier with a project's head in a run's spec."""
    return sha256_text(f"{base_sha256}\0{head_id}")


def to_bytes(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Return the arrays as safetensors: the same bytes for the same arrays."""
    from safetensors.numpy import save

    exact = {name: np.ascontiguousarray(arrays[name], dtype=kind) for name, kind in sorted(_TYPES.items())}
    return bytes(save(exact))


def from_bytes(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """Read what :func:`to_bytes` wrote.

    Raises
    ------
    UntrustedArtefact
        Something else, or arrays of other names, types or shapes.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(data)
    except (SafetensorError, KeyError) as error:
        raise UntrustedArtefact(
            f"the head kept in this project cannot be read: {error}; go back to the shipped one with "
            "`evidence-mapper train --off`, then learn it again with `evidence-mapper train`"
        ) from error
    if {name: array.dtype.type for name, array in arrays.items()} != _TYPES or not _fit_together(arrays):
        raise UntrustedArtefact(
            f"the head kept in this project holds {', '.join(sorted(arrays))} of unexpected types or shapes; "
            "go back to the shipped one with `evidence-mapper train --off`"
        )
    return arrays


def _fit_together(arrays: Mapping[str, npt.NDArray[Any]]) -> bool:
    if arrays["weights"].ndim != 2 or arrays["weights"].shape[1] < 2:
        return False
    width, columns = arrays["weights"].shape
    wanted = {
        "mean": (width,),
        "scale": (width,),
        "slope": (columns,),
        "bias": (columns,),
        "thresholds": (columns - 1,),
        "none_threshold": (1,),
    }
    shapes = all(arrays[name].shape == shape for name, shape in wanted.items())
    return shapes and all(bool(np.isfinite(array).all()) for array in arrays.values())
