from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.access.estate import attached_to
from awsaudit.access.evaluate import Decision
from awsaudit.access.question import Question
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.logs import LogGroup, LogResourcePolicy
from awsaudit_checks.events.permission import holds, lets_service
from awsaudit_checks.health.log_group import CREATE_GROUP, PUT_POLICY, WRITE, admitting
from awsaudit_checks.health.rule import begin, refuse_other
from awsaudit_checks.repair import statements_of
from awsaudit_checks.sns.audience import problems_of


@check(
    "health-log-group-resource-policy",
    title="The Health log group accepts EventBridge",
    severity=Severity.MEDIUM,
    uses=(
        Target.id,
        Target.destination,
        Target.log_group_policy,
        LogGroup.arn,
        LogResourcePolicy.name,
        LogResourcePolicy.document,
    ),
    remediation=Remediation(
        text="Put a resource policy that lets EventBridge write to the log group; create the group first where it is gone.",
        cli=PUT_POLICY,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
    ),
)
def log_group_resource_policy(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    Rules made by API or Terraform do not bring the policy that the console makes for a log group: the record of what AWS
    Health announced then stays empty. A policy of the account in the region passes, or one of the log group, that lets
    EventBridge create streams and put events; the log group has to exist.
    """
    refuse_other(rule)
    groups = [target for target in account.children(rule, Target) if ":log-group:" in target.destination]
    if not groups:
        raise NotApplicable("the rule has no log group as its target")
    yield from problems_of(groups, lambda target: _closed(target, rule, account))


def _closed(target: Target, rule: Rule, account: Inventory) -> Problem | None:
    arn = target.destination.removesuffix(":*")
    group = account.by_arn(LogGroup, arn)
    decisions = _decisions(arn, target, rule, account)
    allowed = all(holds(decision) for decision in decisions)
    if group is not None and allowed:
        return None
    if not allowed and target.destination.endswith(":*"):
        raise Undecided("the policy of the log group itself cannot be read by an ARN that ends with :*")
    denied = any(decision.explicit for decision in decisions)
    name = arn.partition(":log-group:")[2]
    what = "no resource policy lets EventBridge write to it" if group else "it does not exist"

    return Problem(
        f"no resource policy lets EventBridge write to the log group {name}"
        if group
        else f"the log group {name} does not exist",
        expected="a log group that EventBridge may write to",
        found="no policy" if group else "none",
        sub_key=target.id,
        # Against a Deny one more Allow would not help.
        fill={"group": name, **({} if denied else admitting(arn, account, rule.region))},
        cli=" && ".join([*([] if group else [CREATE_GROUP]), *([] if allowed else [PUT_POLICY])]),
        path=(*begin(rule), Hop(arn, LogGroup.type, f"target {target.id}: {what}", holds=False)),
    )


def _decisions(arn: str, target: Target, rule: Rule, account: Inventory) -> tuple[Decision, ...]:
    """Return whether the policies of the account and that of the log group, taken together, let EventBridge write."""
    documents = [policy.document for policy in account.every(LogResourcePolicy, rule.region)]
    own = target.log_group_policy
    statements = [each for document in (*documents, own) if document for each in statements_of(document)]
    merged = (
        attached_to({"Version": "2012-10-17", "Statement": statements}, f"the log group {arn}") if statements else None
    )
    # Both are asked for a stream.
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    stream = f"{arn}:log-stream:awsaudit"

    return tuple(lets_service(Question(action, stream, rule.account, own=merged), rule) for action in WRITE)
