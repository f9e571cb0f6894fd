"""What settings have to agree with each other about, whatever each of them says by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.accounts.provider import is_safe
from web.environment import BadSettings
from web.prefix import BadPrefix, prefix_of

if TYPE_CHECKING:
    from web.settings import Settings


def agree(settings: Settings) -> None:
    """Refuse settings of which one needs another that is missing; raises BadSettings."""
    try:
        prefix_of(settings.base_url)
    except BadPrefix as error:
        raise BadSettings(str(error)) from None
    if settings.video_relay and not (settings.turn_urls and settings.turn_secret):
        raise BadSettings("XIAOHU_VIDEO_RELAY=only needs XIAOHU_TURN_URLS, XIAOHU_TURN_SECRET")
    if settings.smtp_url and not settings.mail_from:
        raise BadSettings("XIAOHU_SMTP_URL needs XIAOHU_MAIL_FROM, the sender's address")
    if settings.wallet_tls is not None and not settings.wallet_url.startswith("https:"):
        raise BadSettings(
            "XIAOHU_WALLET_CERT and XIAOHU_WALLET_CA need an XIAOHU_WALLET_URL of https"
        )
    if settings.sms_url and not (settings.sms_secret and settings.base_url):
        raise BadSettings("XIAOHU_SMS_URL needs XIAOHU_SMS_SECRET, and XIAOHU_BASE_URL for links")
    if settings.sms_url and not is_safe(settings.sms_url):
        raise BadSettings(f"XIAOHU_SMS_URL={settings.sms_url!r} is no https address")
    if settings.report_to and not settings.smtp_url:
        raise BadSettings("XIAOHU_REPORT_TO needs XIAOHU_SMTP_URL, by which emails go out")
    if settings.push_contact and not settings.push_contact.startswith(("mailto:", "https:")):
        raise BadSettings("XIAOHU_PUSH_CONTACT is a mailto: or https: address (RFC 8292)")
    if settings.wallet_url and not settings.wallet_secret:
        raise BadSettings("XIAOHU_WALLET_URL needs XIAOHU_WALLET_SECRET, which signs requests")
    signs = settings.jwt_secret or settings.jwt_public_key
    if signs and not settings.jwt_audience and settings.base_url.startswith("https:"):
        raise BadSettings(
            "XIAOHU_JWT_AUDIENCE is needed where XIAOHU_BASE_URL is https: "
            "without it an identity that the wallet signed for another service opens this one"
        )
    if settings.workers > 1 and not settings.redis_url:
        raise BadSettings("XIAOHU_WORKERS > 1 needs REDIS_URL: processes tell each other by it")
