"""A secret that is planted wherever one can be never comes out."""

import gzip
import json

import pytest

from awsaudit import Settings, demo
from awsaudit.plugins import load_formats
from awsaudit.scan import open_live


CANARY = "AKIA" + "CANARY7CANARY7CA"
TAG = "tag-canary-4711"


@pytest.fixture(name="company", scope="module")
def _company():
    with demo.account() as company:
        _plant(company)
        yield company


def _plant(company):
    """Put the canary into descriptions, inputs, variables and user data of resources that the scan reads."""
    tags = [{"Key": "owner", "Value": TAG}]
    ec2 = company.client("ec2")
    ec2.create_security_group(GroupName="canary", Description=CANARY, VpcId=company.ids["vpc"])
    ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, UserData=CANARY)
    company.client("secretsmanager").create_secret(Name="canary", SecretString=CANARY, Description=CANARY, Tags=tags)
    company.client("kms").create_key(Description=CANARY)
    events = company.client("events")
    events.put_rule(Name="canary", ScheduleExpression="rate(1 day)", Description=CANARY)
    target = {
        "Id": "canary",
        "Arn": f"arn:aws:sqs:eu-central-1:{demo.ACCOUNT}:deposits",
        "Input": json.dumps({"k": CANARY}),
    }
    events.put_targets(Rule="canary", Targets=[target])
    events.create_event_bus(Name="canary", Description=CANARY)
    company.client("rds").create_db_subnet_group(
        DBSubnetGroupName="canary", DBSubnetGroupDescription=CANARY, SubnetIds=company.ids["subnets:private"]
    )
    iam = company.client("iam")
    iam.create_role(RoleName="canary", AssumeRolePolicyDocument="{}", Description=CANARY)


def test_a_planted_secret_comes_out_nowhere(company, tmp_path, capfd):
    """
    No report format, no snapshot and no log holds it; the check that looks for it says so without repeating it.
    """
    snapshot = tmp_path / "scan.awsaudit"
    scan = open_live(Settings(save_snapshot=snapshot), company.session)
    findings = list(scan)
    report = scan.report()
    outputs = {name: report.render(name) for name in load_formats()}
    outputs["snapshot"] = gzip.decompress(snapshot.read_bytes()).decode()
    outputs["log"] = "".join(capfd.readouterr())

    assert [] == [name for name, content in outputs.items() if CANARY in str(content)]
    (caught,) = [f for f in findings if f.check_id == "events-target-input-secrets" and f.resource.name == "canary"]
    assert "fail" == caught.status.value
