# SPDX-License-Identifier: GPL-3.0-or-later
"""scripted_modules.py DIR: writes TorchScript modules, good ones and bad ones, as DIR/NAME.pt, and reference.safetensors
with what "good" makes of "input": "eval" and "train" as its modes answer, and "sgd.NAME", its state after a step of
SGD (rate 0.1, momentum 0.9, Nesterov) down the mean square of its answer in training."""
import pathlib
import sys

import torch
from torch import nn

from unet_reference import write_safetensors


class Good(nn.Module):
    """Two channels to three labels; a norm with running statistics, and a scale that is not to be trained."""

    def __init__(self, stride=1):
        super().__init__()
        self.first = nn.Conv2d(2, 5, 3, stride, 1)
        self.norm = nn.BatchNorm2d(5)
        self.last = nn.Conv2d(5, 3, 1)
        self.scale = nn.Parameter(torch.tensor([2.0]), requires_grad=False)

    def forward(self, x):
        return self.last(torch.relu(self.norm(self.first(x)))) * self.scale


class Tuple(Good):
    def forward(self, x):
        y = self.last(self.first(x))
        return y, y


class TwoInputs(Good):
    def forward(self, x, y):
        return self.last(self.first(x)) + y


class ThreeDimensional(nn.Module):
    def __init__(self):
        super().__init__()
        self.only = nn.Conv3d(2, 3, 1)

    def forward(self, x):
        return self.only(x)


class Phased(Good):
    """With a buffer that no model file can store."""

    def __init__(self, phase):
        super().__init__()
        self.register_buffer("phase", phase)


class NoForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.only = nn.Conv2d(2, 3, 1)

    @torch.jit.export
    def answer(self, x):
        return self.only(x)


def main(folder):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    good = Good()
    modules = {"good": good, "halving": Good(stride=2), "tuple": Tuple(), "two-inputs": TwoInputs(),
               "volumes": ThreeDimensional(), "no-forward": NoForward(), "doubles": Good().double(),
               "complex": Phased(torch.zeros(2, dtype=torch.complex64)), "sparse": Phased(torch.eye(2).to_sparse()),
               "untrained": nn.Sequential(nn.AvgPool2d(3, 1, 1))}
    for name, module in modules.items():
        torch.jit.script(module).save(str(folder / f"{name}.pt"))
    torch.jit.freeze(torch.jit.script(Good().eval())).save(str(folder / "frozen.pt"))

    x = torch.randn(2, 2, 8, 12)
    result = {"input": x.numpy()}
    with torch.no_grad():
        result["eval"] = good.eval()(x).numpy()
    good.train()
    optimizer = torch.optim.SGD([p for p in good.parameters() if p.requires_grad], 0.1, 0.9, nesterov=True)
    answer = good(x)
    result["train"] = answer.detach().numpy()
    answer.square().mean().backward()
    optimizer.step()
    for name, values in good.state_dict().items():
        result["sgd." + name] = values.numpy()
    write_safetensors(folder / "reference.safetensors", result)


main(pathlib.Path(sys.argv[1]))
