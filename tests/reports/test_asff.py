import json
import pathlib
import re
import shutil
import stat
import subprocess

import botocore.session
import pytest

from attrs import evolve
from botocore.validate import ParamValidator

from awsaudit import Status, Subject
from awsaudit_reports.asff_type import TYPES


ROOT = pathlib.Path(__file__).parents[2]
LONGEST = {
    "Id": 512,
    "GeneratorId": 512,
    "Title": 256,
    "Description": 1024,
    "Text": 512,
    "AwsAccountName": 50,
    "ProductArn": 2048,
    "Original": 64,
}


@pytest.fixture(scope="module", name="model")
def _model():
    return botocore.session.get_session().get_service_model("securityhub")


def batches(report, options=None):
    return json.loads(report.render("asff", options))


def findings(report, options=None):
    return {
        finding["Resources"][0]["Id"].rpartition(":")[2]: finding
        for batch in batches(report, options)
        for finding in batch["Findings"]
    }


def texts(value, name=""):
    """Yield every text in *value* with the member that it stands in."""
    if isinstance(value, str):
        yield name, value
    for key, member in value.items() if isinstance(value, dict) else ():
        yield from texts(member, key)
    for member in value if isinstance(value, list) else ():
        yield from texts(member, name)


def faults(model, report):
    """Yield what Security Hub would refuse."""
    shape = model.operation_model("BatchImportFindings").input_shape
    for batch in batches(report):
        if not 0 < len(batch["Findings"]) <= 100:
            yield f"{len(batch['Findings'])} findings"
        if errors := ParamValidator().validate(batch, shape).generate_report():
            yield errors
        for name, text in texts(batch):
            if not text.strip() or len(text.encode()) > LONGEST.get(name, 2048):
                yield f"{name}: {len(text)}"


def test_is_what_security_hub_takes(model, eventful):
    """
    Each line is the input of one BatchImportFindings.
    """
    assert [] == list(faults(model, eventful))


@pytest.mark.parametrize("text", ["", " ", "x" * 100_000, "ü" * 5_000])
def test_is_within_the_limits(model, make_report, make_finding, text):
    """
    Texts are neither blank nor longer than Security Hub takes.
    """
    finding = make_finding(
        text, message=text, expected=text, found=text, sub_key=text, fix=text, tags={text: text, "a": text}
    )
    report = make_report(finding, make_finding(), account_names={"111122223333": text})

    assert [] == list(faults(model, report))


@pytest.mark.parametrize(
    ("name", "record", "compliance"),
    [
        ("orders", "ACTIVE", "FAILED"),
        ("ledger", "ACTIVE", "FAILED"),
        ("fees", "ACTIVE", "FAILED"),
        ("rewards", "ARCHIVED", "PASSED"),
    ],
)
def test_maps_verdicts(eventful, name, record, compliance):
    """
    Failures are active, fixed ones archived.
    """
    finding = findings(eventful)[name]

    assert (record, compliance) == (finding["RecordState"], finding["Compliance"]["Status"])


def test_unknown_never_archives(eventful, make_report, make_finding):
    """
    An unknown verdict is active, and an earlier failure that cannot be told is left as it is.
    """
    unknown = findings(make_report(make_finding(status=Status.UNKNOWN)))["orders"]

    assert "payouts" not in findings(eventful)
    assert ("ACTIVE", "WARNING") == (unknown["RecordState"], unknown["Compliance"]["Status"])


def test_holds_passes_on_request(eventful):
    """
    Passes cost money there, and are left out.
    """
    assert "beacon" not in findings(eventful)
    assert "PASSED" == findings(eventful, {"show_pass": True})["beacon"]["Compliance"]["Status"]


def test_is_known_again(eventful):
    """
    The id is the fingerprint, and the finding was created when it was first seen.
    """
    ledger = findings(eventful)["ledger"]
    (old,) = eventful.changes.fixed

    assert ("2026-11-01T08:00:00Z", "2026-11-24T13:48:32Z") == (ledger["CreatedAt"], ledger["UpdatedAt"])
    assert old.fingerprint == findings(eventful)["rewards"]["Id"]


def test_accepted_failures_are_suppressed(eventful):
    """
    The workflow says so, and a note why.
    """
    fees = findings(eventful)["fees"]

    assert {"Status": "SUPPRESSED"} == fees["Workflow"]
    assert ("accepted until 2027-03-31: Moved to SSE-KMS in SEC-412", "queues@example.com") == (
        fees["Note"]["Text"],
        fees["Note"]["UpdatedBy"],
    )
    assert "Workflow" not in findings(eventful)["orders"]


