"""`python -m web wallet check`: does a wallet keep the contract?"""

from __future__ import annotations

import click

from web.settings import Settings


@click.group()
def wallet() -> None:
    """Look after the connection to the wallet."""


@wallet.command()
@click.option("--customer", required=True, help="A customer of the wallet's, made for this.")
@click.option("--other", help="Another one, to see that the two are kept apart.")
@click.option("--act", is_flag=True, help="Freeze that customer's account too, and undo it.")
@click.pass_obj
def check(settings: Settings, customer: str, other: str | None, act: bool) -> None:
    """Run the contract's tests against the wallet of XIAOHU_WALLET_URL."""
    from web.wallet import conformity
    from web.wallet.tls import Credentials

    if not settings.wallet_url:
        raise click.ClickException("set XIAOHU_WALLET_URL and XIAOHU_WALLET_SECRET")
    context = Credentials(settings.wallet_tls).context if settings.wallet_tls else None
    probe = conformity.Probe(settings.wallet_url, settings.wallet_secret, customer, other, context)
    wrong = 0
    for name, why in conformity.run(probe, act=act):
        wrong += why is not None
        click.echo(f"{'wrong' if why else 'right'}  {name}{f': {why}' if why else ''}")
    if wrong:
        raise click.ClickException(f"{wrong} of the contract's tests failed")
