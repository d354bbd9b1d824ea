import datetime
import gzip
import json

import boto3
import botocore.client
import botocore.exceptions
import moto
import pytest
import structlog

from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT

from awsaudit import lambda_handler
from awsaudit.archive import Archive
from awsaudit.errors import ConfigError
from awsaudit.job import Job
from awsaudit.report import Report


OUTPUT = "s3://reports/nightly"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts"
EVENT = {"output": OUTPUT, "regions": ["eu-west-1"], "checks": ["sqs-encryption"], "formats": ["json", "jsonl"]}


class Context:
    """
    What Lambda says of an invocation.
    """

    def __init__(self, seconds):
        self._seconds = seconds

    def get_remaining_time_in_millis(self):
        return int(self._seconds * 1000)


@pytest.fixture(autouse=True)
def _environment(monkeypatch, tmp_path):
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_LAMBDA_FUNCTION_NAME": "awsaudit",
        "HOME": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    yield
    structlog.reset_defaults()


@pytest.fixture(name="aws")
def _aws():
    with moto.mock_aws():
        boto3.client("s3").create_bucket(
            Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        make_queue("deposits", encrypted=False)
        yield


@pytest.fixture(name="told")
def _told(aws):
    """
    Everything that was published to the topic since it was asked last.
    """
    topic = boto3.client("sns").create_topic(Name="alerts")["TopicArn"]
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName="inbox", Attributes={"SqsManagedSseEnabled": "true"})["QueueUrl"]
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:eu-west-1:{ACCOUNT}:inbox")

    def messages():
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in found]

    return messages


@pytest.fixture(name="refuse")
def _refuse(monkeypatch):
    """
    Makes an account refuse its role; moto refuses none.
    """
    real = botocore.client.BaseClient._make_api_call
    refused = set()

    def call(self, operation, params):
        if operation == "AssumeRole" and params["RoleArn"].split(":")[4] in refused:
            answer = {"Error": {"Code": "AccessDenied", "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": 403}}
            raise botocore.exceptions.ClientError(answer, operation)
        return real(self, operation, params)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)

    return refused.add


def make_queue(name, *, encrypted):
    boto3.client("sqs").create_queue(
        QueueName=name, Attributes={"SqsManagedSseEnabled": "true" if encrypted else "false"}
    )


def mend(name):
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": "true"})


def invoke(seconds=900, **more):
    return lambda_handler.handler({**EVENT, **more}, Context(seconds))


def stored(key):
    data = boto3.client("s3").get_object(Bucket="reports", Key=key)["Body"].read()
    return Report.from_json(json.loads(gzip.decompress(data) if key.endswith(".gz") else data))


def latest():
    return stored(f"nightly/account={ACCOUNT}/latest.json")


def test_writes_a_report(aws):
    """
    The reports lie under account and day, the latest beside them; what is returned is counts and keys.
    """
    (result,) = invoke()["reports"]
    folder = f"nightly/account={ACCOUNT}/date={datetime.datetime.now(datetime.UTC):%Y-%m-%d}/"
    written, lines = result["keys"]

    assert written.startswith(folder)
    assert lines == written.removesuffix("json") + "jsonl.gz"
    assert (True, 1, 0) == (result["complete"], result["failed"], result["unknown"])
    assert [f.check_id for f in stored(written).failed] == ["sqs-encryption"]
    assert stored(written) == latest()


def test_compares_with_the_run_before(aws):
    """
    What the latest report did not have is new, and what it had and is mended is fixed.
    """
    invoke()
    mend("deposits")
    make_queue("withdrawals", encrypted=False)
    (result,) = invoke()["reports"]

    assert (1, 1) == (result["new"], result["fixed"])
    assert ["withdrawals"] == [finding.resource.name for finding in latest().changes.new]


def test_tells_only_what_changed(told):
    """
    The first run tells, one that finds nothing else does not, and one that does names what is new and fixed.
    """
    notify = {"sns_topic_arn": TOPIC}
    invoke(notify=notify)
    (first,) = told()
    invoke(notify=notify)
    quiet = told()
    mend("deposits")
    invoke(notify=notify)
    (third,) = told()

    assert f"awsaudit {ACCOUNT}: first report, 1 failed" == first["Subject"]
    assert [] == quiet
    assert f"awsaudit {ACCOUNT}: 1 fixed" == third["Subject"]
    assert "s3://reports/nightly/account=" in third["Message"]


def test_a_message_that_cannot_be_sent_is_sent_the_next_time(told):
    """
    A run whose message fails does not become the latest, so that its news is not lost.
    """
    with pytest.raises(ConfigError, match="grant sns:Publish"):
        invoke(notify={"sns_topic_arn": f"{TOPIC}-typo"})
    invoke(notify={"sns_topic_arn": TOPIC})

    assert 1 == len(told())


