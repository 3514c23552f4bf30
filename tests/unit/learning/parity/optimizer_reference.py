# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps of PyTorch's own optimisers on weights and gradients from a file.

optimizer_reference.py DIR      DIR holds rule.json (the plan's training.optimizer with "clip", the largest norm of the
                                gradient, and "rates", one for each step) and given.safetensors ("weight.K",
                                "gradient.STEP.K"). Writes reference.safetensors: "weight.STEP.K" after each step.
"""
import json
import pathlib
import sys

import torch
from unet_reference import read_safetensors, write_safetensors


def make_optimizer(rule, weights):
    if rule["kind"] == "sgd":
        return torch.optim.SGD(weights, lr=rule["lr"], momentum=rule["momentum"], nesterov=rule["nesterov"],
                               weight_decay=rule["weightDecay"])
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    return kinds[rule["kind"]](weights, lr=rule["lr"], betas=rule["betas"], weight_decay=rule["weightDecay"])


def main(folder):
    rule = json.loads((folder / "rule.json").read_text())
    given = {name: torch.tensor(values) for name, values in read_safetensors(folder / "given.safetensors").items()}
    weights = [given[f"weight.{k}"].requires_grad_() for k in range(sum(n.startswith("weight.") for n in given))]
    optimizer, result = make_optimizer(rule, weights), {}
    for step, rate in enumerate(rule["rates"]):
        for k, weight in enumerate(weights):
            weight.grad = given[f"gradient.{step}.{k}"].clone()
        if rule["clip"] > 0:
            torch.nn.utils.clip_grad_norm_(weights, rule["clip"])
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        for k, weight in enumerate(weights):
            result[f"weight.{step}.{k}"] = weight.detach().numpy().copy()
    write_safetensors(folder / "reference.safetensors", result)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
