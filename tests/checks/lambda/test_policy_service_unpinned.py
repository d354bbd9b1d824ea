import pytest

from awsaudit import Severity, Status
from awsaudit.gap import Gap
from awsaudit.resources.lambda_ import FUNCTIONS, Function
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.lambda_.policy_service_unpinned import policy_service_unpinned
from tests.estate import OWN, alone
from tests.functions import ARN, alias, function, grant


BUCKET = "arn:aws:s3:::exports"


def look(callee):
    return run_check(policy_service_unpinned, callee, *alone())


def of(service, **condition):
    return grant({"Service": f"{service}.amazonaws.com"}, **condition)


@pytest.mark.parametrize(
    ("service", "severity", "bound"),
    [
        ("sns", Severity.HIGH, f"--source-arn 'arn:aws:sns:eu-west-1:{OWN}:*'"),
        ("s3", Severity.HIGH, f"--source-account {OWN}"),
        ("events", Severity.MEDIUM, f"--source-arn 'arn:aws:events:eu-west-1:{OWN}:*'"),
        ("apigateway", Severity.MEDIUM, f"--source-arn 'arn:aws:execute-api:eu-west-1:{OWN}:*'"),
        ("secretsmanager", Severity.MEDIUM, f"--source-account {OWN}"),
    ],
)
def test_flags_services_for_anybody(service, severity, bound):
    """
    The new statement is made before the old one goes.
    """
    [finding] = look(function(of(service)))
    add, remove = finding.fix.split(" && ")

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert bound in add
    assert f"--statement-id grant-bound --action lambda:InvokeFunction --principal {service}.amazonaws.com" in add
    assert remove.endswith("--function-name book --statement-id grant")


def test_aliases_are_named():
    """
    In both commands.
    """
    statement = grant({"Service": "sns.amazonaws.com"}, resource=f"{ARN}:live")
    [finding] = look(alias(statement))

    assert 2 == finding.fix.count("--qualifier live")


def test_a_bucket_alone_is_low():
    """
    Its ARN tells no account.
    """
    [finding] = look(function(of("s3", ArnLike={"AWS:SourceArn": BUCKET})))

    assert (Status.FAIL, Severity.LOW, BUCKET) == (finding.status, finding.severity, finding.sub_key)
    assert f"--source-arn {BUCKET} --source-account {OWN}" in finding.fix


@pytest.mark.parametrize(
    "statement",
    [
        grant({"Service": "sns.amazonaws.com"}, "lambda:*"),
        grant({"Service": ["sns.amazonaws.com", "edgelambda.amazonaws.com"]}),
        of("sns", IpAddress={"aws:SourceIp": "0.0.0.0/0"}),
    ],
)
def test_no_command_for_statements_that_say_more(statement):
    """
    The new one would not say all of it.
    """
    [finding] = look(function(statement))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize(
    "statement",
    [
        of("sns", ArnLike={"AWS:SourceArn": f"arn:aws:sns:eu-west-1:{OWN}:topic"}),
        of("secretsmanager", StringEquals={"AWS:SourceAccount": OWN}),
        of("s3", ArnLike={"AWS:SourceArn": BUCKET}, StringEquals={"AWS:SourceAccount": OWN}),
        of("events", StringEquals={"aws:SourceOrgID": "o-abcdefghij"}),
    ],
)
def test_bound_statements_pass(statement):
    """
    By source, account or organization.
    """
    assert [Status.PASS] == statuses(look(function(statement)))


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [of("edgelambda")],
        [of("alexa-appkit", StringEquals={"lambda:EventSourceToken": "amzn1.ask.skill.x"})],
        [grant({"AWS": OWN})],
    ],
)
def test_does_not_concern_others(statements):
    """
    They do not say what they act for.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(function(*statements)))


def test_a_refused_policy_is_unknown():
    """
    It may let anybody's topic in.
    """
    blind = fake(Function, {FUNCTIONS: {"FunctionName": "book", "FunctionArn": ARN}})

    assert isinstance(blind.values["policy"], Gap)
    assert [Status.UNKNOWN] == statuses(look(blind))
