from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import (
    REPOSITORIES,
    RIGHTS,
    Policy,
    Statement,
    answer,
    is_administrator,
    question,
    readable,
    settled,
    trust_of,
)
from awsaudit.access.pattern import glob
from awsaudit.access.policy import Form
from awsaudit.resources.ecr import Repository
from awsaudit.resources.iam import Role
from awsaudit_checks.denial import denial


_PUSH: Final = ("ecr:PutImage", "ecr:InitiateLayerUpload")
_DENIED: Final = ("ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload")
_WORKLOADS: Final = {
    "ec2.amazonaws.com": "EC2 instances",
    "ecs-tasks.amazonaws.com": "ECS tasks",
    "pods.eks.amazonaws.com": "pods",
    "lambda.amazonaws.com": "functions",
}


@check(
    "ecr-push-permissions-limited",
    title="Workload roles cannot push images",
    severity=Severity.HIGH,
    uses=(*RIGHTS, *REPOSITORIES),
    remediation=Remediation(
        text="Let builds push and workloads pull. The command denies pushing to the role and leaves its other rights.",
        cli="aws iam put-role-policy --role-name {name} --policy-name deny-image-push --policy-document {document}",
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html",
    ),
)
def push_permissions_limited(role: Role, account: Inventory) -> Iterator[Problem]:
    """
    A workload that may push replaces the image that it, and others, are started from: who breaks into it stays for good.
    Roles of EC2, ECS, Lambda and pods are asked whether they may push to a private repository. Builds and CI pass. With
    ``[trust] ci-roles`` set, any other role that may push is medium.
    """
    if role.path.startswith("/aws-service-role/"):
        raise NotApplicable("it is a service-linked role")
    trust = readable(trust_of(role))
    workload = _workload(trust)
    if workload is None and not _is_stranger(role, trust, account):
        raise NotApplicable("no workload runs with it")
    if is_administrator(role, account):
        raise NotApplicable("it may do everything; administrators are other checks' matter")
    for repository in account.every(Repository):
        for action in _PUSH:
            decision = answer(question(action, repository, account), role, account)
            if settled(decision):
                yield Problem(
                    f"{workload or 'a role outside of CI'} may push to {repository.name}: {action} by "
                    f"{decision.allowed_by[0]}",
                    expected="pulling only",
                    found=action,
                    severity=None if workload else Severity.MEDIUM,
                    path=(
                        Hop(role.arn, Role.type),
                        Hop(repository.arn, Repository.type, f"{action}: {decision.allowed_by[0]}"),
                    ),
                    fill={"document": denial("WorkloadsDoNotPush", _DENIED, ["*"])},
                )
                return


def _workload(trust: Policy | None) -> str | None:
    """Return what runs with a role that *trust* is the trust policy of; None if no workload does."""
    for statement in trust.statements if trust else ():
        if statement.allow:
            found = _of_statement(statement)
            if found:
                return found

    return None


def _of_statement(statement: Statement) -> str | None:
    for entry in statement.principals or ():
        if entry.form is Form.SERVICE and entry.text in _WORKLOADS:
            return _WORKLOADS[entry.text]
        if entry.form is Form.FEDERATED and ":oidc-provider/oidc.eks." in entry.text:
            return "pods"

    return None


def _is_stranger(role: Role, trust: Policy | None, account: Inventory) -> bool:
    """Tell whether *role* is none of those that the configuration lets push."""
    wanted = account.target.trust.ci_roles
    if not wanted or any(glob(pattern).matches(role.arn) for pattern in wanted):
        return False
    entries = [e for s in (trust.statements if trust else ()) for e in s.principals or ()]
    builds = any(e.form is Form.SERVICE and e.text == "codebuild.amazonaws.com" for e in entries)

    return not builds and not any(e.form is Form.FEDERATED for e in entries)
