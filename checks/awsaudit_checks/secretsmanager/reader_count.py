from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.access import (
    PRINCIPALS,
    RIGHTS,
    SECRETS,
    Decision,
    Through,
    answer,
    holders,
    is_administrator,
    question,
    settled,
    unread_controls,
    ways_into,
)
from awsaudit.resources.iam import Role, User
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_owned


_READ: Final = "secretsmanager:GetSecretValue"
_OUTSIDE: Final = frozenset({"identity provider", "outside"})


@check(
    "secretsmanager-reader-count",
    title="Each secret has few readers",
    severity=Severity.LOW,
    uses=(*PRINCIPALS, *RIGHTS, *SECRETS, Secret.owner, Secret.deleted),
    remediation=Remediation(
        text="Scope the identity policies of those who need not read it, or deny everybody else in the secret's policy, by "
        "aws:PrincipalArn. `awsaudit who-can secretsmanager:GetSecretValue ARN --explain` shows each reader's path.",
        cli=None,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    ),
)
def reader_count(
    secret: Secret, account: Inventory, *, strict: bool = False, most: int = 10
) -> Iterator[Problem | Note]:
    """
    Every reader is a way to the secret, and most were never meant to be one. Readers are counted by what identity policies,
    the secret's policy, its key, boundaries and denials leave; administrators apart. A secret of production that people or
    CI from outside come to by a role fails, with the path; with *strict* so does one with more than *most* readers.
    """
    refuse_deleted(secret)
    refuse_owned(secret)
    readers = dict(_readers(secret, account))
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    if strict and len(readers) > most:
        names = ", ".join(sorted(holder.name for holder in readers)[:5])
        yield Problem(
            f"{len(readers)} principals may read it, {names} and others among them{hidden}",
            expected=f"{most} at most, administrators apart",
            found=str(len(readers)),
            sub_key="count",
        )
    if account.target.trust.is_production(secret.name, secret.tags):
        yield from _from_outside(secret, readers, account)
    elif not strict:
        raise NotApplicable("it is not of production, and readers are counted with strict only")
    yield Note(f"{len(readers)} principals may read it, administrators apart")


def _readers(secret: Secret, account: Inventory) -> Iterator[tuple[Role | User, Decision]]:
    asked = question(_READ, secret, account)
    for holder in holders(account):
        decision = answer(asked, holder, account)
        if settled(decision, conditional=True) and not is_administrator(holder, account):
            yield holder, decision


def _from_outside(secret: Secret, readers: dict[Role | User, Decision], account: Inventory) -> Iterator[Problem]:
    for holder, decision in readers.items():
        if not isinstance(holder, Role):
            continue
        for way in ways_into(holder, account, through=Through.ROLES):
            first = way.hops[0]
            if first.type in _OUTSIDE:
                end = Hop(secret.arn, Secret.type, str(decision.allowed_by[0]) if decision.allowed_by else "")
                yield Problem(
                    f"{first.resource.rpartition(':oidc-provider/')[2]} comes to it from outside, by the role {holder.name}",
                    expected="roles of workloads only",
                    found=holder.arn,
                    sub_key=holder.arn,
                    path=(*way.hops, end),
                )
                break
