import collections
import json
import os
import time

import boto3
import botocore.client
import botocore.exceptions
import moto
import pytest
import structlog

from moto.awslambda_simple.models import LambdaSimpleBackend

from awsaudit import Status, lambda_handler
from awsaudit.deploy import Order, render
from awsaudit.gap import DEADLINE, MISSING
from awsaudit.organization import Accounts, open_organization
from awsaudit.report import Report
from awsaudit.scan import Settings, plan_of
from awsaudit.selection import Selection
from tests.deploy.stack import REGION, Stack, put_code


SELECTION = Selection(checks=("sqs-encryption", "iam-password-policy-min-length"))
REGIONS = (REGION, "eu-central-1")
MOTO = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
EVENT = {"regions": list(REGIONS), "checks": list(SELECTION.checks), "formats": ["json"]}


class Context:
    def __init__(self, seconds):
        self._seconds = seconds

    def get_remaining_time_in_millis(self):
        return int(self._seconds * 1000)


class Faults:
    """
    What goes wrong with which account.
    """

    def __init__(self):
        self.tries = collections.Counter()
        self.clear()

    def clear(self):
        """
        Let everything go well from now on.
        """
        self.killed = {}
        self.hurried, self.refused, self.expired = set(), set(), set()

    def kills(self, event):
        """
        Tell whether the function dies of *event*; it counts the tries of each account's shards.
        """
        if event["step"] != "shard":
            return event["step"] in self.killed
        (account,) = event["accounts"]
        self.tries[account] += 1
        return self.tries[account] <= self.killed.get(account, 0)

    def seconds(self, event):
        """
        Return how much time the function has for *event*.
        """
        hurried = event["step"] == "shard" and event["accounts"][0] in self.hurried
        return lambda_handler.RESERVE + 0.001 if hurried else 900


def _interpose(faults, patch):
    """
    Put *faults* between the machine and the function, and between the function and AWS.
    """
    keys = {}
    real = botocore.client.BaseClient._make_api_call

    def invoke(_, function_name, __, body, ___, response_headers):
        event = json.loads(body)
        if faults.kills(event):
            response_headers["x-amz-function-error"] = "Unhandled"
            return json.dumps({"errorType": "Runtime.ExitError", "errorMessage": "killed"}).encode()
        try:
            result = lambda_handler.handler(event, Context(faults.seconds(event)))
        except Exception as error:  # noqa: BLE001 - the runtime's part
            response_headers["x-amz-function-error"] = "Unhandled"
            result = {"errorType": type(error).__name__, "errorMessage": str(error)}
        return json.dumps(result).encode()

    def call(self, operation, params):
        if operation == "AssumeRole":
            account = params["RoleArn"].split(":")[4]
            if account in faults.refused:
                raise _error("AccessDenied", operation)
            answer = real(self, operation, params)
            keys[answer["Credentials"]["AccessKeyId"]] = account
            return answer
        credentials = self._request_signer._credentials
        if operation == "GetQueueAttributes" and credentials and keys.get(credentials.access_key) in faults.expired:
            raise _error("ExpiredToken", operation)
        return real(self, operation, params)

    patch.setattr(LambdaSimpleBackend, "invoke", invoke)
    patch.setattr(botocore.client.BaseClient, "_make_api_call", call)


def _error(code, operation):
    answer = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    return botocore.exceptions.ClientError(answer, operation)


@pytest.fixture(name="organization", scope="module")
def _organization():
    """
    An organization of twenty accounts with queues, and the machine that scans it: the members' ids, and the faults.
    """
    faults = Faults()
    order = Order(plan_of(Settings(selection=SELECTION)), (), {}, "0", "")
    body = render("organization", order)[0].content.replace('"IntervalSeconds": 10', '"IntervalSeconds": 1')
    with pytest.MonkeyPatch.context() as patch, moto.mock_aws(config=MOTO):
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        organizations = boto3.client("organizations")
        organizations.create_organization(FeatureSet="ALL")
        ids = [
            organizations.create_account(AccountName=f"team-{number}", Email=f"team-{number}@example.com")[
                "CreateAccountStatus"
            ]["AccountId"]
            for number in range(19)
        ]
        for number, account in enumerate(ids):
            fill(account, number)
        Stack("awsaudit", body, {**put_code(), "OrganizationId": "o-abcdefghij", "Concurrency": "20"})
        function = boto3.client("lambda").get_function(FunctionName="awsaudit-shard")["Configuration"]
        for name, value in function["Environment"]["Variables"].items():
            patch.setenv(name, value)
        # moto reads no conditions: to it, who may not come without TLS may not come.
        boto3.client("s3").delete_bucket_policy(Bucket=bucket())
        _interpose(faults, patch)
        yield sorted(ids), faults
    structlog.reset_defaults()


def fill(account, number):
    """
    Put something to find into an account.
    """
    credentials = boto3.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/awsaudit", RoleSessionName="setup"
    )["Credentials"]
    session = boto3.Session(
        credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"], region_name=REGION
    )
    for region in REGIONS[: 1 + number % 2]:
        session.client("sqs", region_name=region).create_queue(
            QueueName="orders", Attributes={"SqsManagedSseEnabled": "true" if number % 3 else "false"}
        )


