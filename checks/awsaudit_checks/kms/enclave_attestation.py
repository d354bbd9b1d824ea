from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import (
    DIRECT,
    RIGHTS,
    Policy,
    Statement,
    answer,
    identity_of,
    key_layers,
    key_question,
    principal_of,
    settled,
)
from awsaudit.access.match import met
from awsaudit.access.policy import Condition, Unread
from awsaudit.access.request import Context
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import Key


# The operations that encrypt their answer for an enclave; Sign is none of them.
# https://docs.aws.amazon.com/kms/latest/developerguide/services-nitro-enclaves.html
_ATTESTED: Final = ("kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair", "kms:DeriveSharedSecret")
_PREFIX: Final = "kms:recipientattestation:"
_PARENT: Final = frozenset({f"{_PREFIX}pcr3", f"{_PREFIX}pcr4"})
_MEASURES: Final = ("imagesha384", *(f"pcr{n}" for n in range(32)), *(f"nitrotpmpcr{n}" for n in range(24)))
_WITHOUT: Final = DIRECT.with_(absent=(f"{_PREFIX}{name}" for name in _MEASURES))


@check(
    "kms-enclave-attestation",
    title="Keys for enclaves demand attestation",
    severity=Severity.HIGH,
    uses=(
        *RIGHTS,
        Key.policy,
        Key.grants,
        Instance.id,
        Instance.enclave,
        Instance.profile_arn,
        Role.instance_profile_arns,
    ),
    remediation=Remediation(
        text="Bind every statement that lets the host's role use the key to the image of the enclave: StringEqualsIgnoreCase "
        "kms:RecipientAttestation:ImageSha384 or PCR0, with the value that nitro-cli prints when it builds the image.",
        cli=None,
        url="https://docs.aws.amazon.com/kms/latest/developerguide/conditions-nitro-enclaves.html",
    ),
)
def enclave_attestation(key: Key, account: Inventory) -> Iterator[Problem]:
    """
    An enclave protects a key's plaintext only where KMS demands to see which image runs in it; else whoever is on the host
    asks with the same role and needs no enclave. Every statement that opens the key to the role has to carry the measure of
    the image. PCR3 and PCR4 alone measure the host, and are medium; zeros are an enclave in debug mode.
    """
    if key.manager != "CUSTOMER":
        raise NotApplicable("AWS manages the key")
    hosts = {i.profile_arn: i for i in account.every(Instance, key.region) if i.enclave and i.profile_arn}
    if not hosts:
        raise NotApplicable("no instance may run an enclave")
    concerned = False
    for role in account.every(Role):
        host = next((hosts[profile] for profile in role.instance_profile_arns if profile in hosts), None)
        action = host and _usable(role, key, account)
        if host and action:
            concerned = True
            yield from _of_role(role, host, action, key, account)
    if not concerned:
        raise NotApplicable("no enclave's host may use it")


def _usable(role: Role, key: Key, account: Inventory) -> str | None:
    """Return an operation that *role* may do with *key*, attested or not."""
    for action in _ATTESTED:
        if settled(answer(key_question(action, key), role, account), conditional=True):
            return action

    return None


def _of_role(role: Role, host: Instance, action: str, key: Key, account: Inventory) -> Iterator[Problem]:
    arn = f"arn:{host.partition}:ec2:{host.region}:{host.account}:instance/{host.id}"
    start = (Hop(arn, Instance.type, "may run an enclave"), Hop(role.arn, Role.type, "by its instance profile"))
    plain = answer(key_question(action, key, _WITHOUT), role, account)
    if settled(plain):
        yield Problem(
            f"the host {host.id} may {action} without an enclave, by {plain.allowed_by[0]}",
            expected="kms:RecipientAttestation:ImageSha384 or PCR0",
            found="no attestation",
            sub_key=role.arn,
            path=(*start, Hop(key.arn, Key.type, f"{action}: {plain.allowed_by[0]}")),
        )
        return
    measures = _measures(role, action, key, account)
    zeros = [name for name, values in measures.items() if any(set(value) == {"0"} for value in values)]
    if zeros or (measures and set(measures) <= _PARENT):
        what = "an enclave in debug mode" if zeros else "the host, and not the image"
        yield Problem(
            f"its attestation measures {what}: {', '.join(zeros or measures)}",
            expected="kms:RecipientAttestation:ImageSha384 or PCR0 of the image",
            found=", ".join(zeros or measures),
            sub_key=role.arn,
            severity=Severity.CRITICAL if zeros else Severity.MEDIUM,
            path=(*start, Hop(key.arn, Key.type, f"{action}, attested by {', '.join(measures)}")),
        )


def _measures(role: Role, action: str, key: Key, account: Inventory) -> Mapping[str, tuple[str, ...]]:
    """Return the measures that statements demand which may open *key* to *role*."""
    found: dict[str, tuple[str, ...]] = {}
    request = key_question(action, key, Context()).by(principal_of(role, account))
    layers: list[Policy | Unread] = [key_layers(key)[0], *identity_of(role, account)]
    for layer in layers:
        for m in met(layer, request, on=key.arn) if isinstance(layer, Policy) else ():
            for condition in _attesting(m.statement):
                found[condition.key] = condition.values

    return found


def _attesting(statement: Statement) -> Iterator[Condition]:
    for condition in statement.conditions if statement.allow else ():
        if condition.key.startswith(_PREFIX) and not condition.operator.negated:
            yield condition
