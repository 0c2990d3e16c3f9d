"""Store an ONNX encoder's weights at 8 bits; computing stays in float32. As a script: all-MiniLM-L6-v2.

    pip install "evidence-mapper[torch]" onnx
    python scripts/onnx_w8.py --base FOLDER_OF_all-MiniLM-L6-v2

As a script it writes models/minilm/model_w8.onnx, and to models/minilm-council/words.json where the word
table that both encoders share lies in it. Then: python scripts/build_models.py

Block scales and 16 bits for the few weights below keep vectors of one to three words, where no mean over
words evens rounding out, at a cosine of 0.999 to those of 32 bits; one scale a column left 0.994. All is
widened once, when the file is loaded, so that reading is as quick as with weights of 32 bits.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper, version_converter
from onnx.helper import make_node

ROOT = Path(__file__).resolve().parents[1]
_SMALLEST = 4096
"""Weights with fewer numbers stay as they are."""
_OPSET = 21
"""The first that knows scales of blocks; ONNX Runtime reads them from 1.19 on."""
_BLOCK = 32
"""Numbers along a matrix's first axis, the one summed over, that share a scale."""
_WORDS = 10_000
"""A table with more rows holds words: one scale a row, as the other encoder's word table reads it."""
_AT_16_BITS = "/value/MatMul"
"""What every later layer sums over: rounded to 8 bits, it is a third of all that is lost."""

Array = npt.NDArray[np.float32]
Parts = tuple[list[onnx.TensorProto], list[onnx.NodeProto]]


def store_weights_as_int8(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with each large two-dimensional weight at 8 bits, or at 16 where that shows.

    Raises
    ------
    ValueError
        No matrix product is named as an attention's value.
    """
    model = version_converter.convert_version(model, _OPSET)
    graph = model.graph
    tables = {node.input[0] for node in graph.node if node.op_type == "Gather"}
    values = {node.input[1] for node in graph.node if node.name.endswith(_AT_16_BITS)}
    if not values:
        raise ValueError(f"no node's name ends in {_AT_16_BITS}: export with torch.onnx.export(dynamo=False)")
    kept: list[onnx.TensorProto] = []
    nodes: list[onnx.NodeProto] = []
    for weight in graph.initializer:
        array = numpy_helper.to_array(weight)
        if array.ndim != 2 or array.size < _SMALLEST or array.dtype != np.float32:
            kept.append(weight)
            continue
        if weight.name in tables and len(array) > _WORDS:
            stored = _rows(weight.name, array)
        elif weight.name in tables | values:
            stored = _at_16_bits(weight.name, array)
        else:
            stored = _blocks(weight.name, array)
        kept += stored[0]
        nodes += stored[1]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *rest])
    onnx.checker.check_model(model)
    return model


def _rows(name: str, array: Array) -> Parts:
    scale = _not_0(np.abs(array).max(axis=1, keepdims=True) / 127).astype(np.float32)
    small = np.clip(np.round(array / scale), -127, 127).astype(np.int8)
    names = [f"{name}.{part}" for part in ("int8", "scale", "zero")]
    arrays = (small, scale.reshape(-1), np.zeros(len(array), np.int8))
    kept = [numpy_helper.from_array(a, n) for a, n in zip(arrays, names, strict=True)]
    return kept, [make_node("DequantizeLinear", names, [name], axis=0)]


def _at_16_bits(name: str, array: Array) -> Parts:
    kept = numpy_helper.from_array(array.astype(np.float16), f"{name}.f16")
    return [kept], [make_node("Cast", [kept.name], [name], to=onnx.TensorProto.FLOAT)]


def _blocks(name: str, array: Array) -> Parts:
    blocks = array.reshape(-1, _BLOCK, array.shape[1])
    # Rounded up to a float16, so that the largest number of a block is not cut off.
    up = np.abs(blocks).max(axis=1, keepdims=True) / 127 * (1 + 2**-11)
    scale = _not_0(up.astype(np.float16))
    small = np.clip(np.round(blocks / scale.astype(np.float32)), -127, 127).astype(np.int8)
    kept = [
        numpy_helper.from_array(small.reshape(array.shape), f"{name}.int8"),
        numpy_helper.from_array(scale[:, 0], f"{name}.scale"),
    ]
    inputs = [f"{name}.int8", f"{name}.wide"]
    nodes = [
        make_node("Cast", [f"{name}.scale"], inputs[1:], to=onnx.TensorProto.FLOAT),
        make_node("DequantizeLinear", inputs, [name], axis=0, block_size=_BLOCK),
    ]
    return kept, nodes


def _not_0(scale: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.where(scale == 0, scale.dtype.type(1), scale)


def export(module: Any, example: dict[str, Any], path: Path) -> None:
    """Write a module that returns token states as ONNX, weights stored at 8 bits.

    ``example`` names the inputs, all with axes of batch and tokens, and gives an example of each.
    """
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    wide = path.with_name("wide.onnx")
    names, output = list(example), "last_hidden_state"
    axes = {name: {0: "b", 1: "s"} for name in [*names, output]}
    torch.onnx.export(
        module.eval(), tuple(example.values()), str(wide), input_names=names, output_names=[output],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    onnx.save(store_weights_as_int8(onnx.load(str(wide))), str(path))
    wide.unlink()


def write_word_table_place(model: Path, folder: Path) -> None:
    """Write where the model's file keeps its word table to ``words.json``."""
    text = json.dumps(word_table_place(model), indent=2, sort_keys=True) + "\n"
    (folder / "words.json").write_text(text, encoding="utf-8", newline="\n")


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


def main() -> None:
    import torch
    from transformers import AutoModel

    parser = argparse.ArgumentParser(description="Write all-MiniLM-L6-v2 as ONNX, weights stored at 8 bits.")
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2 (safetensors)")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "models", help="folder of minilm and minilm-council"
    )
    options = parser.parse_args()

    class States(torch.nn.Module):  # type: ignore[misc] # torch is not there when types are checked
        def __init__(self) -> None:
            super().__init__()
            self.net = AutoModel.from_pretrained(options.base)

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.net(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    ones = torch.ones(2, 8, dtype=torch.long)
    path = options.output / "minilm" / "model_w8.onnx"
    export(States(), {"input_ids": ones, "attention_mask": ones}, path)
    write_word_table_place(path, options.output / "minilm-council")
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
