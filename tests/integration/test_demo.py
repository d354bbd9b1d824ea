"""What the example account shows, and what its scan proves."""

import functools
import json

import pytest

from attrs import evolve

from awsaudit import Coverage, Settings, Status, run
from awsaudit.evidence import read_snapshot
from awsaudit.plan import SCAN_CALLS, plan
from awsaudit.plugins import load_checks
from awsaudit.report import finding_to_json
from awsaudit.scan import open_snapshot


CHECKS = load_checks()

# A report that has to be made first is one question to the source, which asks for it to be made by itself.
POLLED = {
    (service, poll.operation): (service, operation)
    for (service, operation), poll in plan(CHECKS.values()).polls().items()
}

# Where the command hangs on what the owner has not decided: which function rotates, which policy shares, who deploys.
SOMETIMES_WITHOUT = {
    "codepipeline-v2-rollback",
    "dynamodb-lock-table-writers",
    "iam-policy-privilege-escalation",
    "rds-proxy-secret-readable",
    "s3-tfstate-readers",
    "secretsmanager-cmk",
    "secretsmanager-rotation-enabled",
    "secretsmanager-rotation-period",
}

# What there is once an account is sound or broken; some checks judge nothing, or not that much, unless they are configured.
ONE_RESOURCE = {
    "accessanalyzer-external": Status.PASS,
    "account-security-contact": Status.FAIL,
    "cloudtrail-kms-events-not-excluded": Status.PASS,
    "cloudtrail-multi-region": Status.PASS,
    "cloudwatch-monitor-cloudtrail-changes": Status.PASS,
    "cloudwatch-monitor-cmk-deletion": Status.PASS,
    "cloudwatch-monitor-config-changes": Status.FAIL,
    "cloudwatch-monitor-gateway-changes": Status.FAIL,
    "cloudwatch-monitor-iam-changes": Status.PASS,
    "cloudwatch-monitor-nacl-changes": Status.FAIL,
    "cloudwatch-monitor-organizations-changes": Status.NOT_APPLICABLE,
    "cloudwatch-monitor-root-usage": Status.PASS,
    "cloudwatch-monitor-route-table-changes": Status.FAIL,
    "cloudwatch-monitor-s3-policy-changes": Status.FAIL,
    "cloudwatch-monitor-security-group-changes": Status.FAIL,
    "cloudwatch-monitor-signin-failures": Status.PASS,
    "cloudwatch-monitor-signin-no-mfa": Status.PASS,
    "cloudwatch-monitor-unauthorized-api": Status.FAIL,
    "cloudwatch-monitor-vpc-changes": Status.FAIL,
    "codebuild-source-provider-allowed": Status.NOT_APPLICABLE,
    "codepipeline-source-repo-private": Status.NOT_APPLICABLE,
    "ecr-pull-permissions-scoped": Status.PASS,
    "ecr-public-repository-inventory": Status.FAIL,
    "health-abuse-rule": Status.FAIL,
    "health-alternate-contact-operations": Status.PASS,
    "health-open-events": Status.FAIL,
    "health-org-view-enabled": Status.NOT_APPLICABLE,
    "health-rule-backup-region": Status.UNKNOWN,
    "health-rule-exists": Status.PASS,
    "health-rule-global-region": Status.PASS,
    "iam-password-policy-min-length": Status.FAIL,
    "iam-password-policy-reuse": Status.PASS,
    "iam-root-access-key-absent": Status.FAIL,
    "iam-root-hardware-mfa": Status.FAIL,
    "iam-root-mfa-enabled": Status.PASS,
    "iam-root-recently-used": Status.PASS,
    "iam-root-signing-certificate-absent": Status.PASS,
    "iam-saml-or-identity-center": Status.FAIL,
    "iam-support-role-exists": Status.PASS,
    "organizations-delegated-admins": Status.PASS,
    "organizations-scp-protects-logging": Status.FAIL,
    "s3-account-public-access-block": Status.FAIL,
}


@pytest.mark.parametrize("id_", CHECKS)
def test_each_check_has_a_pass_and_a_failure(recording, id_):
    """
    The example account has a sound and a broken resource for every check.
    """
    found = {f.status for f in recording.findings if f.check_id == id_}

    wanted = {ONE_RESOURCE[id_]} if id_ in ONE_RESOURCE else {Status.PASS, Status.FAIL}
    assert wanted <= found


def test_nothing_crashes_and_nothing_is_hidden(recording):
    """
    No check crashes on the example account, and every call is answered.
    """
    assert [] == [f.message for f in recording.findings if f.crashed]
    assert () == recording.report.coverage.shortfalls
    assert recording.report.complete


def test_each_failure_has_a_fix_or_says_what_to_do(recording):
    """
    A failure of a check with a command carries that command, filled in.
    """
    silent = {f.check_id for f in recording.findings if f.status is Status.FAIL and f.fix is None}

    assert silent <= {id_ for id_, check in CHECKS.items() if check.remediation.cli is None} | SOMETIMES_WITHOUT


def test_fingerprints_are_unique(recording):
    """
    No two findings of a scan share a fingerprint.
    """
    prints = [finding.fingerprint for finding in recording.findings]

    assert len(prints) == len(set(prints))


