from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import (
    DIRECT,
    RIGHTS,
    SECRETS,
    ZONE,
    Level,
    Policy,
    PolicyKind,
    PolicySet,
    Principal,
    Request,
    Statement,
    answer,
    evaluate,
    exposure,
    holders,
    is_administrator,
    key_layers,
    key_named,
    parse_policy,
    principal_of,
    question,
    readable,
    settled,
    zone_of,
)
from awsaudit.access.policy import Form
from awsaudit.resources.iam import Role, User
from awsaudit.resources.kms import Key
from awsaudit.resources.secretsmanager import Secret


_DECRYPT: Final = "kms:Decrypt"


@check(
    "secretsmanager-key-policy-scoped",
    title="Keys behind secrets are usable only via Secrets Manager by intended principals",
    severity=Severity.MEDIUM,
    uses=(*SECRETS, *RIGHTS, *ZONE, Secret.deleted),
    remediation=Remediation(
        text="Bind the statement to Secrets Manager with kms:ViaService (secretsmanager.REGION.amazonaws.com) and to the "
        "account with kms:CallerAccount, or take the principal out of it.",
        cli=None,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    ),
)
def key_policy_scoped(key: Key, account: Inventory) -> Iterator[Problem]:
    """
    The key is the second lock of a secret. Whoever may decrypt with it by any way, and may not read a single secret that it
    locks, holds a right that serves nothing but copies of the ciphertext. Statements that go through Secrets Manager only
    pass, and so does the default one that leaves it to IAM.
    """
    secrets = tuple(_locked_by(key, account))
    if not secrets:
        raise NotApplicable("it encrypts no secret")
    if key.manager != "CUSTOMER":
        raise NotApplicable("AWS manages the key and its policy")
    policy = readable(key_layers(key)[0])
    if policy is None:
        return
    yield from _from_outside(key, policy, secrets, account)
    yield from _from_inside(key, policy, secrets, account)


def _locked_by(key: Key, account: Inventory) -> Iterator[Secret]:
    for secret in account.every(Secret, key.region):
        if secret.kms_key_id and not secret.deleted and _names(secret.kms_key_id, key, account):
            yield secret


def _names(reference: str, key: Key, account: Inventory) -> bool:
    if reference.startswith("arn:") and f":{key.account}:" not in reference:
        return False

    return key_named(reference, key.region, account) is key


def _from_outside(key: Key, policy: Policy, secrets: tuple[Secret, ...], account: Inventory) -> Iterator[Problem]:
    found = exposure(policy, owner=key.account, trusted=zone_of(account), resource=key.arn, actions=[_DECRYPT])
    for opening in found.openings:
        whole = opening.level is Level.PUBLIC or opening.who.startswith("account ")
        if (
            whole
            and opening.known is not True
            and not opening.deputy
            and _directly(opening.witness.principal, key, policy)
        ):
            yield Problem(
                f"{opening.statement.label} of its policy lets {opening.who} decrypt by any way; it locks "
                f"{_many(secrets)}",
                expected="kms:ViaService and kms:CallerAccount",
                found=opening.who,
                sub_key=f"{opening.statement.sid} {opening.who}".strip(),
                path=(
                    Hop(opening.who, "outside"),
                    Hop(key.arn, Key.type, f"{policy.name}, {opening.statement.label}"),
                    Hop(secrets[0].arn, Secret.type, "is encrypted with it"),
                ),
            )


def _from_inside(key: Key, policy: Policy, secrets: tuple[Secret, ...], account: Inventory) -> Iterator[Problem]:
    for statement, holder in _named_holders(policy, account):
        if not _directly(principal_of(holder, account), key, policy) or is_administrator(holder, account):
            continue
        if any(_reads(holder, secret, account) for secret in secrets):
            continue
        yield Problem(
            f"{statement.label} of its policy lets {holder.name} decrypt by any way, and it may read none of "
            f"{_many(secrets)}",
            expected="principals that read the secrets, through Secrets Manager",
            found=holder.arn,
            sub_key=holder.arn,
            path=(
                Hop(holder.arn, type(holder).type),
                Hop(key.arn, Key.type, f"{policy.name}, {statement.label}"),
                Hop(secrets[0].arn, Secret.type, "may not be read", holds=False),
            ),
        )


def _named_holders(policy: Policy, account: Inventory) -> Iterator[tuple[Statement, Role | User]]:
    named: dict[str, Statement] = {}
    for statement in policy.about(_DECRYPT):
        for entry in statement.principals or () if statement.allow else ():
            if entry.form in {Form.ROLE, Form.USER}:
                named.setdefault(entry.text, statement)
    for holder in holders(account) if named else ():
        if holder.arn in named:
            yield named[holder.arn], holder


_ANYTHING: Final = parse_policy(
    {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
    PolicyKind.IDENTITY,
    "a policy of its own account",
)


def _directly(principal: Principal, key: Key, policy: Policy) -> bool:
    """Tell whether *policy* lets *principal* decrypt without going through another service."""
    request = Request(principal, _DECRYPT, key.arn, key.account, DIRECT)
    own: tuple[Policy, ...] = () if principal.account == key.account else (_ANYTHING,)

    return settled(evaluate(request, PolicySet(identity=own, key=policy)))


def _reads(holder: Role | User, secret: Secret, account: Inventory) -> bool:
    return settled(
        answer(question("secretsmanager:GetSecretValue", secret, account), holder, account), conditional=True
    )


def _many(secrets: tuple[Secret, ...]) -> str:
    names = ", ".join(secret.name for secret in secrets[:3])
    return names + (f" and {len(secrets) - 3} more" if len(secrets) > 3 else "")  # noqa: PLR2004 - three are shown