def test_a_run_that_is_overtaken_leaves_the_later_report(aws, monkeypatch):
    """
    If a run that began later has written its report meanwhile, that one stays the latest.
    """
    real = Archive.latest
    later = {}

    def overtaken(self):
        before = real(self)
        if not later:
            later["id"] = True
            with monkeypatch.context() as patch:
                patch.setattr(Archive, "latest", real)
                invoke()
                document = json.loads(
                    boto3.client("s3")
                    .get_object(Bucket="reports", Key=f"nightly/account={ACCOUNT}/latest.json")["Body"]
                    .read()
                )
                document["scan"]["started"] = document["scan"]["finished"] = "2999-01-01T00:00:00Z"
                boto3.client("s3").put_object(
                    Bucket="reports", Key=f"nightly/account={ACCOUNT}/latest.json", Body=json.dumps(document)
                )
        return before

    monkeypatch.setattr(Archive, "latest", overtaken)
    invoke()

    assert 2999 == latest().started.year


def test_suppressions_from_s3(aws):
    """
    A failure that the file accepts is in the report and does not count.
    """
    stanza = '[[suppress]]\ncheck = "sqs-encryption"\nresource = "*"\nreason = "moves"\nexpires = 2999-01-01\n'
    boto3.client("s3").put_object(Bucket="reports", Key="accepted.toml", Body=stanza)
    (result,) = invoke(suppressions="s3://reports/accepted.toml")["reports"]

    assert 0 == result["failed"]
    assert 1 == len(latest().suppressed)


def test_configuration_from_s3(aws):
    """
    Settings come from a file in S3; the event goes before it.
    """
    boto3.client("s3").put_object(Bucket="reports", Key="awsaudit.toml", Body='region = ["eu-central-1"]\n')
    event = {key: value for key, value in EVENT.items() if key != "regions"}
    lambda_handler.handler({**event, "config": "s3://reports/awsaudit.toml"}, Context(900))
    first = latest().regions
    invoke(config="s3://reports/awsaudit.toml")

    assert (("eu-central-1",), ("eu-west-1",)) == (first, latest().regions)


def test_the_environment_mirrors_the_event(aws, monkeypatch):
    """
    Without an event the variables say what to do.
    """
    for name, value in {
        "AWSAUDIT_OUTPUT": OUTPUT,
        "AWSAUDIT_REGION": "eu-west-1",
        "AWSAUDIT_CHECK": "sqs-encryption",
        "AWSAUDIT_FORMATS": "json",
    }.items():
        monkeypatch.setenv(name, value)
    (result,) = lambda_handler.handler(None, Context(900))["reports"]

    assert 1 == len(result["keys"])
    assert (("eu-west-1",), 1) == (latest().regions, len(latest().checks))


def test_metrics(aws, capsys):
    """
    One line of the log is metrics: the run was completed, and what it found.
    """
    invoke()
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines() if "_aws" in text]
    (directive,) = line["_aws"]["CloudWatchMetrics"]

    assert (ACCOUNT, 1, 1) == (line["Scope"], line["Completed"], line["Failed"])
    assert {"Completed", "Failed", "New", "Fixed", "Unknown", "Duration"} == {m["Name"] for m in directive["Metrics"]}


def test_deadline(aws, capsys):
    """
    When the time is up the report is written, and says that it is not whole.
    """
    (result,) = invoke(seconds=lambda_handler.RESERVE + 0.01)["reports"]
    line = next(json.loads(text) for text in capsys.readouterr().out.splitlines() if "_aws" in text)

    assert (False, 0) == (result["complete"], line["Completed"])
    assert "DeadlineReached" == latest().coverage.stopped


def test_too_little_time():
    """
    A function whose time is no more than what writing needs is set up wrongly.
    """
    with pytest.raises(ConfigError, match="more time"):
        invoke(seconds=30)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({"region": ["eu-west-1"]}, "the event has no key 'region'; did you mean regions?"),
        ({"notify": {"topic": "arn"}}, "the event has no key notify.'topic'"),
        ({"version": 2}, "version: one of 1 is needed, not 2"),
        ({"step": "scna"}, "step: one of scan, plan, shard, merge is needed, not 'scna'"),
        ({"accounts": ["12"]}, "twelve digits"),
        ({"output": "reports/"}, "output: not a place in S3"),
        ({"output": OUTPUT, "formats": ["htm"]}, "there is no report format 'htm'; did you mean html?"),
        ({"output": OUTPUT, "step": "shard"}, "'run' is missing"),
        ({"output": OUTPUT, "step": "shard", "run": "a"}, "a shard is of one account"),
        ({"output": OUTPUT, "step": "plan", "run": "a", "regions_per_shard": 2}, "needs 'regions'"),
        ({"min_severity": "worst"}, "no severity"),
        ({}, "'output' is missing"),
    ],
)
def test_an_event_that_is_wrong(event, message):
    """
    A key that nobody knows, a value that is none and a key that is missing are errors that say which.
    """
    with pytest.raises(ConfigError) as raised:
        Job.of(event, {})

    assert message in str(raised.value)


def test_several_accounts(aws, refuse):
    """
    Each account has reports of its own; one that refuses has one that says so, and the others go on.
    """
    refuse("444455556666")
    refused, own = invoke(accounts=["444455556666", ACCOUNT])["reports"]
    report = stored("nightly/account=444455556666/latest.json")

    assert (1, True) == (own["failed"], own["complete"])
    assert "444455556666" == refused["scope"]
    assert [("444455556666", "AssumeRole", "AccessDenied")] == sorted(
        {(s.gap.account, s.gap.operation, s.gap.code) for s in report.coverage.missing}
    )
