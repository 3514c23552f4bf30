# SPDX-License-Identifier: GPL-3.0-or-later
"""Models as safetensors files, read and written with NumPy alone.

Format: the header's length (8 bytes, little endian), a JSON object of name -> {dtype, shape, data_offsets} padded with
spaces to a multiple of 8, then the values in C order, little endian.
"""

import json
import os
import struct
from pathlib import Path

import numpy as np

_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U8": "|u1",
    "BOOL": "|b1",
}
_NAMES = {np.dtype(numpy): name for name, numpy in _TYPES.items()}


def read(file: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Tensors by name in the order of their values, and the file's metadata."""
    data = Path(file).read_bytes()
    if len(data) < 8 or struct.unpack("<Q", data[:8])[0] > len(data) - 8:
        raise ValueError(f"{file} is not a safetensors file")
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    values = memoryview(data)[8 + length :]
    tensors = {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        if entry["dtype"] not in _TYPES:
            raise ValueError(f"{file}: tensor '{name}' is of type {entry['dtype']}, which NumPy does not have")
        begin, end = entry["data_offsets"]
        flat = np.frombuffer(values[begin:end], dtype=_TYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return tensors, metadata


def write(file: Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Writes beside the file, then renames: a reader never sees half a model."""
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    offset = 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": _NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file = Path(file)
    partial = file.with_name(file.name + ".partial")
    with open(partial, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            out.write(np.ascontiguousarray(tensor).tobytes())
        out.flush()
        os.fsync(out.fileno())
    os.replace(partial, file)
