from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, may, settled
from awsaudit.resources.iam import Role
from awsaudit_checks.ecr.puller import PULLERS, pullers_of


_PULL: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


@check(
    "ecr-pull-permissions-scoped",
    title="Pull permissions name repositories",
    severity=Severity.LOW,
    uses=(*RIGHTS, *PULLERS),
    remediation=Remediation(
        text="Where teams are to be kept apart, let each node role pull from its repositories only, by a policy of your own "
        "in place of AmazonEC2ContainerRegistryReadOnly; ecr:GetAuthorizationToken needs every resource.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html",
    ),
)
def pull_permissions_scoped(role: Role, account: Inventory, *, strict: bool = False) -> Iterator[Problem | Note]:
    """
    A node that pulls from every repository shows every team's code to whoever is on it. AWS's own policies for nodes are
    that wide, so it is said of a role that passes; with *strict* it fails. Repositories named by prefix pass.
    """
    users = tuple(dict.fromkeys(pullers_of(role.arn, account)))
    if not users:
        raise NotApplicable("no node, Fargate profile or ECS service pulls images with it")
    wide = [action for action in _PULL if settled(may(role, action, account, _everywhere(role)), conditional=False)]
    if wide and strict:
        yield Problem(
            f"{users[0]} may pull from every repository: {', '.join(wide)}",
            expected="repositories by name or prefix",
            found="repository/*",
        )
    elif wide:
        yield Note(f"{users[0]} may pull from every repository")


def _everywhere(role: Role) -> str:
    return f"arn:{role.partition}:ecr:*:{role.account}:repository/*"
