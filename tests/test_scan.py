import datetime
import threading
import time

import boto3
import moto
import pytest
import structlog

from attrs import evolve
from structlog.testing import LogCapture

from awsaudit import Severity, Status, check, load, run, scan
from awsaudit.declare import Call, Fact, Resource, Scope
from awsaudit.errors import CredentialsError, SelectionError, SnapshotError
from awsaudit.evidence import Failure
from awsaudit.gap import GapKind
from awsaudit.inventory import Inventory, Target
from awsaudit.merge import merge
from awsaudit.parser import flag, text
from awsaudit.partition import GLOBAL
from awsaudit.plan import plan
from awsaudit.remediation import Remediation
from awsaudit.scan import Scan, Settings, open_live, open_snapshot, plan_of
from awsaudit.selection import Selection
from awsaudit.trust import Trust


AS_OF = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
HERE, THERE = "eu-west-1", "eu-central-1"
DENIED = Failure("AccessDenied", GapKind.DENIED)
REMEDIATION = Remediation(text="Mend it.", cli=None, url="https://docs.aws.amazon.com/")

QUEUES = Call("ListQueues", result="QueueUrls[]")
ATTRIBUTES = Call("GetQueueAttributes", result="Attributes", params={"QueueUrl": "$@"})
TOPICS = Call("ListTopics", result="Topics[].TopicArn")


class Queue(Resource):
    """A queue."""

    service = "sqs"
    type = "Test::Queue"
    listing = QUEUES
    label = "url"

    url = Fact(QUEUES, "@", text)
    arn = Fact(ATTRIBUTES, "QueueArn", text)
    encrypted = Fact(ATTRIBUTES, "SqsManagedSseEnabled", flag)


class Topic(Resource):
    """A topic."""

    service = "sns"
    type = "Test::Topic"
    listing = TOPICS

    arn = Fact(TOPICS, "@", text)


def judges(id_, **more):
    return check(id_, title="It is so", severity=Severity.LOW, remediation=REMEDIATION, **more)


@judges("own-encrypted")
def encrypted(queue: Queue):
    """Encrypted queues pass."""
    if not queue.encrypted:
        yield from ()
        raise AssertionError("no queue of these tests is open")


@judges("own-topic-named")
def topic_named(topic: Topic):
    """Every topic with an ARN passes."""
    assert topic.arn
    yield from ()


@judges("own-paired", uses=(Topic,))
def paired(queue: Queue, account: Inventory):
    """A queue has a topic of its name."""
    assert queue.encrypted
    account.first(Topic, lambda topic: topic.arn.endswith("orders"))
    yield from ()


class Answers:
    """Answers by operation and region; what is not there is an empty answer."""

    def __init__(self, answers=None):
        self.answers = {
            "GetQueueAttributes": {
                "Attributes": {"QueueArn": "arn:aws:sqs:eu-west-1:1:orders", "SqsManagedSseEnabled": "true"}
            },
            ("ListQueues", HERE): {"QueueUrls": ["https://sqs/orders"]},
            **(answers or {}),
        }
        self.asked = []
        self.closed = False

    def ask(self, request):
        self.asked.append((request.operation, request.region))
        found = self.answers.get((request.operation, request.region), self.answers.get(request.operation, {}))
        return found() if callable(found) else found

    def close(self):
        self.closed = True


def opened(checks, answers=None, *, regions=(HERE, THERE), cancelled=None, **settings):
    source = Answers(answers)
    target = Target("111122223333", "aws", tuple(regions), AS_OF)
    return Scan(plan(checks), source, target, Settings(**settings), cancelled=cancelled), source


@pytest.fixture(name="events")
def _events():
    """The events of the library, as an application that configured structlog gets them."""
    capture = LogCapture()
    structlog.configure(processors=[capture])
    yield capture.entries
    structlog.reset_defaults()


def test_findings_arrive_and_the_report_has_them():
    """
    Iterating yields what the report holds in the end; the source is closed then.
    """
    begun, source = opened([encrypted, topic_named, paired])
    findings = list(begun)

    assert {("own-encrypted", Status.PASS), ("own-paired", Status.PASS)} == {(f.check_id, f.status) for f in findings}
    assert sorted(f.fingerprint for f in findings) == sorted(f.fingerprint for f in begun.report().findings)
    assert {"Test::Queue": 1, "Test::Topic": 0} == begun.report().coverage.resources
    assert source.closed


def test_nothing_is_asked_twice():
    """
    Checks that share a call share its answer.
    """
    begun, source = opened([encrypted, paired])
    list(begun)

    assert len(source.asked) == len(set(source.asked))


