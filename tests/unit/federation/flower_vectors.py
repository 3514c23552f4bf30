# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes flower_vectors.h, what Flower's own Python makes of values that the test makes again:

    python3 -m venv v && v/bin/pip install flwr==1.30.0 && v/bin/python flower_vectors.py > flower_vectors.h
"""

import base64

import flwr
import numpy as np
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flwr.app import Array, ArrayRecord, ConfigRecord, Error, MetricRecord, RecordDict
from flwr.common.message import Metadata, make_message
from flwr.supercore.inflatable.inflatable_object import get_all_nested_objects
from flwr.supercore.primitives.asymmetric import public_key_to_bytes, sign_message


def text(value: bytes | str) -> str:
    return '"' + (value if isinstance(value, str) else base64.b64encode(value).decode()) + '"'


def message(kind: str, reply_to: str, content: RecordDict | None, error: Error | None = None):
    source, destination = (1, 2**63 + 9) if not reply_to else (2**63 + 9, 1)
    metadata = Metadata(
        run_id=2**64 - 3,
        message_id="",
        src_node_id=source,
        dst_node_id=destination,
        reply_to_message_id=reply_to,
        group_id="",
        created_at=1764244800.125,
        ttl=43200.0,
        message_type=kind,
    )
    return make_message(metadata=metadata, content=content, error=error)


def write(name: str, value) -> None:
    print(f"/// Objects of {name}, children first; the last is the message.")
    print(f"inline const std::vector<GoldenObject> {name}{{")
    for object_id, item in get_all_nested_objects(value).items():
        print(f"    {{{text(object_id)},\n     {text(item.deflate())}}},")
    print("};\n")


arrays = ArrayRecord(
    {
        "encoder.0.weight": Array(np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2) / 8 - 1),
        "encoder.0.bias": Array(np.array([0.5, -0.25], dtype=np.float32)),
        "encoder.1.running_var": Array(np.array([0.5, -0.25], dtype=np.float32)),
        "steps": Array(np.array(3, dtype=np.int64)),
        "Größe": Array(np.array([[True, False]])),
        "half": Array(np.array([1.5, 2.5, -0.5], dtype=np.float16)),
        "double": Array(np.array([0.1], dtype=np.float64)),
        "bytes": Array(np.array([0, 255], dtype=np.uint8)),
    }
)
train = message(
    "train",
    "",
    RecordDict(
        {
            "arrays": arrays,
            "config": ConfigRecord({"lr": 0.1, "server-round": 2, "final": False, "split": "validation"}),
        }
    ),
)
metrics = MetricRecord({"num-examples": 72, "loss": 0.25})
reply = message("train", train.object_id, RecordDict({"arrays": arrays, "metrics": metrics}))
refusal = message("evaluate", train.object_id, None, Error(0, "This site has no test case"))

large = np.arange(1500000, dtype=np.float32)
zeros = np.zeros((2, 2000000), dtype=np.float32)

key = ec.derive_private_key(20251127, ec.SECP384R1())
timestamp = "2026-11-27T12:00:00.250000+00:00"

print("// SPDX-License-Identifier: GPL-3.0-or-later")
print(f"// Written by flower_vectors.py with flwr {flwr.__version__} and NumPy {np.__version__}.")
print("#pragma once\n\n#include <string>\n#include <vector>\n")
print("// clang-format off")
print("namespace consilium::test {\n")
print("struct GoldenObject\n{\n    std::string id, base64;\n};\n")
write("goldenTrain", train)
write("goldenReply", reply)
write("goldenRefusal", refusal)
print("/// Array objects over 5 MiB: 0, 1, 2, ... of 1,500,000 float32; zeros of 2 x 2,000,000 float32.")
print(f"constexpr auto goldenLargeArray = {text(Array(large).object_id)};")
print(f"constexpr auto goldenZeroArray = {text(Array(zeros).object_id)};\n")
print("/// A node's key, and what its calls carry.")
print(f"constexpr auto goldenPublicKey = {text(public_key_to_bytes(key.public_key()))}; // PEM, in Base64")
ssh = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
print(f"constexpr auto goldenSshKey = {text(ssh)};")
print(f"constexpr auto goldenTimestamp = {text(timestamp)};")
print(f"constexpr auto goldenSignature = {text(sign_message(key, timestamp.encode()))};\n")
print("} // namespace consilium::test")
