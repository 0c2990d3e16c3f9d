"""Embeddings by ONNX Runtime: a sentence-transformers model without torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from evidence_mapper.classify.base import Embeddings

_BATCH: Final = 32
_MAX_TOKENS: Final = 256


class OnnxEncoder:
    """all-MiniLM-L6-v2 or a fine-tuned relative, mean pooling over tokens.

    Parameters
    ----------
    model_path
        ONNX file with inputs ``input_ids``, ``attention_mask`` and optionally ``token_type_ids``.
    tokenizer_path
        ``tokenizer.json`` of the same model.
    encoder_id
        Names the weights; part of every cache key.
    threads
        Threads of the runtime; None leaves it to the library.
    normalise
        Bring vectors to unit length, as sentence-transformers does; heads that were trained with the
        encoder read them as they are.
    """

    def __init__(
        self,
        model_path: Path,
        tokenizer_path: Path,
        encoder_id: str,
        *,
        threads: int | None = None,
        normalise: bool = True,
    ) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # Integer kernels differ between processors; the stored int8 weights are widened instead.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        if threads is not None:
            options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(model_path), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._input_names = {i.name for i in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer_path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._normalise = normalise
        self.id = encoder_id
        self.width = int(self._session.get_outputs()[0].shape[-1])

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return vectors, shape (n_texts, width); text past 256 tokens is not read."""
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        out = np.zeros((len(texts), self.width), dtype=np.float32)
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            out[rows] = self._encode_batch([encodings[i].ids for i in rows])
        return out

    def _encode_batch(self, ids: Sequence[Sequence[int]]) -> Embeddings:
        width = max(len(row) for row in ids)
        tokens = np.zeros((len(ids), width), dtype=np.int64)
        mask = np.zeros((len(ids), width), dtype=np.int64)
        for i, row in enumerate(ids):
            tokens[i, : len(row)] = row
            mask[i, : len(row)] = 1
        feed = {"input_ids": tokens, "attention_mask": mask}
        if "token_type_ids" in self._input_names:
            feed["token_type_ids"] = np.zeros_like(tokens)
        states = self._session.run(None, feed)[0]
        weights = mask[:, :, None].astype(np.float32)
        pooled = (states * weights).sum(axis=1) / weights.sum(axis=1)
        if not self._normalise:
            return np.asarray(pooled, dtype=np.float32)
        norms = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(pooled / np.maximum(norms, 1e-12), dtype=np.float32)
