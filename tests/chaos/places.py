"""Where campaigns take place: one machine on SQLite, or two nodes with all that they share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.disk import fill_for_a_while, mounted
from tests.chaos.faults import Fault, faults_of
from tests.chaos.servers import Nginx, Postgres, Redis
from tests.product import Product

PATIENCE = 300.0  # seconds for a start, on a machine that has other work too
DISK = 320  # megabytes: web wants 64 free, PostgreSQL is given 64 of log


@dataclass(frozen=True)
class Place:
    """The products that run, the addresses that customers try, the faults to come."""

    products: list[Product]
    addresses: list[str]
    faults: list[Fault]
    left_out: tuple[str, ...] = ()


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[Place]:
    """Run one web and one bot on SQLite, on a disk of their own where that is possible."""
    with contextlib.ExitStack() as open_:
        disk = folder / "disk"
        possible = open_.enter_context(mounted(disk, DISK))
        product = Product(disk / "one", patience=PATIENCE)
        open_.callback(product.stop)
        product.start()
        faults = faults_of(product)
        if possible:
            faults.append(Fault("disk full", lambda: fill_for_a_while(disk)))
        left_out = () if possible else ("disk full (nothing can be mounted here)",)
        yield Place([product], [product.url], faults, left_out)


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Place]:
    """Run two webs and two bots on one PostgreSQL and one Redis, behind nginx if there is one."""
    with contextlib.ExitStack() as open_:
        disk = folder / "disk"
        possible = open_.enter_context(mounted(disk, DISK))
        postgres = Postgres(disk)
        open_.callback(postgres.close)
        redis = Redis()
        open_.callback(redis.close)
        settings = {
            "DATABASE_URL": postgres.uri.replace("/postgres?", "/web?"),
            "XIAOHU_BOT_TRACKER_URL": postgres.uri.replace("/postgres?", "/bot?"),
            "REDIS_URL": redis.url,
            "SECRET_KEY": "the same for both nodes of a campaign",
            "XIAOHU_PROXIES": "1",
        }
        products = [Product(folder / name, settings, patience=PATIENCE) for name in ("one", "two")]
        for product in products:
            open_.callback(product.stop)
            product.start()
        addresses, left_out = [product.url for product in products], []
        shared: list[tuple[str, Callable[[], None]]] = [
            ("kill Redis", redis.crash),
            ("stop Redis", redis.stop_for_a_while),
            ("kill PostgreSQL", postgres.crash),
            ("stop PostgreSQL", postgres.stop_for_a_while),
        ]
        if Nginx.possible():
            nginx = Nginx(folder / "nginx", [product.port for product in products])
            open_.callback(nginx.close)
            addresses = [nginx.url]
            shared += [("kill nginx", nginx.crash), ("stop nginx", nginx.stop_for_a_while)]
        else:
            left_out.append("nginx (not on this machine): customers try one node after the other")

        def fill() -> None:
            fill_for_a_while(disk)
            postgres.begin()

        if possible:
            shared.append(("disk of PostgreSQL full", fill))
        else:
            left_out.append("disk full (nothing can be mounted here)")
        one, two = products
        faults = [
            *faults_of(one, " 1"), *(Fault(*each) for each in shared), *faults_of(two, " 2"),
        ]  # fmt: skip
        yield Place(products, addresses, faults, tuple(left_out))
