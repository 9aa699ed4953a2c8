"""How decisions about access look: as JSON for scripts (fields are added, never renamed), as words for people."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from monespace_cli.i18n import _
from monespace_cli.record.access import MEASURE, PROFILE, EmergencySwitches, Grant, Policy, Reason, Standing
from monespace_cli.record.codes import CLASS_LABELS, type_codes
from monespace_cli.ui.views import day, moment

REASONS = {
    Reason.HOLDER: _("the holder sees everything"),
    Reason.REPRESENTATIVE: _("a legal representative"),
    Reason.HELPER: _("a helper whom the holder appointed"),
    Reason.AUTHOR: _("deposited it"),
    Reason.ATTENDING: _("the attending physician"),
    Reason.ALLOWED: _("allowed by name"),
    Reason.GENERAL: _("the general setting for practitioners"),
    Reason.EMERGENCY: _("the emergency switches"),
    Reason.SPACE_NOT_ACTIVE: _("the space is not active"),
    Reason.OTHER_PERSON: _("it is about somebody else"),
    Reason.HIDDEN_FROM_REPRESENTATIVES: _("hidden from legal representatives"),
    Reason.BLOCKED: _("blocked"),
    Reason.NO_GRANT: _("nobody allowed it"),
    Reason.GRANT_EXPIRED: _("what was allowed has expired"),
    Reason.PROFESSION: _("not for this profession"),
    Reason.OLDER_THAN_GRANT: _("older than what was allowed"),
    Reason.MASKED: _("hidden"),
    Reason.EMERGENCY_OFF: _("emergency access is switched off"),
}
"""Each rule in words."""


def reason_words(reason: str) -> str:
    """Return a rule in words."""
    return REASONS[Reason(reason)]


def grant_json(grant: Grant) -> dict[str, Any]:
    """Return a grant as JSON-ready data."""
    return {
        "contact": grant.contact or None,
        "start": _iso(grant.start),
        "until": _iso(grant.end),
        "sees_masked": grant.sees_masked,
        "since": _iso(grant.since),
    }


def grant_words(grant: Grant, at: datetime) -> str:
    """Return the conditions of a grant: until when, hidden items included, from when on."""
    until = _("expired {when}") if grant.is_over(at) else _("until {when}")
    said = [
        _("hidden items too") if grant.sees_masked else "",
        _("only what came in since {when}").format(when=moment(grant.since)) if grant.since else "",
        until.format(when=last_moment(grant.end)) if grant.end else "",
    ]
    return ", ".join(filter(None, said))


def last_moment(end: datetime) -> str:
    """Return the last day, or else the last minute, before an end."""
    local = end.astimezone()
    at_midnight = (local.hour, local.minute) == (0, 0)
    return day((local - timedelta(days=1)).date()) if at_midnight else moment(end)


def policy_json(policy: Policy, names: Mapping[str, str], hidden: Iterable[tuple[str, str, frozenset[str]]]) -> dict[str, Any]:
    """Return a policy as JSON-ready data; `names` by actor id, `hidden` as (item or section, title, who still sees it)."""

    def named(grant: Grant) -> dict[str, Any]:
        return {"name": names.get(grant.contact), **grant_json(grant)}

    return {
        "type": "access",
        "space": policy.space,
        "active": policy.is_active,
        "attending": named(policy.attending) if policy.attending else None,
        "general": grant_json(policy.general) if policy.general else None,
        "allowed": [named(grant) for grant in policy.grants],
        "blocked": [{"name": names.get(each), "contact": each} for each in sorted(policy.blocked)],
        "emergency": switches_json(policy.emergency),
        "hidden": [{"item": name, "title": title, "shown_to": sorted(named)} for name, title, named in hidden],
    }


def standing_json(standing: Standing) -> dict[str, Any]:
    """Return how somebody stands to a space as JSON-ready data."""
    return {"reason": str(standing.reason), "grant": grant_json(standing.grant) if standing.grant else None}


def standing_words(standing: Standing, at: datetime) -> str:
    """Return in a few words how somebody stands to a space."""
    words = {
        Reason.ATTENDING: _("as the attending physician"),
        Reason.ALLOWED: _("allowed by name"),
        Reason.GENERAL: _("as every practitioner"),
        Reason.NO_GRANT: _("nothing"),
        Reason.GRANT_EXPIRED: _("nothing any more"),
    }.get(standing.reason, REASONS[standing.reason])
    conditions = grant_words(standing.grant, at) if standing.grant else ""
    return f"{words} ({conditions})" if conditions else words


def switches_json(switches: EmergencySwitches) -> dict[str, bool]:
    """Return the emergency switches as JSON-ready data."""
    return {"samu": switches.samu, "others": switches.others, "masked": switches.masked}


def switch_words(*, on: bool, words: tuple[str, str] = (_("on"), _("off"))) -> str:
    """Return the state of a switch, in the first word or the second."""
    return words[0] if on else words[1]


def code_label(code: str) -> str:
    """Return what a class or type code, `profile` or `measure` stands for; the code itself where nobody knows."""
    known = type_codes().get(code)
    return (
        {PROFILE: _("medical profile"), MEASURE: _("measurements")}.get(code) or CLASS_LABELS.get(code) or (known.label if known else code)
    )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
