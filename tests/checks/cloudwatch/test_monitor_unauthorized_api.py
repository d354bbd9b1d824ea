import pytest

from awsaudit import Status
from awsaudit_checks.cloudwatch.monitor_unauthorized_api import monitor_unauthorized_api
from tests.alerts import ALL, WHOLE, alarm, counted, counter, ruled, run_check, topic, trail


CIS = (
    '{($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") && '
    '($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket") }'
)


@pytest.mark.parametrize(
    "patterns",
    [
        (CIS,),
        ('{ $.errorCode = "*UnauthorizedOperation" || $.errorCode = "AccessDenied*" }',),
        ("{ $.errorCode = AccessDenied }", "{ $.errorCode = Client.UnauthorizedOperation }"),
        ("{ $.errorCode EXISTS }",),
    ],
)
def test_accepts_filters_for_both_codes(patterns):
    """
    The clauses of CIS that leave out known noise do no harm.
    """
    assert Status.PASS is counted(monitor_unauthorized_api, *patterns).status


@pytest.mark.parametrize(
    ("pattern", "missing"),
    [
        ("{ $.errorCode = AccessDenied* }", "refused writes of EC2, refused reads of EC2"),
        ("{ $.errorCode = *UnauthorizedOperation }", "refused writes, refused reads"),
        ("{ $.errorCode EXISTS && $.readOnly IS FALSE }", "refused reads, refused reads of EC2"),
        ("{ $.errorCode = AccessDenied || $.errorCode = UnauthorizedOperation }", "refused writes of EC2, "),
    ],
)
def test_flags_filters_that_leave_some_out(pattern, missing):
    """
    One code of two, writes alone, or a code that EC2 does not have.
    """
    finding = counted(monitor_unauthorized_api, pattern)

    assert Status.FAIL is finding.status
    assert finding.message.startswith(f"nobody is told of {missing}")


def test_a_trail_of_writes_has_no_refused_reads():
    """
    What is not recorded cannot be counted.
    """
    writes = {"EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]}
    (finding,) = run_check(monitor_unauthorized_api, WHOLE, trail(selectors=writes), counter(CIS), alarm(), *topic())

    assert Status.FAIL is finding.status
    assert finding.message.startswith("nobody is told of refused reads, refused reads of EC2: ")
    assert finding.fix is None


def test_a_rule_has_to_be_given_reads():
    """
    In the usual state it gets writes alone.
    """
    pattern = {"detail": {"errorCode": ["AccessDenied", "Client.UnauthorizedOperation"]}}

    assert Status.PASS is ruled(monitor_unauthorized_api, pattern, ALL).status
    assert Status.FAIL is ruled(monitor_unauthorized_api, pattern, "ENABLED").status
