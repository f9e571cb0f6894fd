"""Alembic's entry: runs the versions on the connection that migrate() hands over."""

from alembic import context

from web.accounts import models as account_models  # noqa: F401  (likewise)
from web.audit import models as audit_models  # noqa: F401  (likewise)
from web.desk import (  # noqa: F401  (their tables)
    asked,
    attachments,
    blocks,
    bookings,
    calls,
    consents,
    devices,
    feedback,
    followups,
    guessing,
    handlings,
    improvements,
    leases,
    mails,
    offered,
    own_answers,
    promises,
    slots,
    tags,
    tokens,
)
from web.desk.handout import rings, skills  # noqa: F401  (likewise)
from web.desk.models import Base
from web.desk.reviews import records  # noqa: F401  (likewise)
from web.desk.rota import tables as rota_tables  # noqa: F401  (likewise)
from web.notifications import tips  # noqa: F401  (likewise)
from web.outages import models as outage_models  # noqa: F401  (likewise)
from web.publishing import models as publishing_models  # noqa: F401  (likewise)
from web.wallet import models as wallet_models  # noqa: F401  (likewise)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
