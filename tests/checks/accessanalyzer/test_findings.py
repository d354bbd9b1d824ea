from awsaudit import Severity, Status
from awsaudit.resources.accessanalyzer import ANALYZERS, FINDINGS, Analyzer
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.accessanalyzer.findings import findings


def analyzer(*resources, kind="ACCOUNT", status="ACTIVE"):
    arn = "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/account"
    found = [
        {
            "id": f"f-{n}",
            "resource": resource,
            "resourceType": "AWS::S3::Bucket",
            "resourceOwnerAccount": "111122223333",
        }
        for n, resource in enumerate(resources)
    ]
    return fake(Analyzer, {ANALYZERS: {"arn": arn, "name": "account", "type": kind, "status": status}, FINDINGS: found})


def test_flags_each_resource_once():
    """
    Two findings of one resource are one problem.
    """
    first, second = run_check(findings, analyzer("arn:aws:s3:::ledger", "arn:aws:s3:::ledger", "arn:aws:s3:::site"))

    assert ("arn:aws:s3:::ledger", "arn:aws:s3:::site") == (first.sub_key, second.sub_key)
    assert (Status.FAIL, Severity.MEDIUM) == (first.status, first.severity)


def test_roles_of_identity_center_are_meant_to_be():
    """
    The organization's provider of identities assumes them.
    """
    role = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
    (finding,) = run_check(findings, analyzer(role))

    assert Severity.INFO is finding.severity


def test_passes_without_findings():
    """
    Nothing is open.
    """
    assert [Status.PASS] == statuses(run_check(findings, analyzer()))


def test_other_analyzers_are_not_judged():
    """
    Those for unused access, and those that do not work.
    """
    for fields in ({"kind": "ACCOUNT_UNUSED_ACCESS"}, {"status": "FAILED"}):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(findings, analyzer("arn:aws:s3:::ledger", **fields)))