def test_a_refused_call_is_unknown_and_a_shortfall():
    """
    What was refused is an unknown verdict of the checks that needed it, and one line of coverage with them.
    """
    begun, _ = opened(
        [encrypted, topic_named], {"GetQueueAttributes": DENIED, "ListTopics": {"Topics": [{"TopicArn": "arn"}]}}
    )
    found = {f.check_id: f.status for f in begun}
    (shortfall,) = begun.report().coverage.shortfalls

    assert {"own-encrypted": Status.UNKNOWN, "own-topic-named": Status.PASS} == found
    assert ("GetQueueAttributes", ("own-encrypted",)) == (shortfall.gap.operation, shortfall.checks)


def test_a_refused_listing_is_one_unknown_verdict_a_region():
    """
    Where nothing can be listed, the check says so once a region.
    """
    begun, _ = opened([encrypted, topic_named], {("ListQueues", HERE): DENIED})
    (finding,) = [f for f in begun if f.status is Status.UNKNOWN]

    assert ("own-encrypted", HERE, "arn:aws:sqs:eu-west-1:111122223333:*") == (
        finding.check_id,
        finding.region,
        finding.resource.arn,
    )


def test_a_closed_region_is_one_line(events):
    """
    A region that refuses every service is one shortfall and one event, not a finding a check.
    """
    refusals = {("ListQueues", THERE): DENIED, ("ListTopics", THERE): DENIED}
    begun, _ = opened([encrypted, topic_named], refusals)
    findings = list(begun)
    (shortfall,) = begun.report().coverage.shortfalls

    assert {HERE} == {f.region for f in findings}
    assert ("*", THERE, ("own-encrypted", "own-topic-named")) == (
        shortfall.gap.operation,
        shortfall.gap.region,
        shortfall.checks,
    )
    assert [{"event": "region.refused", "log_level": "warning", "region": THERE, "code": "AccessDenied"}] == [
        event for event in events if event["event"] == "region.refused"
    ]


def test_tells_a_log_what_it_does(events):
    """
    Start, end and refused calls are events with fields; the resources are not named.
    """
    begun, _ = opened([encrypted], {"GetQueueAttributes": DENIED})
    list(begun)

    assert ["scan.started", "call.refused", "scan.finished"] == [event["event"] for event in events]
    started, refused, finished = events
    assert (2, 1) == (started["regions"], started["checks"])
    assert {
        "event": "call.refused",
        "log_level": "info",
        "service": "sqs",
        "operation": "GetQueueAttributes",
        "region": HERE,
        "code": "AccessDenied",
    } == refused
    assert (1, None) == (finished["findings"], finished["stopped"])
    assert "orders" not in str(events)


def test_a_crashing_check_tells_its_place(events):
    """
    A check that crashes stops nothing; the event names the check, the error and the line, not the message.
    """
    answers = {"GetQueueAttributes": {"Attributes": {"QueueArn": "arn", "SqsManagedSseEnabled": "false"}}}
    begun, _ = opened([encrypted], answers)
    (finding,) = begun
    (event,) = [event for event in events if event["event"] == "check.crashed"]

    assert finding.crashed
    assert not begun.report().complete
    assert ("own-encrypted", "AssertionError") == (event["check"], event["error"])
    assert event["at"].rpartition(":")[0] == __file__
    assert "no queue" not in str(event)


def test_progress_counts():
    """
    Services, calls and findings are counted as they are done.
    """
    begun, _ = opened([encrypted, topic_named])
    assert (0, 0) == (begun.progress.asked, begun.progress.services)
    list(begun)
    now = begun.progress

    assert (2, 2, 4, 4) == (now.services, now.services_done, now.units, now.done)
    assert (5, 5, 0, 1, 0) == (now.asked, now.answered, now.failed, now.findings, now.throttled)


def test_cancelling_keeps_what_was_found():
    """
    After the event is set, what is missing is unknown, what was found stays, and every line of coverage is given.
    """
    cancelled = threading.Event()
    hung = threading.Event()
    begun, _ = opened([encrypted, topic_named], {"ListTopics": lambda: hung.wait(5) and {}}, cancelled=cancelled)
    threading.Timer(0.3, cancelled.set).start()
    started = time.monotonic()
    found = {(f.check_id, f.region): f.status for f in begun}
    report = begun.report()
    hung.set()

    assert time.monotonic() - started < 4
    assert {
        ("own-encrypted", HERE): Status.PASS,
        ("own-topic-named", HERE): Status.UNKNOWN,
        ("own-topic-named", THERE): Status.UNKNOWN,
    } == found
    assert ("Cancelled", False) == (report.coverage.stopped, report.complete)
    assert {"ListTopics"} == {shortfall.gap.operation for shortfall in report.coverage.shortfalls}


