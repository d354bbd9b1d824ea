from __future__ import annotations

import json

from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import is_administrator, unread_controls
from awsaudit.resources.iam import Role, User
from awsaudit_checks.exposed import may_do
from awsaudit_checks.iam.candidate import CANDIDATES
from awsaudit_checks.iam.escalation import Escalation, Usable, escalations
from awsaudit_checks.iam.recipe import Target
from awsaudit_checks.iam.trust import refuse_service_linked


DENY_USER: Final = "aws iam put-user-policy --user-name {name} --policy-name {denial} --policy-document {document}"
# An inline policy of a user may have 2,048 characters.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST: Final = 1_500


@check(
    "iam-policy-privilege-escalation",
    title="No principal can escalate to administrator",
    severity=Severity.HIGH,
    uses=CANDIDATES,
    remediation=Remediation(
        text="Take the action from the policy that is named, or narrow its resources to what the work needs. The command "
        "denies it on what makes it dangerous and leaves the rest; a permissions boundary holds for good.",
        cli="aws iam put-role-policy --role-name {name} --policy-name {denial} --policy-document {document}",
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    ),
    equivalents=(
        "prowler:iam_policy_allows_privilege_escalation",
        "prowler:iam_inline_policy_allows_privilege_escalation",
    ),
)
def policy_privilege_escalation(holder: Role | User, account: Inventory) -> Iterator[Problem]:
    """
    Whoever can rewrite their own policies, or make something run as a mightier role, has those rights already. What counts
    is what the principal may do in the end, after Deny, conditions, boundary and control policies, and that the target is
    there: a role that trusts the service and may do more on any resource. Administrators and service-linked roles are not
    judged; a policy that nobody has harms nobody.
    """
    if isinstance(holder, Role):
        refuse_service_linked(holder)
    if is_administrator(holder, account):
        raise NotApplicable("an administrator, who has nothing to gain")
    for way in escalations(holder, account):
        best = way.targets[0]
        yield Problem(
            _message(way, best, account),
            expected="no way to more rights",
            found=may_do(way.actions),
            sub_key=way.recipe.id,
            fill=_denial(way),
            cli=DENY_USER if isinstance(holder, User) else None,
            path=_path(holder, way, best),
        )


def _message(way: Escalation, best: Usable, account: Inventory) -> str:
    others = len(way.targets) - 1
    unread = unread_controls(account)
    return (
        f"with {may_do(way.actions)} it can {way.recipe.does.format(best.words)}, and gains "
        + ("every right" if best.is_administrator else may_do(best.gains))
        + (f"; {others} more such {'target' if others == 1 else 'targets'}" if others else "")
        + ("; the organization's service control policies could not be read" if unread else "")
    )


def _path(holder: Role | User, way: Escalation, best: Usable) -> tuple[Hop, ...]:
    start = Hop(holder.arn, type(holder).type)
    done = Hop(may_do(way.starts), "action", way.started_by)
    there = Hop(
        best.arn,
        best.type,
        "; ".join(filter(None, (f"{may_do((*way.recipe.actions, *best.also))}: {best.by}", best.opened))),
    )
    gained = next(iter(best.gains.items()))
    rights = "every right" if best.is_administrator else may_do(best.gains)

    return (start, *((done,) if way.starts else ()), there, Hop(rights, "rights", gained[1]))


def _denial(way: Escalation) -> Mapping[str, str]:
    """Return what fills the command; nothing where something is made, as its owner knows what for, or too much is needed."""
    if way.recipe.target in {Target.NEW_ROLE, Target.NEW_USER}:
        return {}
    statement = {
        "Effect": "Deny",
        "Action": list(way.recipe.actions),
        "Resource": sorted({target.arn for target in way.targets}),
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))

    return {"denial": f"no-{way.recipe.id}", "document": document} if len(document) <= LONGEST else {}
