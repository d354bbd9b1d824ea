from collections.abc import Iterator
from typing import TypeAlias

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project
from awsaudit.resources.ecs import Service
from awsaudit.resources.events import Connection
from awsaudit.resources.rds import DBCluster, DBInstance, DBProxy
from awsaudit.resources.secretsmanager import Secret


User: TypeAlias = Service | Project | DBInstance | DBCluster | DBProxy | Connection


@check(
    "secretsmanager-pending-deletion-in-use",
    title="No secret pending deletion is still referenced",
    severity=Severity.HIGH,
    uses=(
        Connection.arn, Connection.secret_arn, DBCluster.arn, DBCluster.master_secret, DBInstance.arn,
        DBInstance.master_secret, DBProxy.arn, DBProxy.secret_arns, Project.name, Project.variables, Service.arn,
        Service.task_definition,
    ),
    remediation=Remediation(
        text="Restore the secret, then take the reference away before you delete it again.",
        cli="aws secretsmanager restore-secret --region {region} --secret-id {arn}",
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
    ),
)  # fmt: skip
def pending_deletion_in_use(secret: Secret, account: Inventory) -> Iterator[Problem]:
    """
    A secret that is to be deleted answers nobody already: tasks, builds, databases and connections that name it fail at
    their next start, and after the window for good. References are looked for in running ECS services, CodeBuild projects,
    RDS and its proxies, and EventBridge connections.
    """
    if not secret.deleted:
        raise NotApplicable("it is not to be deleted")
    found = account.those_of(_users(account), lambda user: names_secret(user, secret))
    if not found:
        for kind in (Service, Project, DBInstance, DBCluster, DBProxy, Connection):
            account.every(kind)
    for user in found:
        yield Problem(
            f"{_word(user)} still names it; it is deleted on {secret.deleted:%Y-%m-%d}",
            expected="no reference",
            found=user.arn,
            sub_key=user.arn,
            path=(Hop(user.arn, type(user).type), Hop(secret.arn, Secret.type, "is named there", holds=False)),
        )


def _users(account: Inventory) -> Iterator[User]:
    yield from account.seen(Service)
    yield from account.seen(Project)
    yield from account.seen(DBInstance)
    yield from account.seen(DBCluster)
    yield from account.seen(DBProxy)
    yield from account.seen(Connection)


def names_secret(user: User, secret: Secret) -> bool:
    """Tell whether *user* names *secret*."""
    return any(_is_about(reference, secret) for reference in _references(user))


def _references(user: User) -> Iterator[str]:
    if isinstance(user, Service):
        yield from user.task_definition.secrets if user.task_definition else ()
    elif isinstance(user, Project):
        yield from (v.reference for v in user.variables if v.kind == "SECRETS_MANAGER" and v.reference)
    elif isinstance(user, DBProxy):
        yield from user.secret_arns
    elif isinstance(user, Connection):
        yield user.secret_arn or ""
    else:
        yield (user.master_secret.arn if user.master_secret else None) or ""


def _is_about(reference: str, secret: Secret) -> bool:
    """
    Tell whether *reference* names *secret*: its ARN or its name, with a JSON key, a version's label and its id behind.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
    https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
    """
    if reference.startswith("arn:"):
        named = ":".join(reference.split(":")[:7])
        # An ARN may be written without the six characters that AWS puts behind the name.
        return named in {secret.arn, secret.arn[: -len("-AbCdEf")]}

    return reference.split(":", maxsplit=1)[0] == secret.name


def _word(user: User) -> str:
    name = user.arn.rpartition(":")[2].rpartition("/")[2]
    return f"{_WORDS[type(user)]} {name}"


_WORDS = {
    Service: "the ECS service",
    Project: "the build project",
    DBInstance: "the database",
    DBCluster: "the database cluster",
    DBProxy: "the database proxy",
    Connection: "the connection",
}
