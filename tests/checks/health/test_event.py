"""Which events of AWS Health a pattern lets through."""

import pytest

from awsaudit_checks.health.event import HEALTH, sample, takes, takes_abuse, takes_any, takes_category, takes_global


HERE = ("111122223333", "eu-west-1")
ABUSE = "AWS Health Abuse Event"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"source": ["aws.health"]}, True),
        ({"source": ["aws.health"], "detail-type": [HEALTH], "detail": {"service": ["EC2"]}}, True),
        ({"source": ["aws.health"], "detail": {"$or": [{"service": ["EC2"]}, {"service": ["RDS"]}]}}, True),
        ({"source": ["aws.health"], "detail-type": [ABUSE]}, False),
        ({"source": ["aws.health"], "account": ["444455556666"]}, False),
        ({"source": ["aws.health"], "severity": ["high"]}, False),
    ],
)
def test_what_the_sample_leaves_open_narrows_only(pattern, expected):
    """
    A rule for one service is a rule for events of AWS Health; a field that these have not is none of them.
    """
    assert expected is takes(pattern, sample(*HERE))


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ({}, True),
        ({"eventTypeCategory": ["issue"]}, True),
        ({"eventTypeCategory": [{"prefix": "iss"}], "service": ["EC2"]}, True),
        ({"eventTypeCategory": [{"anything-but": ["scheduledChange"]}]}, True),
        ({"$or": [{"eventTypeCategory": ["issue"]}, {"eventTypeCategory": ["scheduledChange"]}]}, True),
        ({"$or": [{"eventTypeCategory": ["scheduledChange"]}, {"service": ["EC2"]}]}, True),
        ({"eventTypeCategory": ["scheduledChange"]}, False),
        ({"eventTypeCategory": [{"anything-but": "issue"}]}, False),
        ({"eventScopeCode": ["ACCOUNT_SPECIFIC"]}, False),
        ({"region": ["eu-west-1"]}, False),
    ],
)
def test_categories(detail, expected):
    """
    An issue that is public; conditions on the service do not matter, a field that the detail has not does.
    """
    pattern = {"source": ["aws.health"], **({"detail": detail} if detail else {})}

    assert expected is takes_category(pattern, "issue", "PUBLIC", *HERE)


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ({"eventRegion": ["global"]}, True),
        ({"eventRegion": [{"anything-but": "eu-west-1"}]}, True),
        ({"service": ["IAM"]}, True),
        ({"eventRegion": ["us-east-1"]}, False),
    ],
)
def test_global_events(detail, expected):
    """
    Their region is called global.
    """
    assert expected is takes_global({"source": ["aws.health"], "detail": detail}, *HERE)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"source": ["aws.health"]}, True),
        ({"source": ["aws.health"], "detail-type": [HEALTH, ABUSE]}, True),
        ({"source": ["aws.health"], "detail-type": [ABUSE], "detail": {"service": ["ABUSE"]}}, True),
        ({"source": ["aws.health"], "detail": {"eventTypeCode": ["AWS_ABUSE_SPAM_REPORT"]}}, True),
        ({"source": ["aws.health"], "detail": {"eventTypeCode": [{"prefix": "AWS_ABUSE_"}]}}, True),
        ({"source": ["aws.health"], "detail-type": [HEALTH]}, False),
        ({"source": ["aws.health"], "detail-type": [HEALTH], "detail": {"service": ["ABUSE"]}}, False),
        ({"source": ["aws.health"], "detail": {"service": ["EC2"]}}, False),
        ({"source": ["aws.health"], "detail": {"eventTypeCode": ["AWS_EC2_OPERATIONAL_ISSUE"]}}, False),
    ],
)
def test_abuse(pattern, expected):
    """
    Reports of abuse have a detail-type of their own.
    """
    assert expected is takes_abuse(pattern, *HERE)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"source": [{"wildcard": "aws.health*"}]}, True),
        ({"source": ["aws.health"], "detail": {"statusCode": ["upcoming"], "personas": ["SECURITY"]}}, True),
        ({"source": ["aws.health"], "detail": {"backupEvent": ["false"], "eventRegion": ["eu-west-1"]}}, True),
        ({"source": ["aws.health*"]}, False),
        ({"source": ["aws.health"], "detail": {"eventTypeCategory": ["investigation"]}}, False),
        ({"source": ["aws.health"], "detail": {"region": ["eu-west-1"]}}, False),
    ],
)
def test_any_event(pattern, expected):
    """
    By the words and fields that AWS documents.
    """
    assert expected is takes_any(pattern, *HERE)
