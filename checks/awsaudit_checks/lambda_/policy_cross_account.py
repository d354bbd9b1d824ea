from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, zone_of
from awsaudit.resources.lambda_ import Function, FunctionAlias
from awsaudit_checks.exposed import crossing, exposure_of, foreign
from awsaudit_checks.lambda_.share import REMOVE, filled, removal, shared, told


@check(
    "lambda-policy-cross-account",
    title="Functions are invokable only from known accounts",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Remove the statement, or name the account under [trust] accounts if it is yours.",
        cli=REMOVE,
        url="https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    ),
)
def policy_cross_account(callee: Function | FunctionAlias, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever the policy names runs the function from an account that you do not control, be it by a topic, a bucket or a rule
    there. Your own account, those of your organization and those under ``[trust]`` pass. A principal that was deleted lets
    nobody in, and is low. Policies of aliases are judged as their own.
    """
    found = exposure_of(shared(callee), account)
    if found is None:
        return
    yield from told(callee, foreign(crossing(found), account), expected="known accounts only")
    for statement, unique_id in found.stale:
        yield Problem(
            f"{statement.label} of its policy names {unique_id}, a principal that was deleted",
            expected="principals that exist",
            found=unique_id,
            sub_key=f"{statement.sid} {unique_id}".strip(),
            severity=Severity.LOW,
            cli=removal(callee),
            fill=filled(callee, statement),
        )
    unseen = zone_of(account).unseen
    for opening in crossing(found):
        if opening.known is None:
            yield Note(f"it lets {opening.who} in too; whether that is the organization's could not be seen: {unseen}")
