# SPDX-License-Identifier: GPL-3.0-or-later
"""AH-Net and the network of slices that it comes from in plain PyTorch, compared with ours (network_parity.py)."""

import torch
import torch.nn.functional as F
from torch import nn

from network_parity import compare


def conv(dimensions, inside, out, kernel, stride=1, bias=False):
    """`kernel` and `stride` are those within slices, or of all axes."""
    kernel, stride = (value if isinstance(value, tuple) else across(dimensions, value) for value in (kernel, stride))
    layer = nn.Conv3d if dimensions == 3 else nn.Conv2d
    return layer(inside, out, kernel, stride, tuple(extent // 2 for extent in kernel), bias=bias)


def across(dimensions, size):
    return (1, size, size) if dimensions == 3 else (size, size)


def batch_norm(dimensions, channels):
    return (nn.BatchNorm3d if dimensions == 3 else nn.BatchNorm2d)(channels)


def joined(x):
    return F.max_pool3d(x, (2, 1, 1)) if x.dim() == 5 else x


def twice(x):
    mode = "trilinear" if x.dim() == 5 else "bilinear"
    return F.interpolate(x, scale_factor=2, mode=mode, align_corners=False)


class Bottleneck(nn.Module):
    def __init__(self, dimensions, inside, features, stride):
        super().__init__()
        self.conv1, self.norm1 = conv(dimensions, inside, features, 1), batch_norm(dimensions, features)
        self.conv2, self.norm2 = conv(dimensions, features, features, 3, stride), batch_norm(dimensions, features)
        self.conv3, self.norm3 = conv(dimensions, features, 4 * features, 1), batch_norm(dimensions, 4 * features)
        self.shortcut = None
        if inside != 4 * features or stride != 1:
            self.shortcut = conv(dimensions, inside, 4 * features, 1, stride)
            self.shortcutNorm = batch_norm(dimensions, 4 * features)
        self.halves = stride == 2

    def forward(self, x):
        join = joined if self.halves else (lambda map: map)
        y = F.relu(self.norm1(self.conv1(x)))
        y = F.relu(self.norm2(join(self.conv2(y))))
        y = self.norm3(self.conv3(y))
        return F.relu(y + (x if self.shortcut is None else self.shortcutNorm(join(self.shortcut(x)))))


class Encoder(nn.Module):
    def __init__(self, dimensions, channels, width):
        super().__init__()
        self.stem = conv(dimensions, channels, width, (3, 7, 7) if dimensions == 3 else 7, 2)
        self.stemNorm = batch_norm(dimensions, width)
        stages, inside = [], width
        for k, blocks in enumerate((3, 4, 6, 3)):
            features = width * 2**k
            stage = nn.ModuleList()
            for block in range(blocks):
                stage.append(Bottleneck(dimensions, inside, features, 2 if k > 0 and block == 0 else 1))
                inside = 4 * features
            stages.append(stage)
        self.stages = nn.ModuleList(stages)

    def forward(self, x):
        maps = [F.relu(self.stemNorm(joined(self.stem(x))))]
        if x.dim() == 5:
            y = joined(F.max_pool3d(maps[0], (1, 3, 3), (1, 2, 2), (0, 1, 1)))
        else:
            y = F.max_pool2d(maps[0], 3, 2, 1)
        maps.append(y)
        for stage in self.stages:
            for block in stage:
                y = block(y)
            maps.append(y)
        return maps


class AnisotropicLayer(nn.Module):
    def __init__(self, inside, growth):
        super().__init__()
        self.norm1, self.reduce = nn.BatchNorm3d(inside), conv(3, inside, 4 * growth, 1)
        self.norm2, self.within = nn.BatchNorm3d(4 * growth), conv(3, 4 * growth, growth, 3)
        self.norm3, self.across = nn.BatchNorm3d(growth), conv(3, growth, growth, (3, 1, 1))
        self.norm4, self.mix = nn.BatchNorm3d(growth), conv(3, growth, growth, 1)

    def forward(self, x):
        within = self.within(F.relu(self.norm2(self.reduce(F.relu(self.norm1(x))))))
        both = within + self.across(F.relu(self.norm3(within)))
        return torch.cat([x, self.mix(F.relu(self.norm4(both)))], 1)


class Refinement(nn.Module):
    def __init__(self, inside, skip, growth):
        super().__init__()
        self.project = conv(3, inside, skip, 1)
        self.layers = nn.ModuleList(AnisotropicLayer(skip + k * growth, growth) for k in range(3))

    def forward(self, x, skip):
        y = self.project(x)
        y = skip + (twice(y) if y.shape[2:] != skip.shape[2:] else y)
        for layer in self.layers:
            y = layer(y)
        return y


class Pyramid(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.projections = nn.ModuleList(conv(3, channels, 1, 1) for _ in range(4))

    def forward(self, x):
        maps = [x]
        for k, projection in enumerate(self.projections):
            map = projection(F.avg_pool3d(x, 2 ** (k + 1)))
            maps.append(F.interpolate(map, scale_factor=2 ** (k + 1), mode="trilinear", align_corners=False))
        return torch.cat(maps, 1)


class AHNet(nn.Module):
    def __init__(self, channels, labels, width):
        super().__init__()
        growth = max(1, 20 * width // 64)
        self.encoder = Encoder(3, channels, width)
        steps, inside = [], 32 * width
        for skip in (16 * width, 8 * width, 4 * width, width, width):
            steps.append(Refinement(inside, skip, growth))
            inside = skip + 3 * growth
        self.decoder = nn.ModuleList(steps)
        self.pyramid = Pyramid(inside)
        self.norm = nn.BatchNorm3d(inside + 4)
        self.logits = conv(3, inside + 4, labels, 3)

    def forward(self, x):
        maps = self.encoder(x)
        y = maps.pop()
        for step in self.decoder:
            y = step(y, maps.pop())
        return [twice(self.logits(F.relu(self.norm(self.pyramid(y)))))]


class GlobalConvolution(nn.Module):
    def __init__(self, inside, out):
        super().__init__()
        self.down = conv(2, inside, out, (7, 1), bias=True)
        self.downAcross = conv(2, out, out, (1, 7), bias=True)
        self.across = conv(2, inside, out, (1, 7), bias=True)
        self.acrossDown = conv(2, out, out, (7, 1), bias=True)

    def forward(self, x):
        return self.downAcross(self.down(x)) + self.acrossDown(self.across(x))


class BoundaryRefinement(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = conv(2, channels, channels, 3, bias=True)
        self.second = conv(2, channels, channels, 3, bias=True)

    def forward(self, x):
        return x + self.second(F.relu(self.first(x)))


class SliceAHNet(nn.Module):
    def __init__(self, channels, labels, width):
        super().__init__()
        self.encoder = Encoder(2, channels, width)
        setattr(self, "global", nn.ModuleList(GlobalConvolution(4 * width * 2**k, labels) for k in range(4)))
        self.refineStage = nn.ModuleList(BoundaryRefinement(labels) for _ in range(4))
        self.refineSum = nn.ModuleList(BoundaryRefinement(labels) for _ in range(5))

    def forward(self, x):
        maps = self.encoder(x)[2:]
        layers = zip(self.refineStage, getattr(self, "global"), maps)
        scores = [refine(wide(map)) for refine, wide, map in layers]
        y = scores[3]
        y = self.refineSum[4](scores[2] + twice(y))
        y = self.refineSum[3](scores[1] + twice(y))
        y = self.refineSum[2](scores[0] + twice(y))
        return [self.refineSum[0](twice(self.refineSum[1](twice(y))))]


def build(start):
    stem = start["encoder.stem.weight"]
    width, channels = stem.shape[:2]
    if stem.dim() == 5:
        return AHNet(channels, start["logits.weight"].shape[0], width)
    return SliceAHNet(channels, start["refineSum.0.first.weight"].shape[0], width)


def loss(heads, batch):
    """Soft Dice of the foreground, each case by itself, and cross-entropy."""
    labels = batch["labels"].flatten(1)
    logs = F.log_softmax(heads[0].flatten(2), 1)
    p = logs.exp()[:, 1:]
    truth = F.one_hot(labels, logs.shape[1]).transpose(1, 2)[:, 1:].to(p.dtype)
    dice = (2 * (p * truth).sum(2) + 1e-5) / (p.sum(2) + truth.sum(2) + 1e-5)
    return 1 - dice.mean() + F.nll_loss(logs, labels)


compare(build, loss)
