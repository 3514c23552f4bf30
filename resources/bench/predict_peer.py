# SPDX-License-Identifier: GPL-3.0-or-later
"""Predicts one case with the plain U-Net of a plan by a sliding window in PyTorch, as a researcher would write it.

predict_peer.py PLAN.json MODEL.safetensors THREADS DEVICE

Reads lines of JSON. {"channels": [files], "size": [x, y, z]} predicts the case and is answered by {"seconds": of the
window alone, "torch": version}. {"labels": file} compares a label map with that prediction: {"differing": voxels,
"largestMargin": how much more probable, at most, the label here is than the one there}.
"""

import gzip
import itertools
import json
import math
import struct
import sys
import time

import torch
from peer_unet import load_unet


def read_voxels(path, dtype):
    """The voxels of a NIfTI-1 file, or of a file that holds nothing else, x fastest."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        content = bytearray(file.read())
    begin = int(struct.unpack("<f", content[108:112])[0]) if ".nii" in path else 0
    return torch.frombuffer(content, dtype=dtype, offset=begin)


def tile_starts(size, tile, overlap):
    if size <= tile:
        return [-((tile - size) // 2)]
    room = size - tile
    gaps = math.ceil(room / max(1.0, tile * (1 - overlap)))
    return [math.floor(room * i / gaps + 0.5) for i in range(gaps + 1)]


def gaussian(tile):
    place = torch.arange(tile, dtype=torch.float64)
    weights = torch.exp(-0.5 * ((place - (tile - 1) / 2) / (tile / 8)) ** 2)
    return (weights / weights.max()).float()


def sliding_window(network, image, patch, overlap):
    """Probabilities L, Z, Y, X of an image C, Z, Y, X; `patch` in the order z, y, x, or y, x for a network of slices."""
    flat = len(patch) == 2
    patch = [1] * flat + list(patch)
    size = list(image.shape[1:])
    around = [max(0, p - s) for p, s in zip(patch, size)]
    padding = [side for extra in reversed(around) for side in (extra // 2, extra - extra // 2)]
    padded = torch.nn.functional.pad(image, padding)
    z, y, x = (gaussian(p) for p in patch)
    weights = z[:, None, None] * y[None, :, None] * x[None, None, :]
    starts = [[start + extra // 2 for start in tile_starts(s, p, overlap)]
              for s, p, extra in zip(size, patch, around)]
    total, sums = None, torch.zeros(padded.shape[1:])
    with torch.inference_mode():
        for corner in itertools.product(*starts):
            place = tuple(slice(start, start + extent) for start, extent in zip(corner, patch))
            tile = padded[(slice(None),) + place].unsqueeze(0)
            answer = torch.softmax(network(tile[:, :, 0]).unsqueeze(2) if flat else network(tile), 1)[0]
            if total is None:
                total = torch.zeros(answer.shape[0], *padded.shape[1:])
            total[(slice(None),) + place] += answer * weights
            sums[place] += weights
        total /= sums
    inside = tuple(slice(extra // 2, extra // 2 + s) for extra, s in zip(around, size))
    return total[(slice(None),) + inside]


def compare(probabilities, labels):
    chosen = probabilities.argmax(0)
    differing = (chosen != labels).nonzero(as_tuple=True)
    if not len(differing[0]):
        return {"differing": 0, "largestMargin": 0.0}
    here = probabilities[(chosen[differing],) + differing]
    there = probabilities[(labels[differing],) + differing]
    return {"differing": len(differing[0]), "largestMargin": (here - there).max().item()}


def main():
    plan_file, model, threads, device = sys.argv[1:5]
    with open(plan_file, encoding="utf-8") as file:
        plan = json.load(file)
    torch.set_num_threads(int(threads))
    network = load_unet(plan, model).to(device)
    network.eval()
    probabilities = None
    for line in sys.stdin:
        question = json.loads(line)
        if "labels" in question:
            labels = read_voxels(question["labels"], torch.uint8).reshape(probabilities.shape[1:]).long()
            answer = compare(probabilities, labels)
        else:
            extent = question["size"][::-1]
            image = torch.stack([read_voxels(path, torch.float32).reshape(extent) for path in question["channels"]])
            begin = time.perf_counter()
            probabilities = sliding_window(lambda tile: network(tile.to(device)).cpu(), image,
                                           plan["training"]["patch"][::-1], plan["inference"]["overlap"])
            answer = {"seconds": time.perf_counter() - begin, "torch": torch.__version__}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
