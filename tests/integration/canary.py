"""Scan the example account with a secret planted wherever one can be; print where it came out. Run by test_canary.py."""

import gzip
import json
import sys

from pathlib import Path

from awsaudit import Settings, demo
from awsaudit.plugins import load_formats
from awsaudit.scan import open_live


CANARY = "AKIA" + "CANARY7CANARY7CA"


def plant(company):
    """Put the canary into descriptions, inputs, variables and user data of resources that the scan reads."""
    ec2 = company.client("ec2")
    ec2.create_security_group(GroupName="canary", Description=CANARY, VpcId=company.ids["vpc"])
    ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, UserData=CANARY)
    company.client("secretsmanager").create_secret(Name="canary", SecretString=CANARY, Description=CANARY)
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


def main(folder):
    snapshot = Path(folder) / "scan.awsaudit"
    with demo.account() as company:
        plant(company)
        scan = open_live(Settings(save_snapshot=snapshot), company.session)
        findings = list(scan)
    report = scan.report()
    outputs = {name: report.render(name) for name in load_formats()}
    outputs["snapshot"] = gzip.decompress(snapshot.read_bytes()).decode()
    caught = [
        f.status.value for f in findings if f.check_id == "events-target-input-secrets" and f.resource.name == "canary"
    ]
    print(json.dumps({"leaks": [name for name, text in outputs.items() if CANARY in str(text)], "caught": caught}))


if __name__ == "__main__":
    main(sys.argv[1])
