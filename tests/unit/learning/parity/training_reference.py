# SPDX-License-Identifier: GPL-3.0-or-later
"""Training steps of the plain U-Net that `bench train --peer` measures ours beside.

training_reference.py DIR RESOURCES    DIR holds plan.json, model.safetensors and batch.safetensors ("image" N, C,
                                       spatial and "labels" N, spatial as float32, the same batch in every step).
                                       Writes reference.safetensors: "loss", one for each of three steps, and the
                                       weights after them.
"""
import json
import pathlib
import sys

import numpy
import torch
from unet_reference import write_safetensors


def main(folder, resources):
    sys.path.insert(0, str(pathlib.Path(resources) / "bench"))
    from peer_unet import load_unet, read_safetensors, supervised
    from train_peer import make_optimizer

    torch.set_num_threads(1)
    plan = json.loads((folder / "plan.json").read_text())
    network = load_unet(plan, folder / "model.safetensors")
    batch = read_safetensors(folder / "batch.safetensors")
    optimizer = make_optimizer(plan["training"]["optimizer"], network.parameters())
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = supervised(network.all_heads(batch["image"]), batch["labels"].long())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), plan["training"]["clipGradient"])
        optimizer.step()
        losses.append(loss.item())
    result = {name: values.numpy() for name, values in network.state_dict().items()}
    result["loss"] = numpy.array(losses, "<f4")
    write_safetensors(folder / "reference.safetensors", result)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
