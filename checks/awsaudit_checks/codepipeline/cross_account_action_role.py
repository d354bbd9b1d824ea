from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Policy, trust_of, zone_of
from awsaudit.access.policy import Form
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.iam import Role
from awsaudit_checks.codepipeline.role import Used, used_by, way_to
from awsaudit_checks.iam.certain import certain


@check(
    "codepipeline-cross-account-action-role",
    title="Action roles in other accounts are known accounts",
    severity=Severity.MEDIUM,
    uses=(*ZONE, Role.arn, Role.name, Role.trust),
    remediation=Remediation(
        text="Take the action out of the pipeline, or name the account under [trust] accounts if it is yours. Roles of actions "
        "trust the pipeline's role by its ARN.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html",
    ),
)
def cross_account_action_role(pipeline: Pipeline, account: Inventory) -> Iterator[Problem | Note]:
    """
    An action with a role of another account hands that account the artifacts, and takes from it what it likes: a source or
    a build that a stranger decides on. Roles of the account, of the organization and of accounts that you named pass. An
    own role that trusts the whole account rather than the pipeline's role is remarked.
    """
    roles = [used for used in used_by(pipeline) if used.place]
    if not roles:
        raise NotApplicable("no action of the pipeline has a role of its own")
    abroad = {used.arn: used for used in roles if used.account != account.account}
    yield from certain(abroad.values(), lambda used: _strange(used, pipeline, account))
    for arn in dict.fromkeys(used.arn for used in roles if used.account == account.account):
        yield from _open(arn, account)


def _strange(used: Used, pipeline: Pipeline, account: Inventory) -> Problem | None:
    zone = zone_of(account)
    known = zone.has(used.account)
    if known is None and zone.unseen:
        raise EvidenceMissing(zone.unseen)
    if known:
        return None
    *before, last = way_to(pipeline, used)

    return Problem(
        f"{used.does} with a role of the account {used.account}, which nobody knows: {used.arn}",
        expected="known accounts",
        found=used.account,
        sub_key=used.arn,
        path=(*before, Hop(last.resource, last.type, last.by, holds=False)),
    )


def _open(arn: str, account: Inventory) -> Iterator[Note]:
    """Yield what is odd about the trust of an own role, where that could be seen; nothing hangs on it."""
    role = next((each for each in account.seen(Role) if each.arn == arn), None)
    trust = trust_of(role) if role else None
    statements = trust.about("sts:AssumeRole") if isinstance(trust, Policy) else ()
    if any(s.allow and any(e.form is Form.ACCOUNT for e in s.principals or ()) for s in statements):
        yield Note(f"{arn.rpartition('/')[2]} trusts the whole account, and not the pipeline's role alone")
