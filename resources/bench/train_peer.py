# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the plain U-Net of a plan with PyTorch, a few steps whenever it is asked.

train_peer.py PLAN.json MODEL.safetensors THREADS DEVICE

Reads lines of JSON, {"warmup": 2, "steps": 10}, and answers each with {"seconds": [one for each step after the
warm-up], "losses": [...], "torch": version}. The batches lie ready in memory.
"""

import json
import sys
import time

import torch
from peer_unet import load_unet, supervised


def make_optimizer(rule, parameters):
    if rule["kind"] == "sgd":
        return torch.optim.SGD(parameters, lr=rule["lr"], momentum=rule["momentum"],
                               nesterov=rule["nesterov"] and rule["momentum"] > 0, weight_decay=rule["weightDecay"])
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    return kinds[rule["kind"]](parameters, lr=rule["lr"], betas=rule["betas"], weight_decay=rule["weightDecay"])


def make_batches(plan, device, count=4):
    training, generator = plan["training"], torch.Generator().manual_seed(7)
    extent = training["patch"][::-1]
    batches = []
    for _ in range(count):
        image = torch.randn(training["batchSize"], len(plan["data"]["channels"]), *extent, generator=generator)
        labels = torch.randint(0, len(plan["data"]["labels"]), (training["batchSize"], *extent), generator=generator)
        batches.append((image.to(device), labels.to(device)))
    return batches


def main():
    plan_file, model, threads, device = sys.argv[1:5]
    with open(plan_file, encoding="utf-8") as file:
        plan = json.load(file)
    torch.set_num_threads(int(threads))
    network = load_unet(plan, model).to(device)
    network.train()
    optimizer = make_optimizer(plan["training"]["optimizer"], network.parameters())
    batches = make_batches(plan, device)
    clip = plan["training"]["clipGradient"]

    def step(image, labels):
        optimizer.zero_grad(set_to_none=True)
        loss = supervised(network.all_heads(image), labels)
        loss.backward()
        if clip > 0:
            torch.nn.utils.clip_grad_norm_(network.parameters(), clip)
        optimizer.step()
        return loss.item()

    for line in sys.stdin:
        question = json.loads(line)
        seconds, losses = [], []
        for k in range(question["warmup"] + question["steps"]):
            begin = time.perf_counter()
            losses.append(step(*batches[k % len(batches)]))
            seconds.append(time.perf_counter() - begin)
        print(json.dumps({"seconds": seconds[question["warmup"]:], "losses": losses, "torch": torch.__version__}),
              flush=True)


if __name__ == "__main__":
    main()
