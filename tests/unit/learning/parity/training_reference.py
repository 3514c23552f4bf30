# SPDX-License-Identifier: GPL-3.0-or-later
"""Training steps of the plain U-Net that `bench train --peer` measures ours beside.

training_reference.py DIR RESOURCES    DIR holds plan.json, model.safetensors and batch.safetensors ("image" N, C,
                                       spatial and "labels" N, spatial as float32, the same batch in every step).
                                       Writes reference.safetensors: "loss", one for each of three steps, and the
                                       weights after them. Where terms.json is there ({"proximal": mu, "correction":
                                       bool}): mu / 2 times the squared distance to anchor.safetensors joins the loss,
                                       and correction.safetensors the gradients after clipping.
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
    terms = {}
    if (folder / "terms.json").exists():
        terms = json.loads((folder / "terms.json").read_text())
        anchor = read_safetensors(folder / "anchor.safetensors")
        correction = read_safetensors(folder / "correction.safetensors") if terms["correction"] else {}
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = supervised(network.all_heads(batch["image"]), batch["labels"].long())
        whole = loss
        if terms:
            distance = sum(((p - anchor[name]) ** 2).sum() for name, p in network.named_parameters())
            whole = loss + terms["proximal"] / 2 * distance
        whole.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), plan["training"]["clipGradient"])
        if terms:
            for name, parameter in network.named_parameters():
                if name in correction:
                    parameter.grad += correction[name]
        optimizer.step()
        losses.append(loss.item())
    result = {name: values.numpy() for name, values in network.state_dict().items()}
    result["loss"] = numpy.array(losses, "<f4")
    write_safetensors(folder / "reference.safetensors", result)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
