from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.kms import Key
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_owned


_CANCEL: Final = "aws kms cancel-key-deletion --region {region} --key-id {key}"
_ENABLE: Final = "aws kms enable-key --region {region} --key-id {key}"
_WORKS: Final = frozenset({"Enabled", "Creating", "Updating"})


@check(
    "secretsmanager-key-available",
    title="The key behind each secret is usable",
    severity=Severity.CRITICAL,
    remediation=Remediation(
        text="Cancel the deletion of the key and enable it. Where the key is gone for good, so is the value: make the "
        "credential anew and put it into the secret under another key.",
        cli=_ENABLE,
        url="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
    ),
)
def key_available(secret: Secret) -> Iterator[Problem]:
    """
    A secret whose key is disabled or about to be deleted cannot be read: the application finds out at its next start. Once
    the key is deleted the value is lost. An enabled key passes; AWS keeps its own keys enabled.
    """
    refuse_deleted(secret)
    refuse_owned(secret)
    if secret.kms_key_id is None:
        raise NotApplicable("it names no key; AWS keeps its own key enabled")
    if secret.key_error:
        state, told = "deleted", "its key is no more: the value cannot be read again"
    elif secret.key_state in _WORKS:
        return
    else:
        state, told = str(secret.key_state), f"its key is {secret.key_state}: the value cannot be read"
    yield Problem(
        told,
        expected="an enabled key",
        found=state,
        severity=Severity.HIGH if state == "Disabled" else None,
        path=(
            Hop(secret.arn, Secret.type),
            Hop(secret.kms_key_id, Key.type, f"encrypts it; it is {state}", holds=False),
        ),
        cli=_repair(state),
        fill={} if state in {"deleted", "Unavailable", "PendingImport"} else {"key": secret.key_id or ""},
    )


def _repair(state: str) -> str | None:
    if state.startswith("Pending") and state != "PendingImport":
        return f"{_CANCEL} && {_ENABLE}"

    return None