def execute(name, **more):
    """
    Run the machine and return what it puts out.
    """
    client = boto3.client("stepfunctions")
    machine = client.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    started = client.start_execution(stateMachineArn=machine, name=name, input=json.dumps({**EVENT, **more}))
    while True:
        execution = client.describe_execution(executionArn=started["executionArn"])
        if execution["status"] != "RUNNING":
            break
        time.sleep(0.05)
    return json.loads(execution["output"]) if execution["status"] == "SUCCEEDED" else execution["status"]


def bucket():
    """
    Return the bucket that the function writes to.
    """
    return os.environ["AWSAUDIT_OUTPUT"].split("/")[2]


def stored(key):
    return Report.from_json(json.load(boto3.client("s3").get_object(Bucket=bucket(), Key=key)["Body"]))


def here(ids=()):
    """
    Return the report of the same scan on one machine.
    """
    settings = Settings(selection=SELECTION, regions=REGIONS, workers=8)
    scan = open_organization(settings, boto3.Session(region_name=REGION), Accounts(org=not ids, ids=ids))
    for _ in scan:
        pass
    return scan.report()


def timeless(report):
    """
    Return what is in *report*, but for when and by which requests it was found out.
    """
    plain = report.to_json()
    for name in ("id", "started", "finished"):
        del plain["scan"][name]
    plain.pop("changes", None)
    for finding in plain["findings"]:
        finding["first_seen"] = None
    for part in plain["scan"]["coverage"]["parts"]:
        del part["started"], part["finished"], part["requests"]
    del plain["scan"]["coverage"]["requests"]
    return plain


def without(plain, accounts):
    """
    Return what *plain* says of other accounts.
    """
    coverage = plain["scan"]["coverage"]
    return (
        [finding for finding in plain["findings"] if finding["account"] not in accounts],
        [part for part in coverage["parts"] if part["account"] not in accounts],
        [s for s in coverage["shortfalls"] if s["gap"]["account"] not in accounts],
    )


def test_the_same_as_on_one_machine(organization):
    """
    The merged report of the machine is that of `scan --org`.
    """
    members, _ = organization
    result = execute("whole")
    merged = stored(result["keys"][0])

    assert timeless(here()) == timeless(merged)
    assert (20, 20, 0) == (len(merged.accounts), result["shards"], result["lost"])
    assert merged.account_names[members[0]].startswith("team-")
    assert merged == stored("reports/organization/latest.json")


def test_faults_end_as_gaps(organization):
    """
    A shard that dies once is tried again; one that dies for good, an account that refuses, credentials that expire and time
    that runs out are named, and nothing else is lost.
    """
    members, faults = organization
    accounts = members[:6]
    whole = timeless(here(ids=tuple(accounts)))
    flaky, dead, refusing, expiring, slow, _ = accounts
    faults.tries.clear()
    faults.killed = {flaky: 1, dead: 99}
    faults.refused, faults.expired, faults.hurried = {refusing}, {expiring}, {slow}
    result = execute("faults", accounts=accounts)
    faults.clear()
    merged = stored(result["keys"][0])
    gaps = collections.defaultdict(set)
    for shortfall in merged.coverage.shortfalls:
        gaps[shortfall.gap.account].add((shortfall.gap.operation, shortfall.gap.code))

    assert {dead, refusing, expiring, slow} == set(gaps)
    assert {("*", MISSING)} == gaps[dead]
    assert {("AssumeRole", "AccessDenied")} == gaps[refusing]
    assert {("GetQueueAttributes", "ExpiredToken")} == gaps[expiring]
    assert {DEADLINE} == {code for _, code in gaps[slow]}
    assert 2 == faults.tries[flaky]
    assert not merged.complete
    assert without(whole, set(gaps)) == without(timeless(merged), set(gaps))


def test_groups_of_regions(organization):
    """
    Shards of groups of regions merge to what one shard an account finds; one that is run twice changes nothing; without
    what passed the rest is the same.
    """
    members, _ = organization
    accounts = members[:2]
    result = execute("groups", accounts=accounts, regions_per_shard=1)
    merged = stored(result["keys"][0])
    prefix = f"reports/shards/run=groups/account={accounts[0]}/"
    event = {**EVENT, "step": "shard", "run": "groups", "accounts": accounts[:1], "regions": list(REGIONS[:1])}
    lambda_handler.handler(event, Context(900))
    again = lambda_handler.handler({**EVENT, "step": "merge", "run": "groups"}, Context(900))

    slim = execute("slim", accounts=accounts, passes=False)
    told = {Status.FAIL, Status.UNKNOWN}

    assert [f.fingerprint for f in stored(slim["keys"][0]).findings] == [
        f.fingerprint for f in merged.findings if f.status in told
    ]
    assert 4 == result["shards"]
    assert timeless(here(ids=tuple(accounts)))["findings"] == timeless(merged)["findings"]
    assert 2 == boto3.client("s3").list_objects_v2(Bucket=bucket(), Prefix=prefix)["KeyCount"]
    assert timeless(merged) == timeless(stored(again["keys"][0]))


def test_a_merge_that_fails_fails_the_run(organization):
    """
    A run whose report cannot be made is a failed one, for the alarm to tell of, and leaves the latest report as it was.
    """
    members, faults = organization
    before = stored("reports/organization/latest.json")
    faults.killed = {"merge": 1}
    status = execute("broken", accounts=members[:1])
    faults.clear()

    assert "FAILED" == status
    assert before == stored("reports/organization/latest.json")
