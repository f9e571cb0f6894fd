"""What may befall the processes of a product, each healed when it returns."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from tests.chaos.servers import stand_still
from tests.product import Product


@dataclass(frozen=True)
class Fault:
    """A fault by its name; `strike` lasts until it is over."""

    name: str
    strike: Callable[[], None]


def faults_of(product: Product, node: str = "") -> list[Fault]:
    """List the faults of one web and its bot. node: how they are told from another one's."""

    def kill(name: str) -> None:
        os.killpg(product.processes[name].pid, signal.SIGKILL)
        product.stop(name, how=signal.SIGKILL)
        (product.start_web if name == "web" else product.start_bot)()

    def kill_worker() -> None:
        for worker in psutil.Process(product.processes["web"].pid).children():
            worker.kill()
        product._wait("web", product.port)

    def stop_for_a_while(name: str) -> None:
        master = psutil.Process(product.processes[name].pid)
        stand_still([master, *master.children(recursive=True)])

    def update() -> None:
        product.stop("web")
        product.start_web()

    return [
        Fault(f"kill web{node}", lambda: kill("web")),
        Fault(f"kill bot{node}", lambda: kill("bot")),
        Fault(f"stop bot{node}", lambda: stop_for_a_while("bot")),
        Fault(f"kill worker{node}", kill_worker),
        Fault(f"stop web{node}", lambda: stop_for_a_while("web")),
        Fault(f"update web{node}", update),
    ]