def test_no_request_is_sent_twice(company, recording):
    """
    The scan asks as many questions as there are different ones.
    """
    scan, source = recording.scan()
    list(scan)

    assert len(source.asked) == len(set(source.asked))


def test_calls_equal_the_policy(recording):
    """
    Two ways: the scan calls what the printed policy allows, and the policy allows what the scan calls.
    """
    assert {(o.service, o.operation) for o in recording.plan.operations()} == recording.calls


@pytest.mark.parametrize("id_", CHECKS)
def test_calls_of_a_single_check_equal_its_policy(recording, id_):
    """
    The same for each check by itself; what every scan asks first is counted in.
    """
    _, requests = recording.alone(id_)
    asked = {(r.service, r.operation) for r in requests} | {(str(c.service), c.operation) for c in SCAN_CALLS}
    asked |= {poll for poll, report in POLLED.items() if report in asked}

    assert {(o.service, o.operation) for o in plan([CHECKS[id_]]).operations()} == asked


@pytest.mark.parametrize("id_", CHECKS)
def test_a_check_by_itself_says_what_it_says_among_all(recording, id_):
    """
    No check reads what another one's plan brought.
    """
    findings, _ = recording.alone(id_)
    alone = {f.fingerprint: finding_to_json(f) for f in findings}
    among = {f.fingerprint: finding_to_json(f) for f in recording.findings if f.check_id == id_}

    assert among.keys() == alone.keys()
    assert {k: (v["status"], v["message"]) for k, v in among.items()} == {
        k: (v["status"], v["message"]) for k, v in alone.items()
    }


@functools.cache
def _operations(id_):
    return {(o.service, o.operation) for o in plan([CHECKS[id_]]).operations()}


def _place(finding):
    return (finding.check_id, finding.resource.arn)


OPERATIONS = sorted(
    (o.service, o.operation)
    for o in plan(CHECKS.values()).operations()
    if (o.service, o.operation) not in {(str(c.service), c.operation) for c in SCAN_CALLS} | POLLED.keys()
)


@pytest.mark.parametrize("refused", OPERATIONS, ids=":".join)
def test_refusing_one_operation_never_turns_a_verdict(recording, refused):
    """
    The denial matrix: no pass turns failure or the reverse, and the call is named as a gap. What vanishes leaves an unknown,
    or another failure of the same resource; nothing of that reads as fixed.

    Checks that do not plan the operation cannot notice: each says by itself what it says among all, see above.
    """
    concerned = {check.id: check for check in CHECKS.values() if refused in _operations(check.id)}
    scan, _ = recording.scan(concerned.values(), refused=refused)
    after = {f.fingerprint: f for f in scan}
    before = {f.fingerprint: f for f in recording.findings if f.check_id in concerned}
    turned = [
        (f.check_id, f.resource.arn, f.status.value, after[key].status.value)
        for key, f in before.items()
        if key in after and after[key].status not in {f.status, Status.UNKNOWN}
    ]
    hidden = {f.check_id for f in after.values() if f.status is Status.UNKNOWN}
    failing = {(f.check_id, f.resource.arn) for f in after.values() if f.status is Status.FAIL}
    vanished = {f.check_id for key, f in before.items() if key not in after and _place(f) not in failing}
    report = scan.report()
    gaps = {(s.gap.service, s.gap.operation) for s in report.coverage.shortfalls}
    earlier = evolve(report, findings=tuple(before.values()), coverage=Coverage())

    assert [] == turned
    assert vanished <= hidden
    assert refused in gaps
    assert () == earlier.diff(report).fixed


def test_a_snapshot_gives_the_same_findings(recording):
    """
    Byte for byte what the live scan gave that wrote it.
    """
    scan = open_snapshot(Settings(), recording.snapshot)
    list(scan)

    live = json.dumps(recording.report.to_json()["findings"])
    assert live == json.dumps(scan.report().to_json()["findings"])
    assert read_snapshot(recording.snapshot).header.regions == recording.report.regions


def test_a_refused_region_is_one_line(company):
    """
    A region that refuses everything is one line of the coverage, not an unknown for each check.
    """

    def closed(_, region):
        if region == "eu-west-1":
            from awsaudit.demo.front import Refusal

            raise Refusal("AccessDenied", "with an explicit deny in a service control policy", 403)

    company.front.answer("*", "*", closed)
    try:
        report = run(session=company.session, services=["sqs", "kms", "events"])
    finally:
        company.front._answers["*", "*"].pop(0)
    lines = [s for s in report.coverage.shortfalls if s.gap.region == "eu-west-1"]

    assert [("*", "*", "service control policy")] == [(s.gap.service, s.gap.operation, s.gap.cause) for s in lines]
    assert [] == [f for f in report.findings if f.region == "eu-west-1"]


def test_a_refused_listing_is_one_unknown_a_check_and_region(company):
    """
    Through the whole path, boto3 and all: the finding names the permission.
    """
    with company.front.refusing("kms", "ListKeys"):
        report = run(session=company.session, checks=["kms-rotation"])

    assert {(region, "unknown") for region in report.regions} == {(f.region, f.status.value) for f in report.findings}
    assert all("grant kms:ListKeys" in f.message for f in report.findings)
