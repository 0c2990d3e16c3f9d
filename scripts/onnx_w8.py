"""Store an ONNX model's weights as int8 with one scale an output channel; computing stays in float32."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

_SMALLEST = 4096
"""Weights with fewer numbers stay as they are."""


def store_weights_as_int8(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with each large two-dimensional weight as int8 and a DequantizeLinear node.

    The scale goes along the last axis of a matrix product's weight and along the first axis of a
    lookup table, where one row is one word.
    """
    graph = model.graph
    tables = {node.input[0] for node in graph.node if node.op_type == "Gather"}
    nodes, kept = [], []
    for weight in graph.initializer:
        array = numpy_helper.to_array(weight)
        if array.ndim != 2 or array.size < _SMALLEST or array.dtype != np.float32:
            kept.append(weight)
            continue
        axis = 0 if weight.name in tables else 1
        scale = np.abs(array).max(axis=1 - axis, keepdims=True) / 127
        scale = np.where(scale == 0, 1, scale).astype(np.float32)
        small = np.clip(np.round(array / scale), -127, 127).astype(np.int8)
        names = [f"{weight.name}.{part}" for part in ("int8", "scale", "zero")]
        kept += [
            numpy_helper.from_array(small, names[0]),
            numpy_helper.from_array(scale.reshape(-1), names[1]),
            numpy_helper.from_array(np.zeros(scale.size, np.int8), names[2]),
        ]
        nodes.append(onnx.helper.make_node("DequantizeLinear", names, [weight.name], axis=axis))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *rest])
    onnx.checker.check_model(model)
    return model


def word_table_place(path: Path) -> dict[str, int]:
    """Return where a file with int8 weights keeps its word table.

    Offsets are in bytes from the start of the file: int8 rows, and float32 scales, one a row.
    """
    graph = onnx.load(str(path)).graph
    weights = {w.name: w for w in graph.initializer}
    widened = [node for node in graph.node if node.op_type == "DequantizeLinear"]
    table = max(widened, key=lambda node: weights[node.input[0]].dims[0])
    rows, width = weights[table.input[0]].dims
    data = path.read_bytes()
    return {
        "rows": rows,
        "width": width,
        "offset": data.index(numpy_helper.to_array(weights[table.input[0]]).tobytes()),
        "scale_offset": data.index(numpy_helper.to_array(weights[table.input[1]]).tobytes()),
    }
