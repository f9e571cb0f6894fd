"""Everything that web serves: each view's blueprint, and which of them need no CSRF token."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from web.accounts.elsewhere import blueprint as own_oidc
from web.accounts.keypages import blueprint as own_passkeys
from web.accounts.own import blueprint as own_account
from web.accounts.pages import blueprint as accounts
from web.api.reference import blueprint as reference
from web.api.views import blueprint as api
from web.audit.pages import blueprint as audit
from web.complaint.views import blueprint as complaint
from web.console.answers import blueprint as desk_answers
from web.console.api import blueprint as desk_api
from web.console.blocks import blueprint as desk_blocks
from web.console.calls import blueprint as desk_calls
from web.console.handling import blueprint as desk_handling
from web.console.offers import blueprint as desk_offers
from web.console.staff import blueprint as desk_staff
from web.console.tickets import blueprint as desk_tickets
from web.console.views import blueprint as console
from web.console.wallet import blueprint as desk_wallet
from web.editor.api import blueprint as editor_api
from web.editor.companypages import blueprint as editor_company_api
from web.editor.companypages import pages as editor_company
from web.editor.flowpages import blueprint as editor_flows_api
from web.editor.flowpages import pages as editor_flows
from web.editor.furtherpages import blueprint as editor_further_api
from web.editor.furtherpages import pages as editor_further
from web.editor.history import blueprint as editor_history
from web.editor.improvements import blueprint as editor_improvements
from web.editor.noticepages import blueprint as editor_notices_api
from web.editor.pictures import blueprint as editor_pictures
from web.editor.report import blueprint as editor_report
from web.editor.review import blueprint as editor_review_api
from web.editor.review import pages as editor_review
from web.editor.views import blueprint as editor
from web.editor.wordpages import blueprint as editor_words_api
from web.editor.wordpages import pages as editor_words
from web.health.views import blueprint as health
from web.helpcenter.views import blueprint as helpcenter
from web.lead.board import blueprint as lead_board
from web.lead.pages import blueprint as lead
from web.lead.received import blueprint as desk_reviews
from web.lead.received import rota as desk_rota
from web.lead.reports import blueprint as lead_reports
from web.lead.reviews import blueprint as lead_reviews
from web.lead.rota import blueprint as lead_rota
from web.notifications.views import blueprint as notifications
from web.official.views import blueprint as official
from web.pictures.views import blueprint as pictures
from web.privacy.views import blueprint as privacy
from web.proof.views import blueprint as proof
from web.wallet.views import blueprint as wallet_events
from web.widget.views import blueprint as widget

BLUEPRINTS = (
    api,
    wallet_events,
    desk_api,
    desk_calls,
    desk_handling,
    desk_offers,
    desk_tickets,
    desk_answers,
    desk_staff,
    desk_wallet,
    desk_blocks,
    lead,
    lead_board,
    lead_reports,
    lead_reviews,
    lead_rota,
    desk_rota,
    desk_reviews,
    console,
    health,
    helpcenter,
    pictures,
    reference,
    complaint,
    official,
    proof,
    privacy,
    notifications,
    widget,
    editor,
    editor_api,
    editor_notices_api,
    editor_pictures,
    editor_improvements,
    editor_report,
    editor_history,
    editor_review,
    editor_words,
    editor_words_api,
    editor_review_api,
    editor_flows,
    editor_flows_api,
    editor_company,
    editor_company_api,
    editor_further,
    editor_further_api,
    own_account,
    own_oidc,
    own_passkeys,
    accounts,
    audit,
)


def protect(app: Flask) -> None:
    """Ask forms and calls with cookies for their CSRF token, before anything else looks at them."""
    csrf = CSRFProtect(app)
    csrf.exempt(api)  # bearer tokens, no cookies: nothing to forge
    csrf.exempt(wallet_events)  # signed by the wallet
    csrf.exempt(complaint)  # writes nothing down
    csrf.exempt(official)  # nor does this
    csrf.exempt(proof)  # the link itself is the secret, and no cookie counts


def register(app: Flask) -> None:
    """Add every page and every path of the APIs to the app."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
