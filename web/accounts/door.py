"""The form by which the staff sign in, at the desk and at the editors' pages."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from web.accounts.own import assets as own_assets
from web.console import login as signing
from web.desk.errors import BadPassword, Throttled
from web.services import services

# What a sign-in elsewhere may say when it sends back here.
SAID = ("oidc-unknown", "oidc-role", "oidc-closed", "oidc-taken", "oidc-refused", "oidc-away")


def show(template: str, onward: str, **values: Any) -> str:
    """Show the form of a template that extends accounts/door.html; onward: where it leads."""
    said = request.args.get("error", "")
    known: dict[str, Any] = {
        "error": said if said in SAID else "expired" if signing.expired() else None,
        "username": "",
        "retry_after": None,
        **values,
    }
    return render_template(
        template,
        csrf_token=generate_csrf(),
        next=onward,
        oidc=services().oidc is not None,
        local=services().settings.local_sign_in is None,
        own_revision=own_assets.revision(),
        **known,
    )


def check(template: str, onward: str, **values: Any) -> Any:
    """Check name and password; answer with the way onward, or the form and what was wrong."""
    name = request.form.get("name", "")[:64]
    values = {**values, "username": name}
    try:
        whole = signing.sign_in(name, request.form.get("password", "")[:256])
    except BadPassword:
        return show(template, onward, error="wrong", **values), 401
    except Throttled as error:
        values |= {"error": "throttled", "retry_after": error.retry_after}
        return show(template, onward, **values), 429, {"Retry-After": str(error.retry_after)}
    return redirect(onward if whole else url_for("own_account.code", next=onward), 303)
