"""
Printed commands, run as they are printed: each repairs the failure that it is printed for, or it is listed here with the reason.

A failure is listed by its check and a glob of its ARN, with its sub-key after it if it has one. An entry whose command begins
to repair is stale, and fails. Terraform forms are not run.
"""

import fnmatch

from typing import Final

import pytest

from attrs import evolve

from awsaudit import Status
from tests.integration.remedy import Workshop, missing


# Reasons, and for which failures they hold.
LISTED: Final = {
    "AWS cannot change it in place: the command makes the successor, and the owner moves over and deletes the first": (
        ("ebs-snapshot-encrypted", "*"),
        ("ecr-kms-encryption", "*"),
        ("eks-node-credentials-contained", "*:cluster/standby spare"),
        ("eks-node-imds-hop-limit", "*:nodegroup/standby/spare/*"),
        ("eks-node-public-subnets", "*"),
        ("eks-nodegroup-ami-current", "*:nodegroup/standby/spare/*"),
        ("eks-nodegroup-supported-version", "*"),
        ("events-archive-healthy", "*"),
        ("rds-cluster-storage-encrypted", "*"),
        ("rds-in-vpc", "*"),
        ("rds-snapshot-encrypted", "*:cluster-snapshot:signer-handover"),
        ("rds-storage-encrypted", "*"),
        ("sqs-ordering-required-fifo", "*"),
    ),
    "one update takes a cluster to the next minor version, and that is out of standard support, too": (
        ("eks-supported-version", "*:cluster/rewards"),
        ("eks-supported-version", "*:cluster/signer"),
    ),
    "two things stand in the way: the command takes the first away, and the next scan prints that for the second": (
        ("events-target-permission", "*:rule/health-abuse oncall"),
    ),
    "the owner chooses whom the rule tells": (("guardduty-findings-routed", "*"),),
    "the owner has to find the cause, and the command saves or tells what there is": (
        ("rds-master-secret-healthy", "*"),
        ("rds-restorable-recent", "*"),
    ),
    "what failed counts until it is seven days old": (("events-rule-failing", "*"),),
    "moto has no Amazon Inspector, which scans the images": (("ecr-image-unscanned", "*:eu-west-1:*"),),
    "moto has no internet access gateways of clusters": (("rds-public-access", "*:cluster:explorer"),),
}
# What has options that the models of AWS CLI 1.46.3 do not have yet, and those of botocore 1.44.8 have.
NEWER: Final = (("rds-public-access", "*:cluster:explorer"),)
ENTRIES: Final = tuple((*entry, reason) for reason, entries in LISTED.items() for entry in entries)

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"commands cannot be run: no {missing()}")


def meets(finding, check, which):
    return finding.check_id == check and fnmatch.fnmatchcase(f"{finding.resource.arn} {finding.sub_key}".strip(), which)


def is_listed(finding):
    return any(meets(finding, check, which) for check, which, _ in ENTRIES)


def told(outcome, why):
    return f"{outcome.finding.check_id} {outcome.finding.resource.arn} {outcome.finding.sub_key}: {why}\n  {outcome.finding.fix}\n"


def test_each_printed_command_repairs(company, recording, checks):
    """
    After the command the failure is gone, nothing is unknown in its place, and the resource fails in no new way.

    What is listed is not repaired, and no entry is stale. The AWS CLI knows every operation and option of those commands,
    too, and lacks none. It is one test, so that the account is repaired once and not in every worker.
    """
    failures = [finding for finding in recording.findings if finding.status is Status.FAIL]
    outcomes = Workshop(company, recording.target, checks, failures, is_listed).outcomes()

    assert {f.fingerprint for f in failures if f.fix} == {o.finding.fingerprint for o in outcomes}
    assert "" == "".join(told(o, o.fault) for o in outcomes if o.fault and not is_listed(o.finding))
    assert "" == "".join(stale(outcomes))
    refused = [outcome for outcome in outcomes if outcome.refused]
    assert "" == "".join(told(o, o.refused) for o in refused if not any(meets(o.finding, *new) for new in NEWER))


def stale(outcomes):
    """Yield what there is to say of entries without a failure, and of those whose command repairs one."""
    for check, which, reason in ENTRIES:
        found = [o for o in outcomes if meets(o.finding, check, which)]
        if not found:
            yield f"{check} {which}: there is no such failure\n"
        yield from (told(o, f"is listed, and repaired: {reason}") for o in found if not o.fault)


def test_what_does_not_repair_is_seen(company, recording, checks):
    """
    A command that does nothing leaves the failure; one that the CLI does not know is told.
    """
    idle, wrong = [f for f in recording.findings if f.check_id == "sqs-dead-letter-queue" and f.fix][:2]
    failures = [evolve(idle, fix="true && true"), evolve(wrong, fix="aws sqs delete-queues --queue-url x")]

    idle, wrong = Workshop(company, recording.target, checks, failures, lambda _: True).outcomes()

    assert idle.fault.startswith("still fails")
    assert "" == idle.refused
    assert wrong.fault.startswith("exit code")
    assert "Invalid choice" in wrong.refused
