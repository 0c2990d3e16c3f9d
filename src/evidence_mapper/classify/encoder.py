"""Embeddings by ONNX Runtime: a sentence-transformers model without torch."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.word_table import WordTable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_BATCH_TOKENS: Final = 384
"""Tokens read at once, padding included: what they need stays in a core's cache. 32 texts at once, about
2,500 tokens, are read at two thirds of the speed with four times the memory."""
_MAX_TOKENS: Final = 256


class OnnxEncoder:
    """all-MiniLM-L6-v2 or a fine-tuned relative, mean pooling over tokens.

    Parameters
    ----------
    model_path
        ONNX file with inputs ``attention_mask``, ``input_ids`` or ``words`` (vectors of shape
        (batch, tokens, width)), and optionally ``token_type_ids``.
    tokenizer_path
        ``tokenizer.json`` of the same model.
    encoder_id
        Names the weights; part of every cache key.
    threads
        Batches read at the same time; None takes three in four of the processors there are. Vectors are the
        same for any number.
    normalise
        Bring vectors to unit length, as sentence-transformers does; heads that were trained with the
        encoder read them as they are.
    words
        Where a model with the input ``words`` finds them; None for one that holds its own.
    """

    def __init__(
        self,
        model_path: Path,
        tokenizer_path: Path,
        encoder_id: str,
        *,
        threads: int | None = None,
        normalise: bool = True,
        words: WordTable | None = None,
    ) -> None:
        from tokenizers import Tokenizer

        self._session = _session(model_path)
        self._threads = _most() if threads is None else threads
        self._input_names = {i.name for i in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer_path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._normalise = normalise
        self.words = words
        self.id = encoder_id
        self.width = int(self._session.get_outputs()[0].shape[-1])

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return token ids, those of start and end included; at most 256 a text."""
        return [e.ids for e in self._tokenizer.encode_batch(list(texts))]

    def special_tokens(self) -> frozenset[int]:
        """Return ids of tokens that stand for no word: start, end, padding, unknown."""
        added = self._tokenizer.get_added_tokens_decoder()
        return frozenset(int(i) for i, token in added.items() if token.special)

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return vectors, shape (n_texts, width); text past 256 tokens is not read.

        A text that occurs more than once is read once.
        """
        place = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        ids = self.tokens(list(place))
        out = np.zeros((len(place), self.width), dtype=np.float32)
        batches = list(_batches([len(row) for row in ids]))[::-1]  # the longest first: none is left for last
        read = self._read([[ids[i] for i in rows] for rows in batches])
        for rows, vectors in zip(batches, read, strict=True):
            out[rows] = vectors
        return out[[place[text] for text in texts]]

    def _read(self, batches: Sequence[Sequence[Sequence[int]]]) -> Iterator[Embeddings]:
        if min(self._threads, len(batches)) < 2:
            yield from map(self._encode_batch, batches)
            return
        with ThreadPoolExecutor(self._threads, thread_name_prefix="encode") as threads:
            yield from threads.map(self._encode_batch, batches)

    def _encode_batch(self, ids: Sequence[Sequence[int]]) -> Embeddings:
        width = max(len(row) for row in ids)
        tokens = np.zeros((len(ids), width), dtype=np.int64)
        mask = np.zeros((len(ids), width), dtype=np.int64)
        for i, row in enumerate(ids):
            tokens[i, : len(row)] = row
            mask[i, : len(row)] = 1
        feed: dict[str, npt.NDArray[np.float32 | np.int64]] = {"attention_mask": mask}
        if self.words is None:
            feed["input_ids"] = tokens
        else:
            feed["words"] = self.words.look_up(tokens)
        if "token_type_ids" in self._input_names:
            feed["token_type_ids"] = np.zeros_like(tokens)
        states = self._session.run(None, feed)[0]
        weights = mask[:, :, None].astype(np.float32)
        pooled = (states * weights).sum(axis=1) / weights.sum(axis=1)
        if not self._normalise:
            return np.asarray(pooled, dtype=np.float32)
        norms = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(pooled / np.maximum(norms, 1e-12), dtype=np.float32)


def _most() -> int:
    """Return three in four of this computer's processors, one at least: the person is using it too."""
    there = os.cpu_count() or 1
    return max(1, there - there // 4)


def _session(model_path: Path) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Integer kernels differ between processors; the stored int8 weights are widened once, at load.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    # Two batches at once are quicker than two threads at one batch, and one is read the same way always.
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(model_path),
        sess_options=options,
        providers=["CPUExecutionProvider"],
        # Added and normalised in one step, a layer's output takes longer than in two.
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield rows to read together, short texts first, each batch within the budget or a single text."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and (len(batch) + 1) * lengths[row] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
