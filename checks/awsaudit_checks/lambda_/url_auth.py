from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Opening
from awsaudit.resources.lambda_ import FunctionUrl
from awsaudit_checks.exposed import Shared, certain, exposure_of, path_of
from awsaudit_checks.lambda_.share import INVOKE_URL, OF_ALIAS


_AUTH_TYPE: Final = "lambda:functionurlauthtype"
_UPDATE: Final = (
    "aws lambda update-function-url-config --region {region} --function-name {function} --auth-type AWS_IAM"
)


@check(
    "lambda-url-auth",
    title="Function URLs require IAM",
    severity=Severity.HIGH,
    uses=ZONE,
    equivalents=("prowler:awslambda_function_url_public",),
    remediation=Remediation(
        text="Let the URL ask for signed requests (AWS_IAM) and grant it to the callers, or put CloudFront with origin access "
        "control before it where browsers call it.",
        cli=_UPDATE,
        url="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    ),
)
def url_auth(url: FunctionUrl, account: Inventory) -> Iterator[Problem | Note]:
    """
    A URL that asks nobody who they are runs the function for whoever finds it, with input of theirs and on your bill; what
    is checked then is up to the code. URLs that want signed requests pass, and those whose policy lets nobody in.
    """
    if url.auth != "NONE":
        return
    found = exposure_of(Shared(url.policy, "the function", url.arn, FunctionUrl.type), account, actions=[INVOKE_URL])
    public = certain(o for o in found.public if _is_for_anybody(o)) if found else ()
    if not public:
        yield Note("it asks nobody who they are, and its policy lets nobody in")
    function, alias = (*url.arn.split(":"), "")[6:8]
    for opening in public[:1]:
        yield Problem(
            f"it asks nobody who they are, and {opening.statement.label} of its policy lets everybody in",
            expected="AWS_IAM",
            found="NONE",
            path=path_of(opening, url.arn, FunctionUrl.type),
            cli=_UPDATE + OF_ALIAS if alias else None,
            fill={"function": function, "qualifier": alias},
        )


def _is_for_anybody(opening: Opening) -> bool:
    """Tell whether the statement is for URLs that ask nobody, or does not say for which."""
    bound = [condition for condition in opening.statement.conditions if condition.key == _AUTH_TYPE]
    return all("none" in {value.lower() for value in condition.values} for condition in bound)
