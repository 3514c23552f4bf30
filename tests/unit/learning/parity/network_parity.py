# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares a network of ours with the same one in plain PyTorch.

A test leaves in one folder our weights (start.safetensors), a batch (batch.safetensors), what our network made of it
(answers.safetensors: "eval.K" and "train.K", the heads in evaluation and in training mode), its gradients
(gradients.safetensors), its weights after one step of each optimiser (KIND.safetensors), and the optimisers' settings
(settings.json). Printed is one JSON object of the largest max|a - b| / max|b| over tensors, b being PyTorch's: for each
answer, for each optimiser ("KIND") and, of the parameters, for each optimiser's rule on our gradients ("KIND.rule").
Weights that begin at zero are compared with the learning rate, which is how far Adam may move them.
"""

import json
import pathlib
import struct
import sys

import numpy
import torch

DTYPES = {"F32": numpy.float32, "F64": numpy.float64, "I64": numpy.int64}


def read_tensors(file):
    """The tensors of a safetensors file by name."""
    data = pathlib.Path(file).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = numpy.frombuffer(data[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


def difference(ours, theirs, least=0):
    scale = max(least, theirs.abs().max().item())
    distance = (ours - theirs).abs().max().item()
    return distance if scale == 0 else distance / scale


def optimizer(settings, parameters):
    common = {"lr": settings["lr"], "weight_decay": settings["weightDecay"]}
    if settings["kind"] == "sgd":
        return torch.optim.SGD(parameters, momentum=settings["momentum"], nesterov=settings["nesterov"], **common)
    rule = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[settings["kind"]]
    return rule(parameters, betas=tuple(settings["betas"]), **common)


def compare(build, loss):
    """`build(start)` makes the network whose forward() gives the list of heads; `loss(heads, batch)` is its loss."""
    folder = pathlib.Path(sys.argv[1])
    start = read_tensors(folder / "start.safetensors")
    batch = read_tensors(folder / "batch.safetensors")
    answers = read_tensors(folder / "answers.safetensors")
    precision = batch["image"].dtype

    def fresh():
        network = build(start).to(precision)
        network.load_state_dict(start, strict=True)
        return network

    errors = {}
    for mode in ("eval", "train"):
        network = fresh().train(mode == "train")
        for index, head in enumerate(network(batch["image"])):
            errors[f"{mode}.{index}"] = difference(answers[f"{mode}.{index}"], head.detach())
    gradients = read_tensors(folder / "gradients.safetensors")
    for settings in json.loads((folder / "settings.json").read_text()):
        kind, lr = settings["kind"], settings["lr"]
        after = read_tensors(folder / (kind + ".safetensors"))

        network = fresh().train()
        rule = optimizer(settings, network.parameters())
        loss(network(batch["image"]), batch).backward()
        rule.step()
        theirs = network.state_dict()
        assert after.keys() == theirs.keys()
        errors[kind] = max(difference(after[name], value, lr) for name, value in theirs.items())

        network = fresh()
        parameters = dict(network.named_parameters())
        for name, parameter in parameters.items():
            parameter.grad = gradients[name]
        optimizer(settings, network.parameters()).step()
        errors[kind + ".rule"] = max(difference(after[name], value.detach()) for name, value in parameters.items())
    print(json.dumps(errors))
