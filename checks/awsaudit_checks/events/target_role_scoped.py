from collections.abc import Iterator, Sequence

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, unread_controls
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.iam import Role
from awsaudit_checks.events.invocation import role_of
from awsaudit_checks.events.rule import refuse_managed
from awsaudit_checks.events.scope import Excess, excess_of, narrowing, targets_of
from awsaudit_checks.sns.audience import problems_of


@check(
    "events-target-role-scoped",
    title="Target roles can only reach their target",
    severity=Severity.MEDIUM,
    uses=(
        *RIGHTS, Target.id, Target.destination, Target.role_arn, Target.task_definition_arn, Target.task_arn,
        Target.task_role_arns,
    ),
    remediation=Remediation(
        text="Let the role do what its targets take, on the ARNs of these targets. There is no command for a role that others "
        "than EventBridge may assume: they may need the rest.",
        cli=None,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html",
    ),
)  # fmt: skip
def target_role_scoped(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    Whoever may change a rule uses its role: with rights on more than the targets, a rule is a way to start any pipeline,
    function or task of the account. Rights on the targets of the rules that share the role pass, for ECS on all revisions
    of the task and on passing its roles, and so does writing logs and traces, and using keys that are named. Rules of AWS
    services are not judged.
    """
    refuse_managed(rule)
    arns = dict.fromkeys(arn for target in account.children(rule, Target) if (arn := role_of(target, rule)))
    roles = [
        role for arn in arns if (role := account.by_arn(Role, arn)) and not role.path.startswith("/aws-service-role/")
    ]
    if not roles:
        raise NotApplicable("no target has a role of the account's own")
    yield from problems_of(roles, lambda role: _wide(role, rule, account))


def _wide(role: Role, rule: Rule, account: Inventory) -> Problem | None:
    targets = tuple(targets_of(role, account))
    excess = excess_of(role, targets, account)
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""

    return _problem(rule, role, excess, targets, hidden) if excess else None


def _problem(rule: Rule, role: Role, excess: Sequence[Excess], targets: Sequence[Target], hidden: str) -> Problem:
    first = excess[0]
    by = f"{first.held.policy.name}, {first.statement.label}"
    commands, fill = narrowing(role, excess, targets)

    return Problem(
        f"the role {role.name} may do {first.action} on {first.resource}: {by}{hidden}",
        expected="its targets only",
        found=f"{first.action} on {first.resource}",
        sub_key=role.name,
        path=(
            Hop(rule.arn, Rule.type),
            Hop(role.arn, Role.type, "EventBridge assumes it"),
            Hop(first.resource, "what it may reach", f"{first.action}: {by}", holds=False),
        ),
        fill=fill,
        cli=commands,
    )
