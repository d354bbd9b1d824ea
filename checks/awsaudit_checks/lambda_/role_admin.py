from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, is_administrator, readable, trust_of, unread_controls
from awsaudit.access.pattern import glob
from awsaudit.resources.iam import Role
from awsaudit.resources.lambda_ import Function


_LAMBDA: Final = "lambda.amazonaws.com"
_SHOWN: Final = 5


@check(
    "lambda-role-admin",
    title="Function roles are not administrators",
    severity=Severity.HIGH,
    uses=(*RIGHTS, Function.arn, Function.name, Function.role_arn),
    remediation=Remediation(
        text="Give each function a role with what it needs; IAM Access Analyzer generates a policy out of CloudTrail's events. "
        "Who has to be an administrator belongs under administrators in the configuration.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation.html",
    ),
)
def role_admin(role: Role, account: Inventory) -> Iterator[Problem]:
    """
    Whoever gets to run code in the function, by a dependency, a layer or an input that nobody foresaw, owns the account then.
    Asked is what is left after boundaries and denials. Roles that may not do everything pass, and those that the
    configuration calls administrators.
    """
    trust = readable(trust_of(role))
    named = {entry.text for s in (trust.statements if trust else ()) if s.allow for entry in s.principals or ()}
    if _LAMBDA not in named:
        raise NotApplicable("functions cannot have it")
    found = account.once("lambda.by-role", lambda: _by_role(account)).get(role.arn, ())
    if not found:
        account.every(Function)
        raise NotApplicable("no function has it")
    if any(glob(wanted).matches(role.arn) for wanted in account.target.trust.administrators):
        return
    if is_administrator(role, account):
        names = ", ".join(function.name for function in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
        yield Problem(
            f"{names}{more} may do everything in the account{hidden}",
            expected="the rights that are needed",
            found="administrator",
            path=(
                Hop(found[0].arn, Function.type),
                Hop(role.arn, Role.type, "it runs with the role, an administrator"),
            ),
        )


def _by_role(account: Inventory) -> Mapping[str, tuple[Function, ...]]:
    found: dict[str, tuple[Function, ...]] = {}
    for function in account.seen(Function):
        found[function.role_arn] = (*found.get(function.role_arn, ()), function)

    return found
