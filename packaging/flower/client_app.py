# SPDX-License-Identifier: GPL-3.0-or-later
"""Flower asks every app for a ClientApp. The nodes of this one are consilium-node processes, which run none: a Flower
SuperNode that joins by mistake says so."""

from flwr.app import Context, Message
from flwr.clientapp import ClientApp

app = ClientApp()


def _refuse(message: Message, context: Context) -> Message:
    raise RuntimeError("The nodes of this app are Consilium's: join with 'consilium-node join --superlink'")


app.train()(_refuse)
app.evaluate()(_refuse)
app.query()(_refuse)
