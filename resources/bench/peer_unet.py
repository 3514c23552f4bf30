# SPDX-License-Identifier: GPL-3.0-or-later
"""The plain U-Net of a plan, written with torch.nn as a researcher would, and the loss it is trained with.

Its tensors have the names and shapes of ours, so that a model file of ours loads as it is.
"""

import json
import struct

import torch
from torch import nn
from torch.nn import functional

DTYPES = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64, "I32": torch.int32, "U8": torch.uint8}


def read_safetensors(path):
    """Name -> tensor of a safetensors file."""
    with open(path, "rb") as file:
        content = bytearray(file.read())
    begin = 8 + struct.unpack("<Q", content[:8])[0]
    tensors = {}
    for name, entry in json.loads(bytes(content[8:begin])).items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        if first == last:
            tensors[name] = torch.empty(entry["shape"], dtype=DTYPES[entry["dtype"]])
            continue
        flat = torch.frombuffer(content, dtype=torch.uint8, count=last - first, offset=begin + first)
        tensors[name] = flat.clone().view(DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors


class ConvNorm(nn.Module):
    def __init__(self, dimensions, inputs, outputs, kernel, stride):
        super().__init__()
        convolution = nn.Conv2d if dimensions == 2 else nn.Conv3d
        norm = nn.InstanceNorm2d if dimensions == 2 else nn.InstanceNorm3d
        self.conv = convolution(inputs, outputs, kernel, stride, [k // 2 for k in kernel], bias=False)
        self.norm = norm(outputs, affine=True)
        self.relu = nn.LeakyReLU(0.01, inplace=True)

    def forward(self, x):
        return self.relu(self.norm(self.conv(x)))


def stage(dimensions, inputs, outputs, kernel, stride, count):
    one = [1] * dimensions
    return nn.Sequential(*[ConvNorm(dimensions, inputs if k == 0 else outputs, outputs, kernel, stride if k == 0 else one)
                           for k in range(count)])


class UNet(nn.Module):
    """`plan` is a plan's JSON. Strides and kernels come in the order x, y, z; torch wants z first."""

    def __init__(self, plan):
        super().__init__()
        network = plan["network"]
        if network["kind"] != "unet":
            raise ValueError("this is the plain U-Net alone")
        dimensions, features = network["dimensions"], network["features"]
        levels = len(features)
        strides = [s[::-1] for s in network.get("strides") or []] or [[1 if k == 0 else 2] * dimensions
                                                                       for k in range(levels)]
        kernels = [k[::-1] for k in network.get("kernels") or []] or [[3] * dimensions] * levels
        blocks = network.get("blocks") or [2] * levels
        transposed = nn.ConvTranspose2d if dimensions == 2 else nn.ConvTranspose3d
        pointwise = nn.Conv2d if dimensions == 2 else nn.Conv3d
        inputs = [len(plan["data"]["channels"])] + features
        self.encoder = nn.ModuleList(stage(dimensions, inputs[k], features[k], kernels[k], strides[k], blocks[k])
                                     for k in range(levels))
        self.up = nn.ModuleList(transposed(features[k + 1], features[k], strides[k + 1], strides[k + 1])
                                for k in range(levels - 1))
        self.decoder = nn.ModuleList(stage(dimensions, 2 * features[k], features[k], kernels[k], [1] * dimensions, 2)
                                     for k in range(levels - 1))
        heads = max(1, levels - 2) if network["deepSupervision"] else 1
        self.heads = nn.ModuleList(pointwise(features[k], len(plan["data"]["labels"]), 1) for k in range(heads))

    def all_heads(self, x):
        """Logits, finest first."""
        skips = []
        for block in self.encoder:
            x = block(x)
            skips.append(x)
        logits = [None] * len(self.heads)
        skips.pop()
        for k in reversed(range(len(self.decoder))):
            x = self.decoder[k](torch.cat([self.up[k](x), skips[k]], 1))
            if k < len(logits):
                logits[k] = self.heads[k](x)
        return logits if self.decoder else [self.heads[0](x)]

    def forward(self, x):
        return self.all_heads(x)[0]


def load_unet(plan, model):
    """The network of a plan's JSON with the weights of a safetensors file."""
    network = UNet(plan)
    network.load_state_dict(read_safetensors(model))
    return network


def dice_and_cross_entropy(logits, labels):
    """1 - mean soft Dice over cases and foreground labels, plus mean cross-entropy."""
    probabilities = torch.softmax(logits, 1)[:, 1:]
    truth = functional.one_hot(labels, logits.shape[1]).movedim(-1, 1)[:, 1:].to(probabilities.dtype)
    axes = tuple(range(2, logits.dim()))
    overlap = (probabilities * truth).sum(axes)
    sizes = probabilities.sum(axes) + truth.sum(axes)
    dice = ((2 * overlap + 1e-5) / (sizes + 1e-5)).mean()
    return 1 - dice + functional.cross_entropy(logits, labels)


def supervised(logits, labels, loss=dice_and_cross_entropy):
    """Deep supervision: each coarser head counts half as much as the one before."""
    total, weights = 0, 0
    for k, head in enumerate(logits):
        target = labels
        for axis in range(2, head.dim()):
            step = labels.shape[axis - 1] // head.shape[axis]
            kept = torch.arange(0, labels.shape[axis - 1], step, device=labels.device)
            target = target.index_select(axis - 1, kept)
        total = total + loss(head, target) / 2 ** k
        weights += 1 / 2 ** k
    return total / weights
