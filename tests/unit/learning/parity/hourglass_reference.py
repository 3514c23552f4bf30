# SPDX-License-Identifier: GPL-3.0-or-later
"""The stacked hourglass and its loss in plain PyTorch, compared with ours (network_parity.py)."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from network_parity import compare


def norm(channels):
    return nn.GroupNorm(math.gcd(channels, max(1, channels // 16)), channels)


class Residual(nn.Module):
    def __init__(self, inside, out):
        super().__init__()
        half = max(1, out // 2)
        self.norm1, self.conv1 = norm(inside), nn.Conv2d(inside, half, 1)
        self.norm2, self.conv2 = norm(half), nn.Conv2d(half, half, 3, padding=1)
        self.norm3, self.conv3 = norm(half), nn.Conv2d(half, out, 1)
        self.shortcut = nn.Conv2d(inside, out, 1) if inside != out else nn.Identity()

    def forward(self, x):
        y = self.conv1(F.relu(self.norm1(x)))
        y = self.conv2(F.relu(self.norm2(y)))
        return self.conv3(F.relu(self.norm3(y))) + self.shortcut(x)


class Hourglass(nn.Module):
    def __init__(self, features, order):
        super().__init__()
        self.stay = nn.ModuleList(Residual(features, features) for _ in range(order))
        self.before = nn.ModuleList(Residual(features, features) for _ in range(order))
        self.after = nn.ModuleList(Residual(features, features) for _ in range(order))
        self.middle = Residual(features, features)

    def forward(self, x):
        skips = []
        for stay, before in zip(self.stay, self.before):
            skips.append(stay(x))
            x = before(F.max_pool2d(x, 2))
        x = self.middle(x)
        for after, skip in zip(reversed(self.after), reversed(skips)):
            x = F.interpolate(after(x), scale_factor=2, mode="nearest") + skip
        return x


class Stack(nn.Module):
    def __init__(self, features, landmarks, last):
        super().__init__()
        self.hourglass = Hourglass(features, 4)
        self.residual = Residual(features, features)
        self.features = nn.Conv2d(features, features, 1)
        self.norm = norm(features)
        self.heatmaps = nn.Conv2d(features, landmarks, 1)
        self.last = last
        if not last:
            self.featuresBack = nn.Conv2d(features, features, 1)
            self.heatmapsBack = nn.Conv2d(landmarks, features, 1)

    def forward(self, x):
        y = F.relu(self.norm(self.features(self.residual(self.hourglass(x)))))
        heatmaps = self.heatmaps(y)
        if not self.last:
            x = x + self.featuresBack(y) + self.heatmapsBack(heatmaps)
        return x, heatmaps


class StackedHourglass(nn.Module):
    def __init__(self, channels, landmarks, features, stacks):
        super().__init__()
        self.stem = nn.Conv2d(channels, features // 4, 7, stride=2, padding=3)
        self.stemNorm = norm(features // 4)
        self.first = Residual(features // 4, features // 2)
        self.second = Residual(features // 2, features)
        self.third = Residual(features, features)
        self.stacks = nn.ModuleList(Stack(features, landmarks, k + 1 == stacks) for k in range(stacks))

    def forward(self, x):
        x = self.first(F.relu(self.stemNorm(self.stem(x))))
        x = self.third(self.second(F.max_pool2d(x, 2)))
        heads = []
        for stack in self.stacks:
            x, heatmaps = stack(x)
            heads.insert(0, heatmaps)
        return heads


def build(start):
    channels = start["stem.weight"].shape[1]
    landmarks, features = start["stacks.0.heatmaps.weight"].shape[:2]
    stacks = 1 + max(int(name.split(".")[1]) for name in start if name.startswith("stacks."))
    return StackedHourglass(channels, landmarks, features, stacks)


def middles(count, like):
    return (2 * torch.arange(count, dtype=like.dtype) + 1) / count - 1


def landmark_loss(logits, points, weights):
    height, width = logits.shape[2:]
    x, y = middles(width, logits), middles(height, logits)
    p = torch.softmax(logits.flatten(2), 2).unflatten(2, (height, width))
    means = torch.stack([(p.sum(2) * x).sum(2), (p.sum(3) * y).sum(2)], 2)
    dx = (x - points[..., :1]) * width / 2
    dy = (y - points[..., 1:]) * height / 2
    q = torch.exp(-(dy[..., :, None] ** 2 + dx[..., None, :] ** 2) / 2)
    q = q / q.sum((2, 3), keepdim=True)
    mean = (p + q) / 2
    # A Gaussian that vanishes adds nothing: 0 log 0 = 0.
    from_q = torch.where(q > 0, q * torch.log(q.clamp_min(1e-300 if q.dtype == torch.float64 else 1e-37) / mean), 0)
    divergence = ((p * torch.log(p / mean)).sum((2, 3)) + from_q.sum((2, 3))) / 2
    distance = torch.linalg.vector_norm(means - points, dim=2)
    return (weights * (distance + divergence)).sum() / weights.sum()


def loss(heads, batch):
    return sum(landmark_loss(head, batch["points"], batch["weights"]) for head in heads)


compare(build, loss)
