from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access.estate import trust_of
from awsaudit.access.question import TOPICS, Question, question
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.iam import Role
from awsaudit.resources.sns import Topic
from awsaudit_checks.events.permission import (
    PUT_ROLE_POLICY,
    PUT_TRUST,
    ROLES,
    assumable,
    holds,
    lets_role,
    lets_service,
    letting,
    role_policy,
    trusting,
    without_key,
)
from awsaudit_checks.health.rule import begin, refuse_other, sharing, topics_of
from awsaudit_checks.sns.audience import problems_of


@check(
    "health-topic-policy-events",
    title="The Health topic lets EventBridge publish",
    severity=Severity.HIGH,
    uses=(Target.id, Target.destination, Target.role_arn, *TOPICS, *ROLES),
    remediation=Remediation(
        text="Let events.amazonaws.com publish to the topic for this rule; where the target has a role, let the role.",
        cli="aws sns set-topic-attributes --region {region} --topic-arn {topic} --attribute-name Policy "
        "--attribute-value {new_policy}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
    ),
)
def topic_policy_events(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    Topics let their own account publish and no service: until the topic's policy names EventBridge, what AWS Health
    announces is dropped, and nothing but a metric of failed invocations says so. A statement for the service passes whose
    conditions fit this rule; a target with a role passes if EventBridge may assume the role and the role may publish.
    """
    refuse_other(rule)
    targets = [target for target in topics_of(rule, account) if account.by_arn(Topic, target.destination)]
    if not targets:
        raise NotApplicable("its topics do not exist")
    yield from problems_of(targets, lambda target: _barred(target, rule, account))


def _barred(target: Target, rule: Rule, account: Inventory) -> Problem | None:
    topic = account.by_arn(Topic, target.destination)
    if topic is None:
        return None
    asked = without_key(question("sns:Publish", topic, account))
    if target.role_arn:
        return _barred_role(target, target.role_arn, asked, rule, account)
    decision = lets_service(asked, rule)
    if holds(decision):
        return None
    rules = [rule.arn, *(other.arn for other in sharing(target, account))]
    why = "denies EventBridge" if decision.explicit else "does not let EventBridge publish for this rule"
    fill = {
        "topic": topic.arn,
        "new_policy": letting(topic.policy, "AWSHealthEvents", ["sns:Publish"], topic.arn, rules),
    }

    return Problem(
        f"the policy of the topic {topic.name} {why}",
        expected="events.amazonaws.com may publish",
        found="denied" if decision.explicit else "not allowed",
        sub_key=target.id,
        fill={} if decision.explicit else fill,
        path=(*begin(rule), Hop(topic.arn, Topic.type, f"target {target.id}: its policy {why}", holds=False)),
    )


def _barred_role(target: Target, role_arn: str, asked: Question, rule: Rule, account: Inventory) -> Problem | None:
    role = account.by_arn(Role, role_arn)
    if role is None:
        return _problem(target, rule, f"the role {role_arn} does not exist", Hop(role_arn, Role.type, holds=False))
    if not holds(assumable(role, rule, account)):
        return _problem(
            target,
            rule,
            f"the role {role.name} does not trust EventBridge",
            Hop(role.arn, Role.type, f"target {target.id}: {trust_of(role).name}", holds=False),
            {"role": role.name, "trust": trusting(role)},
            PUT_TRUST,
        )
    decision = lets_role(asked, role, account)
    if holds(decision):
        return None
    hop = Hop(asked.resource, Topic.type, f"the role {role.name} may not publish", holds=False)
    fill = {
        "role": role.name,
        "policy_name": "publish-health-events",
        "role_policy": role_policy(["sns:Publish"], asked.resource),
    }

    return _problem(
        target,
        rule,
        f"the role {role.name} may not publish to {asked.resource}",
        hop,
        {} if decision.explicit else fill,
        PUT_ROLE_POLICY,
        (Hop(role.arn, Role.type, f"target {target.id}: EventBridge assumes it"),),
    )


def _problem(  # noqa: PLR0913, PLR0917 - the parts of a problem
    target: Target,
    rule: Rule,
    message: str,
    broken: Hop,
    fill: dict[str, str] | None = None,
    cli: str | None = None,
    before: tuple[Hop, ...] = (),
) -> Problem:
    return Problem(
        message,
        expected="a role that EventBridge may assume and that may publish",
        found="not allowed",
        sub_key=target.id,
        fill=fill or {},
        cli=cli,
        path=(*begin(rule), *before, broken),
    )
