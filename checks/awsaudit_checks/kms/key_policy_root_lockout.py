from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import Policy, Principal, Request, role, root_user, user
from awsaudit.access.match import met
from awsaudit.access.policy import Form
from awsaudit.access.truth import either
from awsaudit.resources.iam import Role, User
from awsaudit.resources.kms import Key
from awsaudit_checks.exposed import policy_of
from awsaudit_checks.kms.share import shared


_CHANGE: Final = "kms:PutKeyPolicy"


@check(
    "kms-key-policy-root-lockout",
    title="A key stays manageable",
    severity=Severity.MEDIUM,
    uses=(Role.arn, User.arn),
    remediation=Remediation(
        text="Nobody can put this right any more but AWS Support. Give other keys a statement for the account's root, which "
        "cannot be deleted, before their last administrator goes.",
        cli=None,
        url="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    ),
)
def key_policy_root_lockout(key: Key, account: Inventory) -> Iterator[Problem]:
    """
    A key whose policy only deleted principals may change is nobody's: it can be neither shared nor taken back, nor deleted.
    A statement for the account's root passes, and so does a user or role that exists, if the conditions can be met by one.
    Keys that are to be deleted are left alone.
    """
    asked = shared(key)
    if key.state in {"PendingDeletion", "PendingReplicaDeletion"}:
        raise NotApplicable("it is to be deleted")
    policy = policy_of(asked)
    if policy is None or _may_change(root_user(key.account, key.partition), policy, key.arn):
        return
    if account.first(Role, lambda r: _may_change(role(r.arn), policy, key.arn)):
        return
    if account.first(User, lambda u: _may_change(user(u.arn), policy, key.arn)):
        return
    outside = _outside(policy, key.account)
    if outside:
        raise Undecided(
            f"only {', '.join(outside)} may change its policy, and whether they exist cannot be seen from here"
        )
    named = sorted({e.text for s in policy.statements if s.allow and s.is_about(_CHANGE) for e in s.principals or ()})
    yield Problem(
        f"nobody who exists may change its policy; it names {', '.join(named)}"
        if named
        else "nobody may change its policy",
        expected="a statement for the account's root",
        found=", ".join(named) or "nobody",
    )


def _may_change(who: Principal, policy: Policy, arn: str) -> bool:
    """Tell whether the key policy does not keep *who* from changing it, be it under a condition; IAM can grant the rest."""
    request = Request(who, _CHANGE, arn)
    found = list(met(policy, request, on=arn))
    allowed = either(*(m.truth for m in found if m.statement.allow))
    denied = either(*(m.truth for m in found if not m.statement.allow))

    return allowed.value is not False and denied.value is not True


def _outside(policy: Policy, own: str) -> tuple[str, ...]:
    """Return whom outside of the account *policy* lets change it."""
    named = (e for s in policy.statements if s.allow and s.is_about(_CHANGE) for e in s.principals or ())
    return tuple(sorted({e.text for e in named if e.form is Form.ANYONE or (e.account and e.account != own)}))
