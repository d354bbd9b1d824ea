from collections.abc import Iterator

from attrs import evolve

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.cloudformation import Stack
from awsaudit.secrets import Hit
from awsaudit_checks.leak import leak


@check(
    "cloudformation-output-secrets",
    title="Stack outputs and parameters hold no secrets",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may describe stacks has read it. Keep the new one in Secrets "
        "Manager, let the template name it as {{resolve:secretsmanager:name}}, and give its ARN as output, not its value. "
        "NoEcho hides a parameter, not an output that repeats it.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html",
    ),
)
def output_secrets(stack: Stack) -> Iterator[Problem]:
    """
    Outputs and parameters of stacks are shown to everybody who may describe stacks, which most read-only roles may, and
    are copied into logs of deployments. A value in the shape of a known credential fails; a random-looking value under a
    telling name is a guess and fails with lower severity. ARNs, dynamic references and what NoEcho hides pass.
    """
    parameters = dict.fromkeys((*stack.parameter_secrets, *stack.resolved_secrets))
    yield from _leaks(parameters, "parameter")
    yield from _leaks(dict.fromkeys(stack.output_secrets), "output")


def _leaks(hits: dict[Hit, None], what: str) -> Iterator[Problem]:
    for hit in hits:
        problem = leak(hit, f"the {what} {hit.name}", Severity.MEDIUM)
        yield evolve(problem, sub_key=f"{what}/{problem.sub_key}")
