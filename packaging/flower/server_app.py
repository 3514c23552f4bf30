# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a federated training of Consilium nodes with Flower's own FedAvg.

Models are safetensors files: the first comes from `consilium-node initial-model`, the last is read by `consilium-node
predict` and `evaluate`. Tensor names, their order and their types are those of the first.
"""

import math
from logging import INFO
from pathlib import Path

import numpy as np
from flwr.app import Array, ArrayRecord, ConfigRecord, Context, MetricRecord, RecordDict
from flwr.common.logger import log
from flwr.serverapp import Grid, ServerApp
from flwr.serverapp.strategy import FedAvg

import safetensors_file

app = ServerApp()


def mean_of_measured(contents: list[RecordDict], weighted_by: str) -> MetricRecord:
    """Mean of each metric over the nodes that could measure it, weighted by their cases.

    A node whose cases lack a label reports NaN for that label's Dice; Flower's own mean would be NaN then.
    """
    sums: dict[str, float] = {}
    weights: dict[str, float] = {}
    for content in contents:
        metrics = next(iter(content.metric_records.values()))
        for name, value in metrics.items():
            if name != weighted_by and math.isfinite(value):
                sums[name] = sums.get(name, 0.0) + value * metrics[weighted_by]
                weights[name] = weights.get(name, 0.0) + metrics[weighted_by]
    return MetricRecord({name: total / weights[name] for name, total in sums.items() if weights[name] > 0})


def to_arrays(tensors: dict[str, np.ndarray]) -> ArrayRecord:
    return ArrayRecord({name: Array(tensor) for name, tensor in tensors.items()})


def to_tensors(arrays: ArrayRecord, like: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """FedAvg's mean makes floats of integer buffers; here every tensor gets its first type again."""
    tensors = {}
    for name, first in like.items():
        value = arrays[name].numpy()
        if not np.issubdtype(first.dtype, np.floating):
            value = np.rint(value)
        tensors[name] = value.astype(first.dtype)
    return tensors


def path_of(config: dict, key: str) -> Path:
    path = Path(str(config[key])).expanduser()
    if not path.is_absolute():
        raise ValueError(f"Give {key} as an absolute path, as in --run-config '{key}=\"/data/{key}.safetensors\"'")
    return path


@app.main()
def main(grid: Grid, context: Context) -> None:
    config = context.run_config
    initial, final = path_of(config, "initial-model"), path_of(config, "final-model")
    if not final.parent.is_dir():
        raise ValueError(f"The folder of final-model {final} is not there")
    first, metadata = safetensors_file.read(initial)
    nodes = int(config["nodes"])
    strategy = FedAvg(
        fraction_train=float(config["fraction-train"]),
        fraction_evaluate=float(config["fraction-evaluate"]),
        min_train_nodes=nodes,
        min_evaluate_nodes=nodes,
        min_available_nodes=nodes,
        train_metrics_aggr_fn=mean_of_measured,
        evaluate_metrics_aggr_fn=mean_of_measured,
    )
    result = strategy.start(
        grid=grid,
        initial_arrays=to_arrays(first),
        num_rounds=int(config["rounds"]),
        timeout=float(config["timeout-seconds"]),
        evaluate_config=ConfigRecord({"split": str(config["split"])}),
    )
    if not result.arrays:
        raise RuntimeError("No node sent an update: there is no model to write")
    safetensors_file.write(final, to_tensors(result.arrays, first), metadata)
    log(INFO, "The model of %d round(s) is in %s", int(config["rounds"]), final)
