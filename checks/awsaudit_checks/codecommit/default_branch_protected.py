import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import (
    DIRECT,
    RIGHTS,
    Decision,
    Question,
    answer,
    holders,
    is_administrator,
    readable,
    trust_of,
    unread_controls,
)
from awsaudit.access.pattern import glob
from awsaudit.access.policy import Form
from awsaudit.resources.codecommit import Repository
from awsaudit.resources.iam import Role, User
from awsaudit_checks.codecommit.branch import reference_of
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.strength import holds


# MergePullRequestBy* is the way in that approval rules guard.
_DIRECTLY: Final = (
    "codecommit:GitPush",
    "codecommit:PutFile",
    "codecommit:CreateCommit",
    "codecommit:DeleteFile",
    "codecommit:MergeBranchesByFastForward",
    "codecommit:MergeBranchesBySquash",
    "codecommit:MergeBranchesByThreeWay",
    "codecommit:DeleteBranch",
)
_BUILDS: Final = ("codebuild.amazonaws.com", "codepipeline.amazonaws.com")
_KEY: Final = "codecommit:References"
_DENY_ROLE: Final = (
    "aws iam put-role-policy --role-name {holder} --region {region} --policy-name {policy} --policy-document {document}"
)
_DENY_USER: Final = (
    "aws iam put-user-policy --user-name {holder} --region {region} --policy-name {policy} --policy-document {document}"
)


@check(
    "codecommit-default-branch-protected",
    title="Direct pushes to the default branch are denied",
    severity=Severity.MEDIUM,
    uses=RIGHTS,
    remediation=Remediation(
        text="Deny what changes the branch without a pull request to everybody who is no administrator. The command does so "
        "for one of them; who works in a group or a permission set is served better there.",
        cli=_DENY_ROLE,
        url="https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-conditional-branch.html",
    ),
)
def default_branch_protected(
    repository: Repository, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    Approval rules are about pull requests: who may push to the branch needs none. Users and roles are asked whether they may
    push to the default branch, commit to it, merge into it without a pull request, or delete it. Administrators, builds and
    the roles that deploy (``[trust] ci-roles``) pass, and so does whom *allowed* names by ARN, with ``*``. Rights that take
    a second factor or a network count: whoever has them has these, too.
    """
    reference = reference_of(repository)
    if reference is None:
        raise NotApplicable("it has no default branch: nothing was pushed yet")
    spared = (*allowed, *account.target.trust.ci_roles)
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    judged = certain(holders(account), lambda holder: _way(holder, repository, reference, account, spared))
    for holder, action, decision in judged:
        by = decision.allowed_by[0]
        yield Problem(
            f"{holder.name} may do {action} on {repository.default_branch} without a pull request: {by}{hidden}",
            expected="pull requests only",
            found=action,
            sub_key=holder.arn,
            path=(Hop(holder.arn, type(holder).type), Hop(repository.arn, Repository.type, f"{action}: {by}")),
            fill={
                "holder": holder.name,
                "policy": f"pull-requests-only-{repository.name}"[:128],
                "document": _denial(repository.arn, reference),
            },
            cli=_DENY_USER if isinstance(holder, User) else None,
        )


def _way(
    holder: Role | User, repository: Repository, reference: str, account: Inventory, spared: tuple[str, ...]
) -> tuple[Role | User, str, Decision] | None:
    """Return by which action *holder* changes the branch directly; None if it does not, or is meant to."""
    if isinstance(holder, Role) and holder.path.startswith("/aws-service-role/"):
        return None
    if any(glob(wanted).matches(holder.arn) for wanted in spared):
        return None
    context = DIRECT.with_({_KEY: reference})
    asked = (Question(action, repository.arn, repository.account, context) for action in _DIRECTLY)
    ways = ((question.action, answer(question, holder, account)) for question in asked)
    found = next(iter(certain(ways, lambda way: way if holds(way[1]) else None, most=1)), None)
    if found is None or is_administrator(holder, account) or (isinstance(holder, Role) and _builds(holder)):
        return None

    return holder, *found


def _builds(role: Role) -> bool:
    """Tell whether *role* is that of builds or pipelines and of nobody else."""
    trust = readable(trust_of(role))
    entries = [e for s in (trust.statements if trust else ()) if s.allow for e in s.principals or ()]

    return bool(entries) and all(e.form is Form.SERVICE and e.text in _BUILDS for e in entries)


def _denial(arn: str, reference: str) -> str:
    # git asks first without naming a branch: that has to go through.
    condition = {"StringEqualsIfExists": {_KEY: [reference]}, "Null": {_KEY: "false"}}
    statement = {
        "Sid": "PullRequestsOnly",
        "Effect": "Deny",
        "Action": list(_DIRECTLY),
        "Resource": arn,
        "Condition": condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
