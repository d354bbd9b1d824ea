from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Level, Opening, Policy, Statement
from awsaudit.resources.lambda_ import Function, FunctionAlias
from awsaudit_checks.exposed import exposure_of, path_of, policy_of
from awsaudit_checks.lambda_.share import INVOKE, OF_ALIAS, Callee, filled, has_token, invokers, removal, shared
from awsaudit_checks.statement import buckets_alone


# What invokes functions as a service and says for which resource.
# https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
_SENDERS: Final = frozenset(
    {
        "s3", "sns", "events", "logs", "apigateway", "iot", "ses", "config", "elasticloadbalancing", "cognito-idp",
        "codecommit", "secretsmanager",
    }
)  # fmt: skip
_OPEN_TO_MANY: Final = frozenset({"s3", "sns"})
# What says, of each, that it acts for something of the account; the others are bound by the account's id.
_SOURCES: Final[Mapping[str, str]] = {
    "sns": "sns", "events": "events", "logs": "logs", "apigateway": "execute-api", "iot": "iot",
    "elasticloadbalancing": "elasticloadbalancing", "cognito-idp": "cognito-idp", "codecommit": "codecommit",
}  # fmt: skip
_ADD: Final = (
    "aws lambda add-permission --region {region} --function-name {function} --statement-id {new} "
    "--action lambda:InvokeFunction --principal {service}"
)


@check(
    "lambda-policy-service-unpinned",
    title="Service grants on functions name their source",
    severity=Severity.MEDIUM,
    uses=ZONE,
    equivalents=("prowler:awslambda_function_not_publicly_accessible",),
    remediation=Remediation(
        text="Bind the statement to the bucket, topic, rule or API by --source-arn, and for a bucket to its account as well; the "
        "command binds it to the account, and removes the old one.",
        cli=None,
        url="https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
    ),
)
def policy_service_unpinned(callee: Function | FunctionAlias, account: Inventory) -> Iterator[Problem]:
    """
    A statement for a service as such admits it on behalf of every customer: anybody's topic, bucket or rule then runs the
    function with input of their own. One that names a source, its account or its organization passes. The ARN of a bucket
    tells no account, so that its next owner is let in once it is deleted: that alone is low. Services that do not say what
    they act for are not judged.
    """
    asked = shared(callee)
    policy, found = policy_of(asked), exposure_of(asked, account)
    if policy is None or found is None or not invokers(callee) & _SENDERS:
        raise NotApplicable("its policy names no service that says what it acts for")
    for opening in found.deputies:
        if opening.level is Level.PUBLIC and _sender(opening) in _SENDERS and not has_token(opening.statement):
            yield _unbound(callee, opening)
    for bucket in buckets_alone(policy):
        yield _by_bucket(callee, policy, bucket)


def _unbound(callee: Callee, opening: Opening) -> Problem:
    statement, sender = opening.statement, _sender(opening)
    source = f"arn:{callee.partition}:{_SOURCES.get(sender)}:{callee.region}:{callee.account}:*"
    options = {"source": source} if sender in _SOURCES else {"owner": callee.account}

    return Problem(
        f"{statement.label} of its policy lets {opening.service} act for anybody: {opening.example}",
        expected="aws:SourceArn or aws:SourceAccount",
        found=f"{opening.service} for anybody",
        sub_key=f"{statement.sid} {opening.service}".strip(),
        severity=Severity.HIGH if sender in _OPEN_TO_MANY else None,
        path=path_of(opening, callee.arn, type(callee).type),
        cli=_command(callee, options),
        fill={} if statement.conditions else _fill(callee, statement, options),
    )


def _by_bucket(callee: Callee, policy: Policy, bucket: str) -> Problem:
    statement = next(s for s in policy.statements if any(bucket in c.values for c in s.conditions))
    options = {"source": bucket, "owner": callee.account}
    alone = sum(len(condition.values) for condition in statement.conditions) == 1

    return Problem(
        f"the ARN of {bucket} tells no account: once the bucket is deleted, its next owner runs the function",
        expected="aws:SourceAccount beside it",
        found=bucket,
        sub_key=bucket,
        severity=Severity.LOW,
        cli=_command(callee, options),
        fill=_fill(callee, statement, options) if alone else {},
    )


def _command(callee: Callee, options: Mapping[str, str]) -> str:
    """Return the command that grants the same with *options*, then removes the old statement."""
    bound = _ADD + (OF_ALIAS if isinstance(callee, FunctionAlias) else "")
    bound += " --source-arn {source}" if "source" in options else ""
    bound += " --source-account {owner}" if "owner" in options else ""

    return f"{bound} && {removal(callee)}"


def _fill(callee: Callee, statement: Statement, options: Mapping[str, str]) -> Mapping[str, str]:
    """Return what fills it; nothing where the old statement says more than the new one would."""
    known = filled(callee, statement)
    plain = statement.allow and statement.actions == (INVOKE,) and not statement.not_actions
    if not known or not plain:
        return {}
    service = next(entry.text for entry in statement.principals or ())

    return {**known, **options, "new": f"{statement.sid[:94]}-bound", "service": service}


def _sender(opening: Opening) -> str:
    """Return the first label of a service's name; the others may tell a region, or China."""
    return (opening.service or "").partition(".")[0]
