"""Password and login: where it stops, what helps there, solved or a human."""

from __future__ import annotations

from actions.flow import Flow, Step, detail
from actions.triage import Triage

FLOW = Flow(
    name="login",
    faq="login-failed",
    steps=(
        Step(
            "login_kind",
            says={
                "forgot": "password-forgot",
                "reset_failed": "password-reset-failed",
                "no_code": "sms-code-missing",
                "other": "login-failed",
            },
            still="other",
        ),
        Step("login_solved", check="login", results={"no": "done"}, still="no"),
        detail("error_text", closing=True),
    ),
    causes={
        "password-forgot": ("login_kind", "forgot"),
        "password-reset-failed": ("login_kind", "reset_failed"),
    },
)


class ValidateLogin(Triage):
    """Walks the login form."""

    flow = FLOW
