from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, Decision, is_administrator, may, settled, unread_controls
from awsaudit.access.pattern import glob
from awsaudit.access.request import DIRECT
from awsaudit.resources.events import EventBus, Rule
from awsaudit.resources.iam import Role, User


_PUBLISH: Final = "events:PutEvents"
# PutPermission is about no resource, and cannot be granted on one.
_MANAGE: Final = ("events:PutRule", "events:PutTargets", "events:DeleteRule", "events:RemoveTargets")
_UNNAMED: Final = "awsaudit-unnamed"
# An event, and a target, that no policy has in mind: who may do it all the same may do it with any.
_ANY: Final = DIRECT.with_(
    {
        "events:source": _UNNAMED,
        "events:detail-type": _UNNAMED,
        "events:SystemMetadata/AwsSource": _UNNAMED,
        "events:SystemMetadata/AwsDetailType": _UNNAMED,
        "events:TargetArn": _UNNAMED,
    }
)


@check(
    "events-iam-publish-scoped",
    title="Publishing and rule management are granted on named buses and rules",
    severity=Severity.MEDIUM,
    uses=RIGHTS,
    remediation=Remediation(
        text="Name the ARNs of the buses that it publishes to and of the rules that it looks after, or bind the statement to "
        "the sources of its events. Who is to manage all of EventBridge goes under [trust] administrators or ci-roles, or "
        "into the option allowed.",
        cli=None,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html",
    ),
)
def iam_publish_scoped(holder: Role | User, account: Inventory, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    Who may publish to any bus can forge the events on which others act; who may change any rule takes a copy of them, or
    stops what watches the account. Rights on named buses and rules pass, also by a prefix, and so do those for events of
    some sources or types only. Administrators and the roles that deploy, see ``[trust]``, are not judged, nor is whom
    *allowed* names by ARN, with ``*``.
    """
    if isinstance(holder, Role) and holder.path.startswith("/aws-service-role/"):
        raise NotApplicable("it is a service-linked role")
    if any(glob(wanted).matches(holder.arn) for wanted in (*allowed, *account.target.trust.ci_roles)):
        raise NotApplicable("the configuration names it")
    if is_administrator(holder, account):
        raise NotApplicable("it may do everything; administrators are other checks' matter")
    decisions = {action: _on_any(holder, action, account) for action in (_PUBLISH, *_MANAGE)}
    wide = {action: decision for action, decision in decisions.items() if decision.possible and not decision.unread}
    if wide:
        yield _problem(holder, wide, account)
        return
    for decision in decisions.values():
        settled(decision)
    if not any(may(holder, action, account).possible for action in decisions):
        raise NotApplicable("it may neither publish events nor change rules")


def _on_any(holder: Role | User, action: str, account: Inventory) -> Decision:
    """Return whether *holder* may do *action* to a bus or rule that no policy names, in one of the regions."""
    kind = "event-bus" if action == _PUBLISH else "rule"
    decisions = [
        may(
            holder, action, account, f"arn:{holder.partition}:events:{region}:{account.account}:{kind}/{_UNNAMED}", _ANY
        )
        for region in account.regions
    ]

    return next((d for d in decisions if d.allowed), next((d for d in decisions if d.possible), decisions[0]))


def _problem(holder: Role | User, wide: Mapping[str, Decision], account: Inventory) -> Problem:
    action, decision = next(iter(wide.items()))
    by = decision.allowed_by[0]
    what = EventBus.type if action == _PUBLISH else Rule.type
    place = "any bus" if list(wide) == [_PUBLISH] else "any rule" if _PUBLISH not in wide else "any bus and rule"
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""

    return Problem(
        f"may do {', '.join(wide)} on {place}: {by}{hidden}",
        expected="named buses and rules",
        found=f"{', '.join(wide)} on {place}",
        path=(Hop(holder.arn, type(holder).type), Hop(place, what, f"{action}: {by}")),
    )
