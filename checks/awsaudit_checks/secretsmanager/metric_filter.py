import json

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.secretsmanager import SecretStore
from awsaudit_checks.cloudwatch.chain import ALERTS, COUNT, broken_at, counting, recorded


# What CloudTrail writes where a call was refused.
_REFUSALS: Final = ("AccessDenied", "AccessDeniedException")
_CHANGES: Final = ("DeleteSecret", "PutResourcePolicy", "CancelRotateSecret")
_REFUSED: Final = "refused GetSecretValue"


@check(
    "secretsmanager-metric-filter",
    title="Secret deletion and policy changes are alarmed",
    severity=Severity.MEDIUM,
    uses=ALERTS,
    remediation=Remediation(
        text="Count the calls with a metric filter on the log group of a trail, alarm on the metric, and subscribe whoever "
        "shall look at it; or send them on with a rule of EventBridge, which gets refused reads in the state "
        "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS only.",
        cli=COUNT,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring.html",
    ),
)
def metric_filter(store: SecretStore, account: Inventory) -> Iterator[Problem]:
    """
    Whoever is after secrets tries to read them, opens their policies or takes them away, and leaves a trace each time
    that nobody reads. Deleting a secret, changing its policy, stopping its rotation and a refused read have to reach
    somebody: by a trail, a metric filter, an alarm and a confirmed subscription, or by a rule of EventBridge with a target.
    """
    if not store.secret_arns:
        raise NotApplicable("there are no secrets in the region")
    broken: dict[str, tuple[Hop, ...]] = {}
    unknown: EvidenceMissing | Undecided | None = None
    for call in (*_CHANGES, _REFUSED):
        try:
            path = broken_at(_records(call, store, account), store.region, account)
        except (EvidenceMissing, Undecided) as hidden:
            unknown = unknown or hidden
        else:
            if path:
                broken[call] = path
    if broken:
        yield _problem(broken, store, account)
    elif unknown:
        raise unknown


def _records(call: str, store: SecretStore, account: Inventory) -> tuple[Mapping[str, Any], ...]:
    """Return what CloudTrail may write of *call*."""
    if call != _REFUSED:
        return (recorded("secretsmanager", call, store.region, account),)

    return tuple(
        recorded("secretsmanager", "GetSecretValue", store.region, account, readOnly=True, errorCode=code)
        for code in _REFUSALS
    )


def _problem(broken: Mapping[str, tuple[Hop, ...]], store: SecretStore, account: Inventory) -> Problem:
    path = max(broken.values(), key=len)
    records = [record for call in broken for record in _records(call, store, account)]

    return Problem(
        f"nobody is told of {', '.join(broken)}: {path[-1].by}",
        expected="each call reaches somebody",
        found=f"{len(broken)} of {len(_CHANGES) + 1} do not",
        fill=counting("secretsmanager-changes", _pattern([*broken]), records, store.region, account),
        path=path,
    )


def _pattern(calls: list[str]) -> str:
    named = [
        '($.eventName = "GetSecretValue" && $.errorCode = "AccessDenied*")'
        if call == _REFUSED
        else f"($.eventName = {json.dumps(call)})"
        for call in calls
    ]

    return f'{{ ($.eventSource = "secretsmanager.amazonaws.com") && ({" || ".join(named)}) }}'
