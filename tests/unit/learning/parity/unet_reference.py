# SPDX-License-Identifier: GPL-3.0-or-later
"""The U-Nets of src/learning in PyTorch's own layers, and safetensors read and written from the format's description.

unet_reference.py DIR           DIR holds plan.json, weights.safetensors, input.safetensors ("input"). Writes
                                reference.safetensors: "head.K" of the forward pass, and for each optimiser "sgd.NAME",
                                "adam.NAME", "adamw.NAME", the weights after a step down the mean square of the heads.
unet_reference.py DIR --copy    DIR holds weights.safetensors. Writes reference.safetensors: "copy.NAME" of all of it.
unet_reference.py DIR --module  DIR holds module.pt and input.safetensors. Writes reference.safetensors: for every
                                input the module's answer under the same name, and "copy.NAME" of its weights.
"""
import json
import pathlib
import struct
import sys

import numpy
import torch
from torch import nn

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1",
          "BOOL": "?"}


def read_safetensors(file):
    data = file.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[8 + length + begin:8 + length + end], DTYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def write_safetensors(file, tensors):
    names = {numpy.dtype(value): key for key, value in DTYPES.items()}
    header, parts, offset = {}, [], 0
    for name, values in tensors.items():
        part = numpy.ascontiguousarray(values).tobytes()
        header[name] = {"dtype": names[values.dtype], "shape": list(values.shape),
                        "data_offsets": [offset, offset + len(part)]}
        parts.append(part)
        offset += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def layers(dimensions):
    if dimensions == 2:
        return nn.Conv2d, nn.InstanceNorm2d, nn.ConvTranspose2d, nn.AvgPool2d
    return nn.Conv3d, nn.InstanceNorm3d, nn.ConvTranspose3d, nn.AvgPool3d


class ConvNorm(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride, activated=True):
        super().__init__()
        convolution, norm, _, _ = layers(len(kernel))
        self.conv = convolution(inputs, outputs, kernel, stride, [k // 2 for k in kernel], bias=False)
        self.norm = norm(outputs, affine=True)
        self.activation = nn.LeakyReLU(0.01) if activated else nn.Identity()

    def forward(self, x):
        return self.activation(self.norm(self.conv(x)))


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride):
        super().__init__()
        ones = [1] * len(kernel)
        self.first = ConvNorm(inputs, outputs, kernel, stride)
        self.second = ConvNorm(outputs, outputs, kernel, ones, activated=False)
        self.pool = layers(len(kernel))[3](stride, stride) if stride != ones else nn.Identity()
        self.skip = ConvNorm(inputs, outputs, ones, ones, activated=False) if inputs != outputs else nn.Identity()
        self.activation = nn.LeakyReLU(0.01)

    def forward(self, x):
        return self.activation(self.second(self.first(x)) + self.skip(self.pool(x)))


class UNet(nn.Module):
    def __init__(self, plan):
        super().__init__()
        network = plan["network"]
        dimensions, features = network["dimensions"], network["features"]
        count = len(features)
        ones = [1] * dimensions
        # The plan's axes are x, y, z; PyTorch's the other way round.
        strides = [s[::-1] for s in network["strides"]] or [[min(k + 1, 2)] * dimensions for k in range(count)]
        kernels = [k[::-1] for k in network["kernels"]] or [[3] * dimensions] * count
        outputs = len(plan["data"]["labels"])
        convolution, _, transposed, _ = layers(dimensions)
        before = len(plan["data"]["channels"])
        residual = network["kind"] == "residual-unet"
        if residual:
            blocks = network["blocks"] or [1, 3, 4, 6, 6, 6, 6, 6][:count]
            self.stem = ConvNorm(before, features[0], kernels[0], ones)
            before = features[0]
        else:
            blocks = network["blocks"] or [2] * count
            self.stem = nn.Identity()
        block = ResidualBlock if residual else ConvNorm
        self.encoder = nn.ModuleList()
        for k in range(count):
            stage = nn.Sequential()
            for i in range(blocks[k]):
                stage.append(block(before, features[k], kernels[k], strides[k] if i == 0 else ones))
                before = features[k]
            self.encoder.append(stage)
        self.up = nn.ModuleList(transposed(features[k + 1], features[k], strides[k + 1], strides[k + 1])
                                for k in range(count - 1))
        self.decoder = nn.ModuleList()
        for k in range(count - 1):
            convolutions = [ConvNorm(2 * features[k], features[k], kernels[k], ones)]
            if not residual:
                convolutions.append(ConvNorm(features[k], features[k], kernels[k], ones))
            self.decoder.append(nn.Sequential(*convolutions))
        heads = max(1, count - 2) if network["deepSupervision"] else 1
        self.heads = nn.ModuleList(convolution(features[k], outputs, 1) for k in range(heads))

    def forward(self, x):
        skips = []
        x = self.stem(x)
        for stage in self.encoder:
            x = stage(x)
            skips.append(x)
        answers = {}
        for k in reversed(range(len(self.decoder))):
            x = self.decoder[k](torch.cat([self.up[k](x), skips[k]], 1))
            if k < len(self.heads):
                answers[k] = self.heads[k](x)
        if not len(self.decoder):
            answers[0] = self.heads[0](x)
        return [answers[k] for k in range(len(self.heads))]


def optimizer(kind, options, parameters):
    decay = options["weightDecay"]
    if kind == "sgd":
        return torch.optim.SGD(parameters, 0.1, options["momentum"], nesterov=options["nesterov"], weight_decay=decay)
    rule = torch.optim.Adam if kind == "adam" else torch.optim.AdamW
    return rule(parameters, 0.01, tuple(options["betas"]), weight_decay=decay)


def network_reference(folder):
    plan = json.loads((folder / "plan.json").read_text())
    weights = read_safetensors(folder / "weights.safetensors")
    x = torch.tensor(read_safetensors(folder / "input.safetensors")["input"])
    state = {name: torch.tensor(values) for name, values in weights.items()}
    result = {}
    network = UNet(plan)
    network.load_state_dict(state)
    with torch.no_grad():
        for k, head in enumerate(network(x)):
            result[f"head.{k}"] = head.numpy()
    for kind in ("sgd", "adam", "adamw"):
        network.load_state_dict(state)
        stepper = optimizer(kind, plan["training"]["optimizer"], network.parameters())
        stepper.zero_grad()
        steepness = 1 if kind == "sgd" else 1e4  # why: tst_network_parity.cpp
        sum(steepness * head.square().mean() for head in network(x)).backward()
        stepper.step()
        for name, values in network.state_dict().items():
            result[f"{kind}.{name}"] = values.numpy().copy()
    return result


def copy_reference(folder):
    return {"copy." + name: values for name, values in read_safetensors(folder / "weights.safetensors").items()}


def module_reference(folder):
    module = torch.jit.load(str(folder / "module.pt"))
    result = {"copy." + name: values.numpy() for name, values in module.state_dict().items()}
    with torch.no_grad():
        for name, values in read_safetensors(folder / "input.safetensors").items():
            result[name] = module(torch.tensor(values)).numpy()
    return result


if __name__ == "__main__":
    where = pathlib.Path(sys.argv[1])
    torch.set_num_threads(1)
    references = {"--module": module_reference, "--copy": copy_reference}
    answer = references.get(sys.argv[-1], network_reference)(where)
    write_safetensors(where / "reference.safetensors", answer)
