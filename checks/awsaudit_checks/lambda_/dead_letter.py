from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.lambda_ import EventInvokeConfig, Function, FunctionAlias
from awsaudit_checks.lambda_.share import invokers


# https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
_ASYNCHRONOUS: Final = frozenset(
    {"events", "sns", "s3", "iot", "logs", "ses", "codecommit", "config", "cloudformation"}
)


@check(
    "lambda-dead-letter",
    title="Asynchronous functions have a DLQ or failure destination",
    severity=Severity.MEDIUM,
    uses=(EventInvokeConfig.dead_letter_arns,),
    equivalents=("prowler:awslambda_function_no_dead_letter_queue",),
    remediation=Remediation(
        text="Name a queue or topic that takes what failed, as destination on failure of the asynchronous invocation: aws "
        "lambda put-function-event-invoke-config with --destination-config, and let the function's role send to it.",
        cli=None,
        url="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    ),
)
def dead_letter(callee: Function | FunctionAlias, account: Inventory) -> Iterator[Problem]:
    """
    Events that come asynchronously are tried three times and then thrown away: a deposit that nobody booked, an alarm that
    nobody got. Functions and aliases are judged that a service which calls so may invoke by their policies. A dead-letter
    queue passes, or a destination on failure of that alias or of the unpublished version.
    """
    services = sorted(invokers(callee) & _ASYNCHRONOUS)
    if not services:
        raise NotApplicable("its policy lets no service in that calls it asynchronously")
    if callee.dead_letter_arns:
        return
    function = callee.parent_resource if isinstance(callee, FunctionAlias) else callee
    qualifier = callee.name if isinstance(callee, FunctionAlias) else "$LATEST"
    configs = account.children(function, EventInvokeConfig) if function else ()
    if any(each.dead_letter_arns for each in configs if each.arn.rpartition(":")[2] == qualifier):
        return
    yield Problem(
        f"what {', '.join(services)} sends is lost where it fails",
        expected="a dead-letter queue or destination on failure",
        found="neither",
    )