def test_a_deadline_stops_the_scan():
    """
    A scan whose time is over asks nothing more, and refuses no region.
    """
    begun, _ = opened([encrypted, topic_named], timeout=0.000001)
    findings = list(begun)

    assert {Status.UNKNOWN} == {f.status for f in findings}
    assert 4 == len(findings)
    assert "DeadlineReached" == begun.report().coverage.stopped


def test_only_selected_resources_are_judged():
    """
    A glob of ARNs leaves the others out.
    """
    begun, _ = opened([encrypted], selection=Selection(resources=("*:bills",)))

    assert [] == list(begun)


def test_options_reach_the_checks():
    """
    Settings of a check are its keyword arguments.
    """
    seen = []

    @judges("own-days")
    def days(queue: Queue, *, days: int = 90):
        """Pass."""
        seen.append((queue.url, days))
        yield from ()

    begun, _ = opened([days], options={"own-days": {"days": 30}})
    list(begun)

    assert [("https://sqs/orders", 30)] == seen


# The front doors, over moto


@pytest.fixture(name="account")
def _account(monkeypatch):
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    with moto.mock_aws():
        # Another account than the example, which may stand in this process at the same time.
        monkeypatch.setenv("MOTO_ACCOUNT_ID", "444455556666")
        session = boto3.Session(region_name=HERE)
        session.client("sqs").create_queue(QueueName="orders", Attributes={"SqsManagedSseEnabled": "false"})
        yield session


def test_run_and_scan_say_the_same(account):
    """
    `scan` yields the findings of the report that `run` returns.
    """
    chosen = {"session": account, "regions": [HERE], "checks": ["sqs-encryption"]}
    (finding,) = scan(**chosen)

    assert (finding,) == run(**chosen).findings
    assert ("fail", HERE) == (finding.status.value, finding.region)


def test_a_snapshot_replays_the_scan(account, tmp_path):
    """
    A saved scan gives the same findings again, without AWS and as of its own time.
    """
    settings = Settings(save_snapshot=tmp_path / "s.gz")
    live = run(session=account, regions=[HERE], checks=["sqs-*"], settings=settings)
    again = run(snapshot=tmp_path / "s.gz", checks=["sqs-*"])

    assert live.findings == again.findings
    assert (live.accounts, live.regions, 0) == (again.accounts, again.regions, again.coverage.requests)


def test_the_zone_of_trust_reaches_the_inventory(account, tmp_path):
    """
    Live or from a snapshot, checks see whom the settings trust; a snapshot holds no trust of its own.
    """
    chosen = Selection(checks=("sqs-encryption",))
    settings = Settings(chosen, regions=(HERE,), trust=Trust(accounts=("444455556666",)))
    live = open_live(evolve(settings, save_snapshot=tmp_path / "s.gz"), account)
    list(live)

    assert settings.trust == live.inventory.target.trust
    assert settings.trust == open_snapshot(settings, tmp_path / "s.gz").inventory.target.trust
    assert Trust() == open_snapshot(Settings(chosen), tmp_path / "s.gz").inventory.target.trust


def test_a_snapshot_holds_only_its_regions(account, tmp_path):
    """
    A region that the snapshot has not is an error, not an empty region.
    """
    run(session=account, regions=[HERE], checks=["sqs-encryption"], settings=Settings(save_snapshot=tmp_path / "s.gz"))

    with pytest.raises(SnapshotError, match="does not hold eu-central-1; it holds eu-west-1"):
        run(snapshot=tmp_path / "s.gz", regions=[THERE])


def test_a_report_reads_back(account, tmp_path):
    """
    What is written is what was found.
    """
    report = run(session=account, regions=[HERE], checks=["sqs-encryption"])
    report.write(tmp_path / "r.json")

    assert report == load(tmp_path / "r.json")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"regions": ["eu-wst-1"]}, "there is no region 'eu-wst-1'; did you mean eu-west-1?"),
        ({"min_severity": "bad"}, "'bad' is no severity"),
        ({"regions": [HERE], "settings": Settings(exclude_regions=(HERE,))}, "no region is left to scan"),
    ],
)
def test_selections_that_cannot_be(account, arguments, says):
    """
    A region or severity that is not there is told, with the nearest.
    """
    with pytest.raises(SelectionError) as raised:
        run(session=account, checks=["sqs-encryption"], **arguments)

    assert says in str(raised.value)


def test_without_credentials_there_is_no_scan(monkeypatch, tmp_path):
    """
    No credentials is an error that says where to get some.
    """
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    with pytest.raises(CredentialsError, match="run `aws configure` or `aws sso login`"):
        run(checks=["sqs-encryption"])


# Scans that share an account's regions


class Role(Resource):
    """A role, which has no region."""

    service = "iam"
    type = "Test::Role"
    scope = Scope.GLOBAL
    listing = Call("ListRoles", result="Roles[].Arn")

    arn = Fact(listing, "@", text)