def test_a_batch_is_for_one_account_and_region(make_report, make_finding):
    """
    Security Hub takes findings in their account and region, a hundred at once; global ones go to the home region.
    """
    report = make_report(
        *(make_finding(f"queue-{number}") for number in range(201)),
        make_finding(region="eu-central-1"),
        make_finding(account="444455556666"),
        make_finding(region="global", check_id="iam-user-mfa"),
    )
    arns = [{finding["ProductArn"] for finding in batch["Findings"]} for batch in batches(report)]

    assert [1, 100, 100, 1, 1, 1] == [len(batch["Findings"]) for batch in batches(report)]
    assert [
        "arn:aws:securityhub:eu-central-1:111122223333:product/111122223333/default",
        *["arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default"] * 3,
        "arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default",
        "arn:aws:securityhub:eu-west-1:444455556666:product/444455556666/default",
    ] == [arn for (arn,) in arns]


def test_follows_the_partition(make_report, make_finding):
    """
    China's global services are at home in China.
    """
    report = make_report(make_finding(region="global", check_id="iam-user-mfa"), partition="aws-cn")
    (finding,) = findings(report).values()

    assert finding["ProductArn"].startswith("arn:aws-cn:securityhub:cn-north-1:")
    assert ("aws-cn", "cn-north-1") == (finding["Resources"][0]["Partition"], finding["Resources"][0]["Region"])


def test_leaves_out_half_a_command(make_report, make_finding):
    """
    A command that is longer than a field is left out, not cut.
    """
    fields = findings(make_report(make_finding(fix="x" * 2_048), make_finding("ledger", fix="x" * 2_049)))

    assert 2_048 == len(fields["orders"]["ProductFields"]["awsaudit/Fix"])
    assert "awsaudit/Fix" not in fields["ledger"]["ProductFields"]


def test_holds_the_tags_that_it_takes(make_report, make_finding):
    """
    Tags with names that Security Hub refuses, or without a value, are left out.
    """
    tags = {"team": "trading", "aws:cloudformation:stack-name": "x", "empty": "", "long": "x" * 257, "b<a>d": "x"}

    assert {"team": "trading"} == findings(make_report(make_finding(tags=tags)))["orders"]["Resources"][0]["Tags"]


def test_types_are_those_of_security_hub(model):
    """
    Every name of the table is one that Security Hub has details for.
    """
    known = model.shape_for("ResourceDetails").members

    assert [] == [name for name in TYPES.values() if name not in known]


def test_a_type_that_security_hub_does_not_know_is_other(make_report, make_finding):
    """
    Others are told by CloudFormation's name among the fields of the product.
    """
    subject = Subject("arn:aws:events:eu-west-1:111122223333:rule/x", "AWS::Events::Rule", "x")
    (finding,) = findings(make_report(evolve(make_finding(), resource=subject))).values()

    assert ("Other", "AWS::Events::Rule") == (
        finding["Resources"][0]["Type"],
        finding["ProductFields"]["awsaudit/ResourceType"],
    )


@pytest.mark.skipif(
    shutil.which("jq") is None, reason="the commands of docs/formats.md need jq, which is not installed"
)
def test_the_documented_commands_upload_it(make_report, make_finding, tmp_path):
    """
    What docs/formats.md tells to run sends every batch to its region.
    """
    page = (ROOT / "docs/formats.md").read_text("utf-8")
    script = next(
        block for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "batch-import-findings" in block
    )
    report = make_report(
        *(make_finding(f"queue-{number}") for number in range(101)), make_finding(region="eu-central-1")
    )
    report.write(tmp_path / "report.asff.json")
    aws = tmp_path / "aws"
    aws.write_text('#!/usr/bin/env bash\necho "$*" >> calls\ncat >> sent\n')
    aws.chmod(aws.stat().st_mode | stat.S_IXUSR)
    subprocess.run(["bash", "-c", script], cwd=tmp_path, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True)
    sent = [json.loads(line) for line in (tmp_path / "sent").read_text().splitlines()]

    assert batches(report) == sent
    assert [
        f"securityhub batch-import-findings --region {region} --cli-input-json file:///dev/stdin"
        for region in ("eu-central-1", "eu-west-1", "eu-west-1")
    ] == (tmp_path / "calls").read_text().splitlines()
