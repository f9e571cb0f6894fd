"""Everything a deployment decides, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tracing.settings import Traces
from web.accounts.provider import Provider, local_sign_in
from web.agreement import agree
from web.assistant.places import HOST, PORT, bot_url
from web.desk import links
from web.desk.agents import ROLES
from web.desk.handout.rule import Rule
from web.desk.sessions import SessionLimits
from web.environment import BadSettings, choice, listed, networks, number, pem, span, traces, words
from web.mail.addresses import listed as addresses
from web.prefix import prefix_of
from web.secret import read_or_make
from web.wallet.tls import Files, files_from_env

ROOT = Path(__file__).resolve().parent.parent
# A secret that is guessed signs anything; HS256's own rule (RFC 7518) is 32 bytes.
SHORTEST = {
    "XIAOHU_JWT_SECRET": 32, "SECRET_KEY": 16, "XIAOHU_BOT_SECRET": 16,
    "XIAOHU_WALLET_SECRET": 16, "XIAOHU_OPS_TOKEN": 16, "XIAOHU_SMS_SECRET": 16,
}  # fmt: skip
# Where a proxy of ours may stand: this machine, and networks that nobody reaches from outside.
NEAR = (
    "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
    "fc00::/7", "fe80::/10",
)  # fmt: skip
DEEDS = ("freeze", "unfreeze", "refund", "dispute", "verification")  # what a wallet is asked for
# The services of Chrome and Edge on Android, Firefox, Safari, and Edge on Windows.
PUSH_HOSTS = (
    "fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com",
)  # fmt: skip
VARIABLES = (
    "hotline", "emergency_hotline", "phone_hours", "chat_hours", "email", "social",
    "police", "ambulance", "antifraud", "consumer_line", "lifeline",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """A deployment's decisions.

    data, var: folders of content and of what this program writes. database_url: SQLite in `var`
    when unset. bot_url: the bots' addresses, a blank between two. bot_timeout: seconds.
    bot_memory_url: their database.
    bot_secret: what the bot wants to see of web. jwt_*: how the
    wallet signs its customers' identities.
    variables: what answers may name (hotline, hours …); only those set. proxies: trusted proxies
    in front; proxy_addresses: where they stand, others' X-Forwarded-… is not believed.
    embed_origins: sites that may show /app in a frame. workers: processes; more than one
    needs redis_url. old_secret_keys: earlier secret keys that still open what they sealed. hours:
    opening hours, data/hours.yml when unset. callback_capacity: booked calls a half hour;
    callback_regions: countries that are called. stun_urls, turn_urls, turn_secret: how the two
    sides of a video call find each other (turn_secret is coturn's static-auth-secret);
    video_relay: over the relay alone, so that neither learns the other's address.
    agent_silence: seconds without a sign of life after which an agent has gone. desk_assign:
    by-hand, or offered: a case rings at one agent for desk_ring seconds, and goes to those who are
    not good at its topic too after desk_overflow seconds. smtp_url,
    mail_from: how letters go out; unset, no address is asked for. imap_url: where what
    is written back to mail_from is read. max_turns, max_streams,
    max_uploads, max_signins: what one process takes at once; db_connections: what it opens.
    ops_token: shows /metrics and the details of /readyz to those who are not on this machine.
    session_idle: minutes without use, session_hours: hours at all, after which the staff sign in
    again. second_factor: the roles that need one.
    hosts: where, with their subdomains, links in the chat may lead, our own first. wallet_*: where
    the wallet answers (docs/wallet-api.yaml), what signs requests, seconds for all of one message;
    wallet_tls: the certificate that is shown to the wallet, and whom it has to be signed by; None
    where neither is set. wallet_second: what a second agent confirms before the wallet is asked.
    wallet_quiet: minutes of the day, from and until, in which only what is urgent is told; None: at
    no time. push_contact: where push services reach us; unset, nothing is pushed. push_hosts: the
    services, with their subdomains, to which is pushed. report_to: who gets the weekly letter.
    bot_keep_days: until the bot forgets, as its own process reads it.
    review: whether an editor's change waits until somebody else publishes it.
    migrates: whether a start brings the database up; else `web migrate` does, before it.
    seals: whether what is said is sealed under its conversation's key.
    range_times: how much more a /24 of IPv4 or a /48 of IPv6 may have than one address; 0: no end.
    places: in the queue an hour and address, before a browser has to work for one.
    work_bits: how hard the puzzles are that a browser solves in silence.
    local_sign_in: the accounts that may still sign in by password; None for all.
    traces: where what is done is told to, if anywhere.
    """

    data: Path = ROOT / "data"
    var: Path = ROOT / "var"
    database_url: str = ""
    redis_url: str = ""
    secret_key: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    base_url: str = ""
    bot_url: str = f"{HOST}:{PORT}"
    bot_timeout: float = 5.0
    bot_memory_url: str = ""
    bot_secret: str = field(default="", repr=False)
    jwt_secret: str = field(default="", repr=False)
    jwt_public_key: str = field(default="", repr=False)
    jwt_audience: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    embed_origins: tuple[str, ...] = ()
    proxies: int = 0
    proxy_addresses: tuple[str, ...] = NEAR
    old_secret_keys: tuple[str, ...] = field(default=(), repr=False)
    hours: Path | None = None
    callback_capacity: int = 3
    callback_regions: tuple[str, ...] = ("CN", "HK", "MO", "TW")
    stun_urls: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = field(default="", repr=False)
    video_relay: bool = False
    agent_silence: float = 25.0
    desk_assign: str = "by-hand"
    desk_ring: float = 20.0
    desk_overflow: float = 90.0
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    imap_url: str = field(default="", repr=False)
    max_turns: int = 64
    max_streams: int = 5000
    max_uploads: int = 16
    max_signins: int = 4
    db_connections: int = 20
    ops_token: str = field(default="", repr=False)
    hosts: tuple[str, ...] = ()
    wallet_url: str = ""
    wallet_secret: str = field(default="", repr=False)
    wallet_timeout: float = 1.5
    wallet_tls: Files | None = None
    wallet_second: tuple[str, ...] = ()
    wallet_quiet: tuple[int, int] | None = (22 * 60, 8 * 60)
    push_contact: str = ""
    report_to: tuple[str, ...] = ()
    push_hosts: tuple[str, ...] = PUSH_HOSTS
    session_idle: float = 30.0
    session_hours: float = 12.0
    second_factor: tuple[str, ...] = ()
    migrates: bool = True
    seals: bool = True
    oidc: Provider | None = None
    sms_url: str = ""
    sms_secret: str = field(default="", repr=False)
    local_sign_in: tuple[str, ...] | None = None
    bot_keep_days: float = 30
    review: bool = False
    json_log: bool = False
    places: int = 6
    range_times: int = 20
    work_bits: int = 18
    traces: Traces = field(default_factory=Traces)

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read DATABASE_URL, REDIS_URL, SECRET_KEY and XIAOHU_…; raises BadSettings.

        Without SECRET_KEY one is made and kept in var/.
        """
        for name, least in SHORTEST.items():
            if 0 < len(env.get(name, "").encode()) < least:
                raise BadSettings(f"{name} has fewer than {least} characters: it can be guessed")
        var = Path(env.get("XIAOHU_VAR") or ROOT / "var").resolve()
        named = {name: env.get(f"XIAOHU_{name.upper()}", "").strip() for name in VARIABLES}
        settings = cls(
            data=Path(env.get("XIAOHU_DATA") or ROOT / "data").resolve(),
            var=var,
            database_url=env.get("DATABASE_URL", ""),
            redis_url=env.get("REDIS_URL", ""),
            secret_key=env.get("SECRET_KEY") or read_or_make(var / "secret_key"),
            host=env.get("XIAOHU_HOST") or cls.host,
            port=int(number(env, "XIAOHU_PORT", cls.port, 1, 65535)),
            workers=int(number(env, "XIAOHU_WORKERS", cls.workers, 1, 64)),
            base_url=env.get("XIAOHU_BASE_URL", "").rstrip("/"),
            bot_url=bot_url(env),
            bot_timeout=number(env, "XIAOHU_BOT_TIMEOUT", cls.bot_timeout, 0.1, 60),
            bot_memory_url=env.get("XIAOHU_BOT_TRACKER_URL", ""),
            bot_secret=env.get("XIAOHU_BOT_SECRET", ""),
            jwt_secret=env.get("XIAOHU_JWT_SECRET", ""),
            jwt_public_key=pem(env, "XIAOHU_JWT_PUBLIC_KEY"),
            jwt_audience=env.get("XIAOHU_JWT_AUDIENCE", ""),
            variables={name: value for name, value in named.items() if value},
            embed_origins=listed(env, "XIAOHU_EMBED_ORIGINS"),
            proxies=int(number(env, "XIAOHU_PROXIES", 0, 0, 9)),
            proxy_addresses=networks(env, "XIAOHU_PROXY_ADDRESSES") or NEAR,
            old_secret_keys=listed(env, "XIAOHU_OLD_SECRET_KEYS"),
            hours=Path(env["XIAOHU_HOURS"]).resolve() if env.get("XIAOHU_HOURS") else None,
            callback_capacity=int(number(env, "XIAOHU_CALLBACK_CAPACITY", 3, 1, 1000)),
            callback_regions=listed(env, "XIAOHU_CALLBACK_REGIONS") or cls.callback_regions,
            stun_urls=listed(env, "XIAOHU_STUN_URLS"),
            turn_urls=listed(env, "XIAOHU_TURN_URLS"),
            turn_secret=env.get("XIAOHU_TURN_SECRET", ""),
            video_relay=choice(env, "XIAOHU_VIDEO_RELAY", ("off", "only")) == "only",
            agent_silence=number(env, "XIAOHU_AGENT_SILENCE", cls.agent_silence, 1, 3600),
            desk_assign=choice(env, "XIAOHU_DESK_ASSIGN", ("by-hand", "offered")),
            desk_ring=number(env, "XIAOHU_DESK_RING", cls.desk_ring, 5, 300),
            desk_overflow=number(env, "XIAOHU_DESK_OVERFLOW", cls.desk_overflow, 0, 3600),
            smtp_url=env.get("XIAOHU_SMTP_URL", ""),
            mail_from=env.get("XIAOHU_MAIL_FROM", ""),
            imap_url=env.get("XIAOHU_IMAP_URL", ""),
            ops_token=env.get("XIAOHU_OPS_TOKEN", ""),
            hosts=links.hosts(env),
            wallet_url=env.get("XIAOHU_WALLET_URL", "").rstrip("/"),
            wallet_secret=env.get("XIAOHU_WALLET_SECRET", ""),
            wallet_timeout=number(env, "XIAOHU_WALLET_TIMEOUT", cls.wallet_timeout, 0.1, 10),
            wallet_tls=files_from_env(env),
            wallet_quiet=span(env, "XIAOHU_WALLET_QUIET", cls.wallet_quiet),
            report_to=addresses(env, "XIAOHU_REPORT_TO"),
            push_contact=env.get("XIAOHU_PUSH_CONTACT", "").strip(),
            push_hosts=listed(env, "XIAOHU_PUSH_HOSTS") or PUSH_HOSTS,
            wallet_second=words(env, "XIAOHU_WALLET_SECOND", DEEDS),
            session_idle=number(env, "XIAOHU_SESSION_IDLE", cls.session_idle, 1, 1440),
            session_hours=number(env, "XIAOHU_SESSION_HOURS", cls.session_hours, 0.1, 168),
            second_factor=words(env, "XIAOHU_SECOND_FACTOR", ROLES),
            max_turns=int(number(env, "XIAOHU_MAX_TURNS", cls.max_turns, 1, 10_000)),
            max_streams=int(number(env, "XIAOHU_MAX_STREAMS", cls.max_streams, 1, 100_000)),
            max_uploads=int(number(env, "XIAOHU_MAX_UPLOADS", cls.max_uploads, 1, 1000)),
            max_signins=int(number(env, "XIAOHU_MAX_SIGNINS", cls.max_signins, 1, 1000)),
            db_connections=int(number(env, "XIAOHU_DB_CONNECTIONS", cls.db_connections, 2, 1000)),
            bot_keep_days=number(env, "XIAOHU_BOT_KEEP_DAYS", cls.bot_keep_days, 0, 36500),
            json_log=choice(env, "XIAOHU_LOG", ("text", "json")) == "json",
            review=choice(env, "XIAOHU_REVIEW", ("off", "on")) == "on",
            sms_url=env.get("XIAOHU_SMS_URL", "").strip(),
            sms_secret=env.get("XIAOHU_SMS_SECRET", ""),
            oidc=Provider.from_env(env),
            local_sign_in=local_sign_in(env),
            seals=choice(env, "XIAOHU_SEAL", ("on", "off")) == "on",
            places=int(number(env, "XIAOHU_PLACES", cls.places, 1, 100_000)),
            range_times=int(number(env, "XIAOHU_RANGE_TIMES", cls.range_times, 0, 100_000)),
            work_bits=int(number(env, "XIAOHU_WORK_BITS", cls.work_bits, 1, 40)),
            traces=traces(env),
            migrates=choice(env, "XIAOHU_MIGRATE", ("start", "step")) == "start",
        )
        agree(settings)
        return settings

    @property
    def database(self) -> str:
        """The database's URL, SQLite in `var` by default."""
        return self.database_url or f"sqlite:///{self.var / 'xiaohu.db'}"

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database; None for another kind."""
        scheme, _, path = self.database.partition(":///")
        return Path(path) if scheme == "sqlite" and path and path != ":memory:" else None

    @property
    def prefix(self) -> str:
        """The path that the site stands below, "" for the root."""
        return prefix_of(self.base_url)

    @property
    def link_places(self) -> links.Places:
        """Where links may lead, and which of those places is our own."""
        return links.Places(urlsplit(self.base_url).netloc.lower(), self.hosts)

    @property
    def pictures(self) -> Path:
        """The folder of customers' pictures."""
        return self.var / "attachments"

    @property
    def bot_memory(self) -> str:
        """The database of the bot's memory, from which an erased conversation goes too."""
        return self.bot_memory_url or f"sqlite:///{self.var / 'bot' / 'tracker.db'}"

    @property
    def session_limits(self) -> SessionLimits:
        """How long the staff stay signed in."""
        return SessionLimits(
            timedelta(minutes=self.session_idle), timedelta(hours=self.session_hours)
        )

    @property
    def handing_out(self) -> Rule | None:
        """How cases are offered to agents; None where these take them by hand."""
        if self.desk_assign == "by-hand":
            return None
        ring, overflow = timedelta(seconds=self.desk_ring), timedelta(seconds=self.desk_overflow)
        return Rule(rings=ring, overflow=overflow)

    @property
    def silence(self) -> timedelta:
        """How long an agent may be silent."""
        return timedelta(seconds=self.agent_silence)