class Bucket(Resource):
    """A bucket, which is listed for all regions at once and lives in one."""

    service = "s3"
    type = "Test::Bucket"
    scope = Scope.GLOBAL
    own_region = "$BucketRegion"
    listing = Call("ListBuckets", result="Buckets[]")

    arn = Fact(listing, "BucketArn", text)


@judges("own-role-named")
def role_named(role: Role):
    """Every role with an ARN passes."""
    assert role.arn
    yield from ()


@judges("own-bucket-named")
def bucket_named(bucket: Bucket):
    """Every bucket with an ARN passes."""
    assert bucket.arn
    yield from ()


@judges("own-topic-roles", uses=(Role.arn,))
def topic_roles(topic: Topic, account: Inventory):
    """A topic of an account with a role passes."""
    assert topic.arn
    account.first(Role, lambda role: bool(role.arn))
    yield from ()


SHARED = (role_named, bucket_named, topic_roles)
WORLD = {
    "ListTopics": {"Topics": [{"TopicArn": "arn:topic"}]},
    "ListRoles": {"Roles": [{"Arn": "arn:role"}]},
    "ListBuckets": {
        "Buckets": [{"BucketArn": f"arn:{region}", "BucketRegion": region} for region in (HERE, THERE)],
    },
}


def shards(answers=WORLD):
    """Return the reports of two scans that share the two regions."""
    made = []
    for region, whole in ((HERE, True), (THERE, False)):
        settings = Settings(global_services=whole)
        source, target = Answers(answers), Target("111122223333", "aws", (region,), AS_OF)
        judging = plan(check for check in SHARED if any(map(settings.judges, check.resources)))
        begun = Scan(evolve(judging, checks=SHARED), source, target, settings)
        list(begun)
        made.append((begun.report(), source))
    return made


def test_shards_add_up_to_the_whole():
    """
    Services without regions are judged by one scan, buckets by that of their region; merged, nothing is missing or twice.
    """
    begun, _ = opened(SHARED, WORLD)
    list(begun)
    whole = begun.report()
    (one, _), (other, asked) = shards()
    merged = merge([one, other])

    assert sorted(f.fingerprint for f in whole.findings) == sorted(f.fingerprint for f in merged.findings)
    assert {f.region for f in other.findings} == {THERE}
    assert (whole.coverage.resources, whole.accounts) == (merged.coverage.resources, merged.accounts)
    assert {
        (HERE, "Test::Bucket", 1),
        (HERE, "Test::Topic", 1),
        (THERE, "Test::Bucket", 1),
        (THERE, "Test::Topic", 1),
        (GLOBAL, "Test::Role", 1),
    } == {(p.region, type_, number) for p in merged.coverage.parts for type_, number in p.resources.items()}
    assert ("ListRoles", "us-east-1") in asked.asked


def test_the_plan_of_a_shard_leaves_services_without_regions_out():
    """
    A check of such a service asks for nothing; what other checks look up there is asked.
    """
    chosen = Selection(checks=("iam-password-policy-min-length", "sqs-encryption", "s3-bucket-tls"))
    operations = {o.operation for o in plan_of(Settings(chosen, global_services=False)).operations()}

    assert "GetAccountPasswordPolicy" not in operations
    assert {"ListQueues", "ListBuckets"} < operations
    assert 3 == len(plan_of(Settings(chosen, global_services=False)).checks)


def test_refusals_in_a_shard_belong_to_its_regions():
    """
    What is refused of services without regions is unknown in the regions of the scan that asked, and a shortfall of its own
    part: another scan that was answered does not hide it.
    """
    (one, _), _ = shards()
    _, (other, _) = shards({**WORLD, "ListBuckets": DENIED, "ListRoles": DENIED})
    merged = merge([one, other])

    assert {("own-bucket-named", THERE), ("own-topic-roles", THERE)} == {
        (f.check_id, f.region) for f in merged.findings if f.status is Status.UNKNOWN
    }
    assert {("ListBuckets", GLOBAL, THERE), ("ListRoles", GLOBAL, THERE)} == {
        (s.gap.operation, s.gap.region, s.part) for s in merged.coverage.shortfalls
    }


def test_a_bucket_that_could_not_be_listed_is_not_fixed():
    """
    Buckets are listed for all regions at once: where that is refused, earlier failures in any region are still open.
    """
    (one, _), _ = shards()
    failing = evolve(one.findings[0], check_id="own-bucket-named", status=Status.FAIL, region=HERE)
    begun, _ = opened(SHARED, {**WORLD, "ListBuckets": DENIED})
    list(begun)
    changes = evolve(one, findings=(failing,)).diff(begun.report())

    assert ((), (failing.fingerprint,)) == (changes.fixed, tuple(f.fingerprint for f in changes.unseen))
