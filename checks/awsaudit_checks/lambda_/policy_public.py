from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.lambda_ import Function, FunctionAlias
from awsaudit_checks.exposed import certain, exposure_of
from awsaudit_checks.lambda_.share import REMOVE, has_token, is_about_url, is_of_url, shared, told


@check(
    "lambda-policy-public",
    title="Function policies are not public",
    severity=Severity.CRITICAL,
    uses=ZONE,
    equivalents=("prowler:awslambda_function_not_publicly_accessible",),
    remediation=Remediation(
        text="Remove the statement; grant anew to whom it was meant for, with the account, the organization or the source.",
        cli=REMOVE,
        url="https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    ),
)
def policy_public(callee: Function | FunctionAlias, account: Inventory) -> Iterator[Problem | Note]:
    """
    Anybody with an AWS account then runs the function, with input of their own and with its role. A statement for everybody
    passes where its conditions leave only your account, your organization or one source. Statements that are bound to calls
    by a function's URL are lambda-url-auth's matter. Policies of aliases are judged as their own.
    """
    found = exposure_of(shared(callee), account)
    if found is None:
        return
    public = [o for o in found.public if not is_of_url(o.statement) and not has_token(o.statement)]
    yield from told(
        callee,
        certain(o for o in public if not is_about_url(o)),
        expected="named principals, or conditions that bind who asks",
    )
    for opening in public:
        if is_about_url(opening):
            yield Note(f"{opening.statement.label} of its policy opens whatever URL it is given to everybody")
