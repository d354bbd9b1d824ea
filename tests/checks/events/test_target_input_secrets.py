import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.events import Target
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.target_input_secrets import target_input_secrets


TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9" * 2


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"Input": json.dumps({"job": {"deployToken": TOKEN}})}, "Input.job.deployToken"),
        ({"Input": TOKEN}, "Input"),
        (
            {"InputTransformer": {"InputTemplate": f'{{"slot": <slot>, "auth": "{TOKEN}"}}'}},
            "InputTemplate.auth",
        ),
        ({"InputTransformer": {"InputPathsMap": {"key": TOKEN}, "InputTemplate": "<key>"}}, "InputPathsMap.key"),
        ({"HttpParameters": {"HeaderParameters": {"X-Key": TOKEN}}}, "HttpParameters.HeaderParameters.X-Key"),
        ({"HttpParameters": {"QueryStringParameters": {"k": TOKEN}}}, "HttpParameters.QueryStringParameters.k"),
        ({"HttpParameters": {"PathParameterValues": [TOKEN]}}, "HttpParameters.PathParameterValues"),
        ({"RedshiftDataParameters": {"Database": "d", "Sql": f"COPY t FROM 's3://b' '{TOKEN}'"}}, "Sql"),
        ({"RedshiftDataParameters": {"Database": "d", "Sqls": ["SELECT 1", f"SELECT '{TOKEN}'"]}}, "Sqls"),
        (
            {"SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "hub", "Value": TOKEN}]}},
            "PipelineParameterList.hub",
        ),
        (
            {"RunCommandParameters": {"RunCommandTargets": [{"Key": "tag:x", "Values": [TOKEN]}]}},
            "RunCommandTargets.Values",
        ),
    ],
)
def test_flags_a_credential_wherever_a_target_keeps_values(rule, target, fields, name):
    """
    The finding names the place and the kind, and never repeats the value.
    """
    judged = rule()
    (finding,) = run_check(target_input_secrets, judged, target(judged, **fields))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert f"target 1 holds a github-token in {name}: ghp_… (40 characters)" == finding.message
    assert TOKEN not in repr(finding)


def test_grades_a_guess_lower(rule, target):
    """
    A random value under a telling name may be harmless.
    """
    judged = rule()
    value = "q7Zr" + "-91xKfM2wTbn"
    (finding,) = run_check(target_input_secrets, judged, target(judged, Input=json.dumps({"apiKey": value})))

    assert Severity.LOW == finding.severity
    assert finding.message.startswith("target 1 holds what looks like a secret in Input.apiKey: ")


@pytest.mark.parametrize(
    "value",
    [
        {"secretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:validators/signer-AbCdEf"},
        {"secret": "validators/signer-credentials"},
        {"tokenParameter": "/validators/prod/token"},
        {"password": "{{resolve:secretsmanager:signer:SecretString:password}}"},
        {"slot": "$.detail.slot"},
    ],
)
def test_accepts_references(rule, target, value):
    """
    ARNs and names of secrets and parameters, and paths into the event, give nothing away.
    """
    judged = rule()

    assert [Status.PASS] == statuses(run_check(target_input_secrets, judged, target(judged, Input=json.dumps(value))))


def test_does_not_judge_a_rule_without_targets(rule):
    """
    There is nothing to look into.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(target_input_secrets, rule()))


def test_does_not_know_while_targets_are_hidden(rule):
    """
    On an encrypted bus the targets may be refused with the key.
    """
    assert [Status.UNKNOWN] == statuses(run_check(target_input_secrets, rule(), unlisted=[Target]))
