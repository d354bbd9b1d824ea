import datetime
import json

import boto3
import pytest

from cfnlint.api import lint_all
from cfnlint.decode import decode_str

from awsaudit import Status
from awsaudit.demo.front import Front
from awsaudit.evidence import Failure
from awsaudit.gap import GapKind
from awsaudit.inventory import Target
from awsaudit.live import Live, Tuning
from awsaudit.plan import plan
from awsaudit.plugins import load_checks
from awsaudit.scan import Scan, Settings, plan_of
from awsaudit.selection import Selection
from tests.deploy.stack import ACCOUNT, REGION, Stack, put_code


IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/awsaudit@sha256:{'0' * 64}"
ORGANIZATION = {"OrganizationId": "o-abcdefghij"}
TEMPLATES = {
    "lambda": (),
    "organization": (),
    "member-role": (),
    "fargate": ("--image", IMAGE),
}
SERVICES = ("s3", "sns", "sqs", "lambda", "kms", "cloudwatch", "logs", "iam", "ecs", "stepfunctions")

# What a scan of our own resources may leave open, because moto does not answer the call.
UNANSWERED = {("lambda", "ListFunctionUrlConfigs")}


@pytest.mark.parametrize("kind", TEMPLATES)
def test_templates_are_sound(kind, printed):
    """
    cfn-lint has nothing to say of a template.
    """
    found = lint_all(printed(kind, *TEMPLATES[kind]))

    assert [] == [str(match) for match in found if not match.rule.id.startswith("I")]


@pytest.mark.parametrize("kind", ["lambda", "organization", "member-role"])
def test_grants_what_the_policy_says(kind, printed):
    """
    The policies of the role that reads hold what `awsaudit policy` prints for the same checks, and each fits.
    """
    template, _ = decode_str(printed(kind))
    found = {name: r["Properties"] for name, r in template["Resources"].items() if name.startswith("Reads")}
    documents = [properties["PolicyDocument"] for properties in found.values()]
    attached = template["Resources"]["Role"]["Properties"]["ManagedPolicyArns"]

    assert list(plan(load_checks().values()).actions()) == [
        action for document in documents for action in document["Statement"][0]["Action"]
    ]
    assert all(len(json.dumps(document, separators=(",", ":"))) <= 6144 for document in documents)
    assert sorted(found) == sorted(reference["Ref"] for reference in attached)


def test_a_smaller_selection_grants_less(printed):
    """
    The function is told the same selection as its role is made for.
    """
    template, _ = decode_str(printed("lambda", "--service", "sqs", "--region", "eu-west-1,eu-central-1"))
    resources = template["Resources"]
    variables = resources["Function"]["Properties"]["Environment"]["Variables"]

    assert not any("iam:" in action for action in str(resources["Reads1"]).split())
    assert ("sqs", "eu-west-1,eu-central-1") == (variables["AWSAUDIT_SERVICE"], variables["AWSAUDIT_REGION"])


def test_time_of_the_schedule(printed):
    """
    The time is the schedule's default.
    """
    template, _ = decode_str(printed("organization", "--at", "23:05"))

    assert "cron(5 23 * * ? *)" == template["Parameters"]["Schedule"]["Default"]


@pytest.mark.parametrize("external_id", ["", "a-secret-handshake"])
def test_trust_of_the_member_role(aws, printed, external_id):
    """
    One role of one account of the organization may assume it, with the external id where there is one.
    """
    Stack("member", printed("member-role"), {**ORGANIZATION, "AuditAccount": "999988887777", "ExternalId": external_id})
    trust = aws.client("iam").get_role(RoleName="awsaudit")["Role"]["AssumeRolePolicyDocument"]
    (statement,) = trust["Statement"]
    condition = statement["Condition"]

    assert {"AWS": "arn:aws:iam::999988887777:root"} == statement["Principal"]
    assert {"aws:PrincipalArn": "arn:aws:iam::999988887777:role/awsaudit-scan"} == condition["ArnEquals"]
    assert {
        "aws:PrincipalOrgID": "o-abcdefghij",
        **({"sts:ExternalId": external_id} if external_id else {}),
    } == condition["StringEquals"]


class Moto:
    """
    Asks moto; what it does not know, or stumbles over, was not answered.
    """

    def __init__(self, live):
        self._live = live
        self.meter = live.meter

    def ask(self, request):
        try:
            return self._live.ask(request)
        except NotImplementedError:
            return Failure("NotImplemented", GapKind.UNAVAILABLE)

    def close(self):
        self._live.close()


def with_regions(answer, *_):
    """
    Say where each bucket is, as AWS does.
    """
    for bucket in answer["Buckets"]:
        bucket["BucketRegion"] = REGION


def with_names(answer, *_):
    """
    Name policies, as AWS does.
    """
    for policy in answer["Policies"]:
        policy["PolicyName"] = policy["Arn"].rpartition("/")[2]


def test_what_they_make_passes_our_checks(aws, printed):
    """
    Nothing that the templates make fails a check.
    """
    code = put_code()
    vpc = aws.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    fargate = Stack(
        "awsaudit-fargate",
        printed("fargate", "--image", IMAGE),
        {"Vpc": vpc, "ScanRole": f"arn:aws:iam::{ACCOUNT}:role/awsaudit-scan", "Reports": "s3://reports/reports"},
    )
    long = {
        "LongCluster": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{fargate.ids['Cluster']}",
        "LongTaskDefinition": "awsaudit-fargate",
        "LongTaskExecutionRole": fargate.ids["ExecutionRole"],
        "LongSubnets": "subnet-1,subnet-2",
        "LongSecurityGroups": fargate.ids["SecurityGroup"],
    }
    Stack("awsaudit-lambda", printed("lambda"), code)
    Stack("awsaudit-organization", printed("organization"), {**code, **ORGANIZATION, **long})
    Stack("awsaudit-member", printed("member-role"), {**ORGANIZATION, "AuditAccount": ACCOUNT})
    settings = Settings(selection=Selection(services=SERVICES), regions=(REGION,))
    chosen = plan_of(settings)
    session = boto3.Session(region_name=REGION)
    front = Front()
    front.amend("s3", "ListBuckets", with_regions)
    front.amend("iam", "GetAccountAuthorizationDetails", with_names)
    front.attach(session)
    live = Moto(Live(session, chosen, Tuning()))
    target = Target(ACCOUNT, "aws", (REGION,), datetime.datetime.now(datetime.UTC), settings.trust)
    found = list(Scan(chosen, live, target, settings))
    ours = [finding for finding in found if "awsaudit" in finding.resource.arn]
    judged = {finding.resource.type for finding in ours if finding.status is Status.PASS}

    assert [] == [
        (finding.check_id, finding.resource.arn, finding.message) for finding in ours if finding.status is Status.FAIL
    ]
    assert set() == {(gap.service, gap.operation) for finding in ours for gap in finding.gaps} - UNANSWERED
    assert {
        "AWS::CloudWatch::Alarm",
        "AWS::ECS::TaskDefinition",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Role",
        "AWS::Lambda::Function",
        "AWS::S3::Bucket",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::StepFunctions::StateMachine",
    } <= judged
