from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import CONTROL, Policy, PolicyKind, Statement, Unread, control_policies, raise_unread
from awsaudit.resources.organizations import Organization


# What somebody does first who does not want to be seen.
_ACTIONS: Final = (
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "config:StopConfigurationRecorder",
    "config:DeleteConfigurationRecorder",
    "guardduty:DeleteDetector",
    "events:DeleteRule",
    "events:DisableRule",
    "events:RemoveTargets",
)
_EXCEPTIONS: Final = frozenset({"aws:principalarn", "aws:principalorgpaths", "aws:principaltag"})


@check(
    "organizations-scp-protects-logging",
    title="An SCP protects CloudTrail, Config, GuardDuty and Health rules",
    severity=Severity.LOW,
    uses=CONTROL,
    remediation=Remediation(
        text="Deny these actions by a service control policy to everybody but the role that sets the account up.",
        cli=None,
        url="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html",
    ),
)
def scp_protects_logging(organization: Organization, account: Inventory) -> Iterator[Problem]:
    """
    An administrator of the account, or whoever took the place of one, switches the logs off before anything else. A Deny
    from above binds both. It may name single resources, and spare principals by a condition; one finding lists what no
    Deny is about. The management account is bound by no such policy and not judged.
    """
    if not organization.id:
        raise NotApplicable("the account is in no organization")
    if organization.management_account == organization.account:
        raise NotApplicable("service control policies do not bind the management account")
    layers = [layer for level in control_policies(account, PolicyKind.SCP) for layer in level]
    policies = [layer for layer in layers if isinstance(layer, Policy)]
    bare = [action for action in _ACTIONS if not any(_denies(policy, action) for policy in policies)]
    unread = next((layer for layer in layers if isinstance(layer, Unread)), None)
    if bare and unread:
        raise_unread(unread)
    if bare:
        yield Problem(
            f"no service control policy denies {', '.join(bare)}",
            expected="a Deny for each of them",
            found=f"{len(_ACTIONS) - len(bare)} of {len(_ACTIONS)} denied",
        )


def _denies(policy: Policy, action: str) -> bool:
    return any(not s.allow and s.is_about(action) and _spares_some_only(s) for s in policy.statements)


def _spares_some_only(statement: Statement) -> bool:
    """Tell whether conditions of a Deny do no more than to spare principals."""
    return all(c.key.partition("/")[0] in _EXCEPTIONS and c.operator.negated for c in statement.conditions)
