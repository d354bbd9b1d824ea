import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import (
    RIGHTS,
    SECRETS,
    PolicySet,
    Request,
    answer,
    evaluate,
    question,
    readable,
    service,
    settled,
    trust_of,
)
from awsaudit.resources.iam import Role
from awsaudit.resources.rds import DBProxy
from awsaudit.resources.secretsmanager import Secret


_READ: Final = "secretsmanager:GetSecretValue"
_SERVICE: Final = "rds.amazonaws.com"
_ALLOW: Final = "aws iam put-role-policy --region {region} --role-name {role} --policy-name {policy_name} --policy-document {document}"


@check(
    "rds-proxy-secret-readable",
    title="RDS Proxy can read its secrets",
    severity=Severity.MEDIUM,
    uses=(*RIGHTS, *SECRETS, Secret.deleted),
    remediation=Remediation(
        text="Let the proxy's role read the secret and decrypt with its key, and let rds.amazonaws.com assume the role.",
        cli=_ALLOW,
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html",
    ),
)
def proxy_secret_readable(proxy: DBProxy, account: Inventory) -> Iterator[Problem]:
    """
    A proxy that cannot read a user's secret refuses that user's connections, and says so in its own log only. Followed are
    the role's trust in RDS, the secret, what the role may do to it, and its key. A proxy that logs in with IAM has none.
    """
    if not proxy.secret_arns:
        raise NotApplicable("it logs in without secrets")
    start = (Hop(proxy.arn, DBProxy.type),)
    role = account.by_arn(Role, proxy.role_arn) if proxy.role_arn else None
    if role is None:
        lost = Hop(proxy.role_arn or "its role", Role.type, "does not exist", holds=False)
        yield Problem("its role does not exist", found=proxy.role_arn, sub_key="role", path=(*start, lost))
        return
    assumed = Hop(role.arn, Role.type, "reads its secrets with the role")
    if not _is_trusted(role):
        stop = Hop(role.arn, Role.type, f"does not trust {_SERVICE}", holds=False)
        yield Problem(
            f"the role {role.name} does not trust {_SERVICE}", found=role.arn, sub_key="trust", path=(*start, stop)
        )
    for arn in dict.fromkeys(proxy.secret_arns):
        yield from _of_secret(arn, role, (*start, assumed), account)


def _is_trusted(role: Role) -> bool:
    trust = readable(trust_of(role))
    request = Request(service(_SERVICE), "sts:AssumeRole", role.arn, role.account)

    return settled(evaluate(request, PolicySet(resource=trust)), conditional=True)


def _of_secret(arn: str, role: Role, path: tuple[Hop, ...], account: Inventory) -> Iterator[Problem]:
    secret = account.by_arn(Secret, arn)
    if secret is None or secret.deleted:
        what = "does not exist" if secret is None else "is to be deleted"
        yield Problem(
            f"its secret {arn.rpartition(':')[2]} {what}",
            found=arn,
            sub_key=arn,
            path=(*path, Hop(arn, Secret.type, what, holds=False)),
        )
        return
    asked = question(_READ, secret, account)
    decision = answer(asked, role, account)
    if not settled(decision, conditional=True):
        why = f"denied by {decision.denied_by[0]}" if decision.denied_by else decision.missing
        yield Problem(
            f"the role {role.name} cannot read {secret.name}: {why}",
            expected=", ".join(each.action for each in asked.every()),
            found=why,
            sub_key=arn,
            path=(*path, Hop(arn, Secret.type, why, holds=False)),
            fill={} if decision.explicit else _allowing(role, secret, [each.resource for each in asked.also]),
        )


def _allowing(role: Role, secret: Secret, keys: list[str]) -> dict[str, str]:
    statements: list[dict[str, object]] = [{"Effect": "Allow", "Action": _READ, "Resource": secret.arn}]
    if keys:
        statements.append({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": keys})

    return {
        "role": role.name,
        "policy_name": f"read-{secret.name.replace('/', '-').replace('!', '-')}"[:128],
        "document": json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":")),
    }
