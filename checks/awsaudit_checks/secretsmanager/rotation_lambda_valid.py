from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import (
    FUNCTIONS,
    RIGHTS,
    SECRETS,
    Decision,
    answer,
    answer_service,
    exposure,
    question,
    readable,
    settled,
)
from awsaudit.resources.iam import Role
from awsaudit.resources.lambda_ import Function
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_replica


_SERVICE: Final = "secretsmanager.amazonaws.com"
_INVOKE: Final = "lambda:InvokeFunction"
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
_NEEDED: Final = (
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
)
_PERMIT: Final = (
    "aws lambda add-permission --region {region} --function-name {function} --statement-id secretsmanager-rotation "
    "--action lambda:InvokeFunction --principal secretsmanager.amazonaws.com --source-account {account}"
)


@check(
    "secretsmanager-rotation-lambda-valid",
    title="The rotation function exists and can be invoked",
    severity=Severity.HIGH,
    uses=(*FUNCTIONS, *RIGHTS, *SECRETS, Function.role_arn),
    remediation=Remediation(
        text="Let Secrets Manager call the function, and let the function's role read and write the secret; name another "
        "function where it is gone.",
        cli=_PERMIT,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html",
    ),
)
def rotation_lambda_valid(secret: Secret, account: Inventory) -> Iterator[Problem | Note]:
    """
    Rotation that cannot start, or whose function may not write the new value, fails quietly: the old credential stays in
    force. Followed are the function, its policy towards Secrets Manager, and what its role may do to this secret.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    if not secret.rotates:
        raise NotApplicable("its rotation is off")
    if not secret.rotation_function:
        raise NotApplicable("AWS rotates it without a function of yours")
    start = (Hop(secret.arn, Secret.type),)
    arn, qualifier = _unqualified(secret.rotation_function)
    function = account.by_arn(Function, arn)
    if function is None:
        lost = Hop(secret.rotation_function, Function.type, "rotates it; it does not exist", holds=False)
        yield Problem("its rotation function does not exist", expected="a function", found=arn, path=(*start, lost))
        return
    if qualifier:
        raise Undecided(f"it is rotated by {qualifier} of {function.name}, whose own policy is not read", start)
    invoked = answer_service(question(_INVOKE, function, account), _SERVICE, secret.arn, secret.account)
    if not settled(invoked, conditional=True):
        yield _closed(function, invoked, start)
        return
    called = Hop(function.arn, Function.type, f"{_INVOKE}: {invoked.allowed_by[0]}")
    yield from _of_role(secret, function, (*start, called), account)
    if _by_any_account(function, account):
        yield Note(f"{function.name} lets Secrets Manager of any account call it; bind it to {secret.account}")


def _unqualified(arn: str) -> tuple[str, str]:
    parts = arn.split(":")
    return ":".join(parts[:7]), ":".join(parts[7:])


def _closed(function: Function, decision: Decision, start: tuple[Hop, ...]) -> Problem:
    why = (
        f"denied by {decision.denied_by[0]}"
        if decision.denied_by
        else "its policy does not let Secrets Manager call it"
    )
    return Problem(
        f"Secrets Manager may not call {function.name}: {why}",
        expected="lambda:InvokeFunction for secretsmanager.amazonaws.com",
        found=why,
        path=(*start, Hop(function.arn, Function.type, f"{_INVOKE}: {why}", holds=False)),
        fill={} if decision.explicit else {"function": function.arn},
    )


def _of_role(secret: Secret, function: Function, path: tuple[Hop, ...], account: Inventory) -> Iterator[Problem]:
    role = account.by_arn(Role, function.role_arn)
    if role is None:
        lost = Hop(function.role_arn, Role.type, "the function's role does not exist", holds=False)
        yield Problem(f"the role of {function.name} does not exist", found=function.role_arn, path=(*path, lost))
        return
    for action in _NEEDED:
        decision = answer(question(action, secret, account), role, account)
        if not settled(decision, conditional=True):
            stop = Hop(role.arn, Role.type, f"may not {action}", holds=False)
            yield Problem(
                f"the role {role.name} of {function.name} may not {action} on it",
                expected=", ".join(_NEEDED),
                found=f"no {action}",
                path=(*path, stop),
            )
            return


def _by_any_account(function: Function, account: Inventory) -> bool:
    asked = question(_INVOKE, function, account)
    policy = readable(asked.own)
    if policy is None:
        return False
    found = exposure(policy, owner=account.account, resource=function.arn, actions=[_INVOKE])

    return any(opening.service == _SERVICE for opening in found.deputies)
