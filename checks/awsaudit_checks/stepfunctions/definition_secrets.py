from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.stepfunctions import StateMachine
from awsaudit_checks.leak import leak


@check(
    "stepfunctions-definition-secrets",
    title="State machine definitions hold no secrets",
    severity=Severity.CRITICAL,
    equivalents=("prowler:stepfunctions_statemachine_no_secrets_in_definition",),
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may describe the state machine or one of its runs has read it. "
        "Let the task read the new one from Secrets Manager; for an HTTP task put it into the connection.",
        cli=None,
        url="https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html",
    ),
)
def definition_secrets(machine: StateMachine) -> Iterator[Problem]:
    """
    The definition is shown to everybody who may describe the state machine, and what it hands to a task stands in the
    history of each run. A value in the shape of a known credential fails; a random-looking value under a telling name is
    a guess and fails with lower severity. Paths into the input and ARNs of secrets pass. A definition that is encrypted
    with a key which may not be used is unknown.
    """
    for hit in machine.secrets:
        yield leak(hit, f"{hit.name} of its definition" if hit.name else "its definition", Severity.MEDIUM)
