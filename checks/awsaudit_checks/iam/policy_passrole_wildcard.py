from collections.abc import Iterator, Mapping

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, Decision, is_administrator, unread_controls
from awsaudit.access.way import by_what
from awsaudit.resources.iam import Group, ManagedPolicy, Role, User
from awsaudit_checks.iam.alone import NOBODY_NAMES
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.held import bound, held_by
from awsaudit_checks.iam.recipe import TAKING_A_ROLE
from awsaudit_checks.iam.somewhere import somewhere, speaks_of
from awsaudit_checks.iam.strength import ask, holds
from awsaudit_checks.iam.trust import refuse_service_linked


# A service that there is not: where a role may be passed to it, no condition says to which.
NO_SERVICE = f"{NOBODY_NAMES}.amazonaws.com"


@check(
    "iam-policy-passrole-wildcard",
    title="iam:PassRole is scoped to named roles and services",
    severity=Severity.HIGH,
    uses=(*RIGHTS, Group.arn, ManagedPolicy.version),
    remediation=Remediation(
        text="Name the roles in Resource, and the service in a condition on iam:PassedToService. Where one policy of yours "
        "allows it, the command adds that condition, with the services that the principal can start; add others that it "
        "passes roles to. A managed policy has at most five versions.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
)
def policy_passrole_wildcard(holder: Role | User, account: Inventory) -> Iterator[Problem]:
    """
    Who may pass any role and start something that takes one acts as every role that trusts the service, those of tomorrow
    too. What counts is what the principal may do in the end. Named roles pass, and so does a condition on the service; a
    principal that can start nothing that takes a role passes too. Administrators are not judged.
    """
    if isinstance(holder, Role):
        refuse_service_linked(holder)
    if is_administrator(holder, account):
        raise NotApplicable("an administrator, who may do everything")
    passing = _passes(holder, NO_SERVICE, account)
    started = _started(holder, account) if passing else {}
    if passing and started:
        statements, fill, cli = _bound(holder, passing, list(started), account)
        unread = "; the organization's service control policies could not be read" if unread_controls(account) else ""
        names = ", ".join(started.values())
        yield Problem(
            f"it may pass any role to any service, by {statements}, and start what takes one: {names}{unread}",
            expected="named roles, or a condition on iam:PassedToService",
            found="iam:PassRole on every role",
            fill=fill,
            cli=cli,
            path=(
                Hop(holder.arn, type(holder).type),
                Hop("any role", Role.type, f"iam:PassRole: {statements}"),
                Hop(", ".join(started), "service", names),
            ),
        )


def _passes(holder: Role | User, service: str, account: Inventory) -> Decision | None:
    """Return the decision that lets *holder* pass a role that nobody names to *service*."""
    if not speaks_of(holder, "iam:PassRole", account):
        return None
    role = f"arn:{account.target.partition}:iam::{account.account}:role/{NOBODY_NAMES}"
    decision = ask(holder, "iam:PassRole", role, account, {"iam:PassedToService": service})

    return decision if holds(decision) else None


def _started(holder: Role | User, account: Inventory) -> Mapping[str, str]:
    """Return the actions by which *holder* can start something that takes a role, by the service that takes it."""
    starts = dict.fromkeys((recipe.service, actions[0]) for recipe in TAKING_A_ROLE for actions in recipe.starts)

    def startable(start: tuple[str, str]) -> tuple[str, str] | None:
        service, action = start
        able = speaks_of(holder, action, account) and somewhere(holder, action, account)
        return start if able and _passes(holder, service, account) else None

    found: dict[str, str] = {}
    for service, action in certain(starts, startable):
        found.setdefault(service, action)

    return found


def _bound(
    holder: Role | User, passing: Decision, services: list[str], account: Inventory
) -> tuple[str, Mapping[str, str], str | None]:
    """Return the statements that allow passing in words, and the command that binds them, if they are of one policy."""
    labels = {(reason.policy, reason.statement) for reason in passing.allowed_by}
    policies = [held for held in held_by(holder, account) if any(held.policy.name == name for name, _ in labels)]
    if len(policies) != 1:
        return by_what(passing), {}, None
    held = policies[0]
    numbers = [s.number for s in held.policy.statements if (held.policy.name, s.label) in labels]
    condition = ("StringEquals", "iam:PassedToService", services[0] if len(services) == 1 else services)

    return by_what(passing), bound(held, numbers, "iam:PassRole", condition), held.put
