from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import Decision, is_administrator, readable, trust_of, unread_controls
from awsaudit.access.policy import Form
from awsaudit.access.way import by_what
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.iam import Role
from awsaudit_checks.codepipeline.role import Used, own_roles, way_to
from awsaudit_checks.iam.alone import NOBODY_NAMES
from awsaudit_checks.iam.candidate import CANDIDATES
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.escalation import escalations
from awsaudit_checks.iam.held import bound, inline_of
from awsaudit_checks.iam.recipe import RECIPES, Target
from awsaudit_checks.iam.somewhere import speaks_of
from awsaudit_checks.iam.strength import ask, holds


PIPELINES: Final = "codepipeline.amazonaws.com"
PASS: Final = "iam:PassRole"  # noqa: S105 - an action
# Those that deployments hand roles to, as AWS's own policy for pipelines has them.
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
_SERVICES: Final = (
    "cloudformation.amazonaws.com",
    "ec2.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "elasticbeanstalk.amazonaws.com",
)
# To pass a role to a service that the policy names is what pipelines are for.
_OF_PIPELINES: Final = tuple(recipe for recipe in RECIPES if recipe.target is not Target.PASSED)


@check(
    "codepipeline-role-least-privilege",
    title="The pipeline role is not an administrator",
    severity=Severity.HIGH,
    uses=CANDIDATES,
    remediation=Remediation(
        text="Give each pipeline a role of its own that reads its sources, keeps its artifacts and starts its actions; what "
        "changes resources belongs to roles of actions. Where one statement lets it pass any role, the command binds that "
        "to the services that pipelines deploy with.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html",
    ),
)
def role_least_privilege(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    Whoever can change the pipeline, or what its source and its commands bring along, acts with its role. A role that may do
    everything, can edit its own rights, or passes any role to any service hands over the account. Roles of the account are
    asked, the pipeline's and those of its actions and rules. AWS's own policy passes: it names the services.
    """
    roles = tuple(own_roles(pipeline, account))
    if not roles:
        raise NotApplicable("none of its roles is one of the account")
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    for used, role, words, hop, decision in certain(roles, lambda each: _might(*each, account)):
        fill, cli = _narrowed(role, decision) if decision else ({}, None)
        yield Problem(
            f"{used.does} with the role {role.name}, which may {words}{hidden}",
            expected="the rights that its actions need",
            found=words,
            sub_key=role.arn,
            path=(*way_to(pipeline, used), hop),
            fill=fill,
            cli=cli,
        )


def _might(used: Used, role: Role, account: Inventory) -> tuple[Used, Role, str, Hop, Decision | None] | None:
    if is_administrator(role, account):
        everything = Hop(f"arn:{role.partition}:iam::{role.account}:*", "everything", "it is an administrator")
        return used, role, "do everything", everything, None
    passing = _passes(role, account)
    if passing:
        hop = Hop("any role", Role.type, f"{PASS}: {by_what(passing)}")
        return used, role, "pass any role to any service", hop, passing
    ways = escalations(role, account, _OF_PIPELINES)
    if not ways:
        return None
    way = ways[0]
    best = way.targets[0]
    hop = Hop(best.arn, best.type, f"{', '.join(way.actions)}: {best.by}")

    return used, role, f"make itself mightier: {way.recipe.does.format(best.words)}", hop, None


def _passes(role: Role, account: Inventory) -> Decision | None:
    """Return the decision that lets *role* pass a role that nobody names to a service that there is not."""
    if not speaks_of(role, PASS, account):
        return None
    any_role = f"arn:{account.target.partition}:iam::{account.account}:role/{NOBODY_NAMES}"
    decision = ask(role, PASS, any_role, account, {"iam:PassedToService": f"{NOBODY_NAMES}.amazonaws.com"})

    return decision if holds(decision) else None


def _narrowed(role: Role, passing: Decision) -> tuple[Mapping[str, str], str | None]:
    """Return what binds passing to services, if one inline policy allows it and nobody but pipelines has the role."""
    trust = readable(trust_of(role))
    entries = [e for s in (trust.statements if trust else ()) if s.allow for e in s.principals or ()]
    if not all(e.form is Form.SERVICE and e.text == PIPELINES for e in entries):
        return {}, None
    labels = {(reason.policy, reason.statement) for reason in passing.allowed_by}
    policies = [held for held in inline_of(role) if any(held.policy.name == name for name, _ in labels)]
    if len(policies) != 1 or len({name for name, _ in labels}) != 1:
        return {}, None
    numbers = [s.number for s in policies[0].policy.statements if (policies[0].policy.name, s.label) in labels]
    put = (policies[0].put or "").replace("aws iam put-role-policy", "aws iam put-role-policy --region {region}")

    return bound(policies[0], numbers, PASS, ("StringEquals", "iam:PassedToService", [*_SERVICES])), put or None
