"""Each shape of call, against botocore's own stubs."""

import datetime
import threading
import time

import boto3
import pytest

from botocore.stub import Stubber

from awsaudit.collect import Collector
from awsaudit.declare import Ago, Batch, Call, Fact, From, Poll, Resource, Scope
from awsaudit.errors import EvidenceMissing
from awsaudit.evidence import Failure, Request
from awsaudit.gap import Gap, GapKind
from awsaudit.inventory import Inventory, Target
from awsaudit.live import Live, Tuning
from awsaudit.parser import flag, integer, many, optional_text, record, text
from awsaudit.plan import Plan, Step
from awsaudit.plan import _tree as tree_of_call


AS_OF = datetime.datetime(2026, 11, 24, 12, 0, tzinfo=datetime.UTC)


class Session:
    """Hands out stubbed clients, one a service and region."""

    def __init__(self):
        self.stubs = {}

    def stub(self, service, region="eu-west-1"):
        if (service, region) not in self.stubs:
            keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
            self.stubs[service, region] = Stubber(boto3.client(service, region_name=region, **keys))
            self.stubs[service, region].activate()
        return self.stubs[service, region]

    def client(self, service, region_name, config):
        assert config.connect_timeout
        return self.stub(service, region_name).client


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def plan_of(*kinds):
    steps = {}
    for kind in kinds:
        calls = tuple(call for call in kind.calls() if call != kind.listing)
        steps[kind] = Step(kind, kind.facts(), calls)
    kept = {}
    for step in steps.values():
        for call in step.kind.calls():
            key = f"{step.kind.service_of(call)}:{call.operation}"
            found = tree_of_call(call, step, steps)
            kept[key] = found if key not in kept else {**kept[key], **found}
    return Plan((), steps, kept)


def collect(session, *kinds, regions=("eu-west-1",), partition="aws"):
    plan = plan_of(*kinds)
    target = Target("111122223333", partition, regions, AS_OF)
    inventory = Inventory(target)
    # One worker: stubs want their calls in order.
    for collected in Collector(plan, Live(session, plan, Tuning(workers=1)), target, workers=1):
        inventory.add(collected)
    return inventory


QUEUES = Call("ListQueues", result="QueueUrls[]", page_size=("MaxResults", 2))
ATTRIBUTES = Call(
    "GetQueueAttributes",
    result="Attributes",
    params={"QueueUrl": "$@", "AttributeNames": ["All"]},
    gone=("AWS.SimpleQueueService.NonExistentQueue",),
)


class Queue(Resource):
    """A queue."""

    service = "sqs"
    type = "Test::Queue"
    listing = QUEUES
    label = "url"

    url = Fact(QUEUES, "@", text)
    arn = Fact(ATTRIBUTES, "QueueArn", text)
    fifo = Fact(ATTRIBUTES, "FifoQueue", flag)


def test_follows_pages_empty_ones_too(session):
    """
    The page size makes AWS page; a second page, and an empty one with a token, are followed.
    """
    sqs = session.stub("sqs")
    sqs.add_response("list_queues", {"QueueUrls": ["a"], "NextToken": "1"}, {"MaxResults": 2})
    sqs.add_response("list_queues", {"NextToken": "2"}, {"MaxResults": 2, "NextToken": "1"})
    sqs.add_response("list_queues", {"QueueUrls": ["b"]}, {"MaxResults": 2, "NextToken": "2"})
    for url in "ab":
        answer = {"Attributes": {"QueueArn": f"arn:{url}"}}
        sqs.add_response("get_queue_attributes", answer, {"QueueUrl": url, "AttributeNames": ["All"]})

    found = collect(session, Queue).every(Queue)

    assert [("a", "arn:a", False), ("b", "arn:b", False)] == [(q.url, q.arn, q.fifo) for q in found]


def test_a_repeated_token_is_malformed(session):
    """
    A list that never ends is not taken for a list.
    """
    sqs = session.stub("sqs")
    for _ in range(2):
        sqs.add_response("list_queues", {"QueueUrls": ["a"], "NextToken": "1"})

    with pytest.raises(EvidenceMissing, match="PaginationError") as caught:
        collect(session, Queue).every(Queue)
    assert GapKind.MALFORMED is caught.value.gap.kind


def test_a_refused_detail_costs_its_facts_only(session):
    """
    The queue stays, its listed facts too; the refused ones say why.
    """
    sqs = session.stub("sqs")
    sqs.add_response("list_queues", {"QueueUrls": ["a"]})
    sqs.add_client_error("get_queue_attributes", "AccessDenied", "explicit deny in a service control policy", 403)

    (queue,) = collect(session, Queue).every(Queue)

    assert "a" == queue.url
    with pytest.raises(EvidenceMissing) as caught:
        _ = queue.fifo
    assert (
        Gap(
            "111122223333",
            "eu-west-1",
            "sqs",
            "GetQueueAttributes",
            "AccessDenied",
            GapKind.DENIED,
            ("sqs:GetQueueAttributes",),
            "a",
            "service control policy",
        )
        == caught.value.gap
    )


def test_one_gone_between_list_and_detail_is_no_resource(session):
    """
    A queue that was deleted meanwhile is left out.
    """
    sqs = session.stub("sqs")
    sqs.add_response("list_queues", {"QueueUrls": ["a"]})
    sqs.add_client_error("get_queue_attributes", "AWS.SimpleQueueService.NonExistentQueue")

    assert () == collect(session, Queue).every(Queue)


def test_a_refused_listing_hides_everything(session):
    """
    A type whose listing was refused is not an empty type.
    """
    session.stub("sqs").add_client_error("list_queues", "AccessDenied", http_status_code=403)

    inventory = collect(session, Queue)

    assert [] == list(inventory.seen(Queue))
    with pytest.raises(EvidenceMissing, match="grant sqs:ListQueues"):
        inventory.first(Queue, lambda _: True)


def test_an_answer_of_another_form_is_malformed(session):
    """
    A value that its parser cannot read makes that fact unknown and no other.
    """
    sqs = session.stub("sqs")
    sqs.add_response("list_queues", {"QueueUrls": ["a"]})
    sqs.add_response("get_queue_attributes", {"Attributes": {"QueueArn": "arn:a", "FifoQueue": "perhaps"}})

    (queue,) = collect(session, Queue).every(Queue)

    assert "arn:a" == queue.arn
    with pytest.raises(EvidenceMissing, match="Unreadable:fifo"):
        _ = queue.fifo


BUSES = Call("ListEventBuses", result="EventBuses[]")
RULES = Call(
    "ListRules", result="Rules[]", params={"EventBusName": "$parent:Name"}, gone=("ResourceNotFoundException",)
)
TARGETS = Call(
    "ListTargetsByRule", result="Targets[]", params={"EventBusName": "$parent:EventBusName", "Rule": "$parent:Name"}
)


class Bus(Resource):
    """A bus."""

    service = "events"
    type = "Test::Bus"
    listing = BUSES
    arn = Fact(BUSES, "Arn", text)


class Rule(Resource):
    """A rule."""

    service = "events"
    type = "Test::Rule"
    listing = RULES
    parent = Bus
    arn = Fact(RULES, "Arn", text)


class Hit(Resource):
    """A target."""

    service = "events"
    type = "Test::Target"
    listing = TARGETS
    parent = Rule
    id = Fact(TARGETS, "Id", text)

    @property
    def arn(self):
        """Where it is."""
        return f"{self.parent_resource.arn}#{self.id}"


def test_lists_children_under_each_parent(session):
    """
    Buses have rules, rules have targets; each is asked with its parent's own values and knows its parent.
    """
    events = session.stub("events")
    arn = "arn:aws:events:eu-west-1:111122223333:event-bus/"
    events.add_response("list_event_buses", {"EventBuses": [{"Name": n, "Arn": arn + n} for n in "ab"]})
    for bus in "ab":
        rule = {"Name": f"r{bus}", "Arn": f"{arn}r{bus}", "EventBusName": bus}
        events.add_response("list_rules", {"Rules": [rule]}, {"EventBusName": bus})
    target = {"Id": "1", "Arn": arn + "x"}
    events.add_response("list_targets_by_rule", {"Targets": [target]}, {"EventBusName": "a", "Rule": "ra"})
    events.add_client_error("list_targets_by_rule", "AccessDenied", http_status_code=403)

    inventory = collect(session, Bus, Rule, Hit)
    one, two = inventory.every(Rule)

    assert [f"{arn}ra#1"] == [t.arn for t in inventory.children(one, Hit)]
    with pytest.raises(EvidenceMissing, match="ListTargetsByRule"):
        inventory.children(two, Hit)
    with pytest.raises(EvidenceMissing, match="ListTargetsByRule"):
        inventory.every(Hit)
    assert f"{arn}a" == one.parent_resource.arn


def test_children_of_a_parent_that_is_gone_are_gone(session):
    """
    A bus that was deleted before its rules were listed has none.
    """
    events = session.stub("events")
    events.add_response("list_event_buses", {"EventBuses": [{"Name": "a", "Arn": "arn:aws:events:a"}]})
    events.add_client_error("list_rules", "ResourceNotFoundException")

    assert () == collect(session, Bus, Rule).every(Rule)


PROJECTS = Call("ListProjects", result="projects[]")
DETAILS = Call(
    "BatchGetProjects",
    result="projects[]",
    batch=Batch("names", 2, key="name", failures="projectsNotFound[]"),
)


class Project(Resource):
    """A build project."""

    service = "codebuild"
    type = "Test::Project"
    listing = PROJECTS
    label = "name"
    name = Fact(PROJECTS, "@", text)
    arn = Fact(DETAILS, "arn", text)


def test_asks_for_many_at_once(session):
    """
    Names go in batches of the declared size; each resource gets its share; one without is not answered.
    """
    arn = "arn:aws:codebuild:eu-west-1:111122223333:project/"
    build = session.stub("codebuild")
    build.add_response("list_projects", {"projects": ["aa", "bb", "cc"]})
    both = {"projects": [{"name": "bb", "arn": arn + "b"}, {"name": "aa", "arn": arn + "a"}]}
    build.add_response("batch_get_projects", both, {"names": ["aa", "bb"]})
    build.add_response("batch_get_projects", {"projects": [], "projectsNotFound": ["cc"]}, {"names": ["cc"]})

    a, b, c = collect(session, Project).every(Project)

    assert [arn + "a", arn + "b"] == [a.arn, b.arn]
    with pytest.raises(EvidenceMissing, match="BatchGetProjects"):
        _ = c.arn


def test_a_refused_batch_is_refused_for_each(session):
    """
    Every resource of a batch that was refused says so.
    """
    build = session.stub("codebuild")
    build.add_response("list_projects", {"projects": ["aa", "bb"]})
    build.add_client_error("batch_get_projects", "AccessDeniedException", http_status_code=400)

    for project in collect(session, Project).every(Project):
        with pytest.raises(EvidenceMissing, match="grant codebuild:BatchGetProjects"):
            _ = project.arn


DETAIL = Call("GetAccountAuthorizationDetails", result="RoleDetailList[]")
OTHERS = Call("GetAccountAuthorizationDetails", result="UserDetailList[]")


class Role(Resource):
    """A role."""

    service = "iam"
    type = "Test::Role"
    listing = DETAIL
    scope = Scope.GLOBAL
    arn = Fact(DETAIL, "Arn", text)


class User(Resource):
    """A user."""

    service = "iam"
    type = "Test::User"
    listing = OTHERS
    scope = Scope.GLOBAL
    arn = Fact(OTHERS, "Arn", text)


def test_types_share_one_call(session):
    """
    Roles and users come out of one request, sent once to the home region, whatever the scan's regions.
    """
    iam = session.stub("iam", "us-east-1")
    arn = "arn:aws:iam::111122223333:"
    answer = {"RoleDetailList": [{"Arn": arn + "role/reader"}], "UserDetailList": [{"Arn": arn + "user/someone"}]}
    iam.add_response("get_account_authorization_details", answer, {})

    inventory = collect(session, Role, User, regions=("eu-west-1", "eu-central-1"))

    assert [("global", arn + "role/reader")] == [(r.region, r.arn) for r in inventory.every(Role)]
    assert [("global", arn + "user/someone")] == [(u.region, u.arn) for u in inventory.every(User)]


@pytest.mark.parametrize(("partition", "home"), [("aws-us-gov", "us-gov-west-1"), ("aws-cn", "cn-north-1")])
def test_global_services_have_a_home_in_each_partition(session, partition, home):
    """
    IAM is asked where the partition has it.
    """
    session.stub("iam", home).add_response("get_account_authorization_details", {}, {})

    assert () == collect(session, Role, regions=("somewhere-1",), partition=partition).every(Role)


REPORT = Call(
    "GetCredentialReport",
    result="{Content: Content}",
    poll=Poll("GenerateCredentialReport", done="State == 'COMPLETE'", tries=3, wait=0),
)


class Credentials(Resource):
    """The account's credentials."""

    service = "iam"
    type = "Test::Credentials"
    scope = Scope.GLOBAL
    arn = Fact(REPORT, "Content", text)


def test_waits_for_a_report(session):
    """
    A report is asked to be made, then asked for until it is done; there is one resource an account without a listing.
    """
    iam = session.stub("iam", "us-east-1")
    iam.add_response("generate_credential_report", {"State": "STARTED"})
    iam.add_response("generate_credential_report", {"State": "COMPLETE"})
    iam.add_response("get_credential_report", {"Content": b"user,arn"})

    (found,) = collect(session, Credentials).every(Credentials)

    assert "user,arn" == found.arn


def test_does_not_wait_for_ever(session):
    """
    A report that is not made within the bound is a gap.
    """
    iam = session.stub("iam", "us-east-1")
    for _ in range(3):
        iam.add_response("generate_credential_report", {"State": "INPROGRESS"})

    (found,) = collect(session, Credentials).every(Credentials)

    with pytest.raises(EvidenceMissing, match="ReportNotReady"):
        _ = found.arn


SETTINGS = Call("GetEbsEncryptionByDefault")


class Ebs(Resource):
    """A region's EBS settings."""

    service = "ec2"
    type = "Test::Ebs"
    encrypted = Fact(SETTINGS, "EbsEncryptionByDefault", flag)

    @property
    def arn(self):
        """Where it is."""
        return f"arn:aws:ec2:{self.region}"


def test_one_resource_a_region_without_a_listing(session):
    """
    Settings of a region are one resource in each region.
    """
    for region, value in (("eu-west-1", True), ("us-east-1", False)):
        session.stub("ec2", region).add_response("get_ebs_encryption_by_default", {"EbsEncryptionByDefault": value})

    found = collect(session, Ebs, regions=("eu-west-1", "us-east-1")).every(Ebs)

    assert [("eu-west-1", True), ("us-east-1", False)] == [(e.region, e.encrypted) for e in found]


BUCKETS = Call("ListBuckets", result="Buckets[]", action="s3:ListAllMyBuckets")
POLICY = Call("GetBucketPolicy", params={"Bucket": "$Name"}, absent=("NoSuchBucketPolicy",))
VERSIONS = Call("GetBucketVersioning", params={"Bucket": "$Name"})


class Bucket(Resource):
    """A bucket."""

    service = "s3"
    type = "Test::Bucket"
    listing = BUCKETS
    scope = Scope.GLOBAL
    own_region = "$BucketRegion"
    label = "name"
    name = Fact(BUCKETS, "Name", text)
    policy = Fact(POLICY, "Policy", optional_text)
    versions = Fact(VERSIONS, "Status", optional_text)

    @property
    def arn(self):
        """Its ARN."""
        return f"arn:aws:s3:::{self.name}"


def test_asks_each_item_in_its_own_region(session):
    """
    Buckets are listed once and described where they are; those of other regions are left out; each detail has its own
    error rules.
    """
    buckets = [{"Name": "here", "BucketRegion": "eu-west-1"}, {"Name": "there", "BucketRegion": "ap-south-1"}]
    session.stub("s3", "us-east-1").add_response("list_buckets", {"Buckets": buckets})
    here = session.stub("s3", "eu-west-1")
    here.add_client_error("get_bucket_policy", "NoSuchBucketPolicy", http_status_code=404)
    here.add_response("get_bucket_versioning", {"Status": "Enabled"}, {"Bucket": "here"})

    (bucket,) = collect(session, Bucket).every(Bucket)

    assert ("eu-west-1", None, "Enabled") == (bucket.region, bucket.policy, bucket.versions)
    assert "s3:ListAllMyBuckets" in plan_of(Bucket).actions()


KEYS = Call("ListKeys", result="Keys[]")
KEY = Call("DescribeKey", result="KeyMetadata", params={"KeyId": "$KeyId"})
ROTATION = Call("GetKeyRotationStatus", params={"KeyId": From(KEY, "Arn")}, when=From(KEY, "KeyManager == 'CUSTOMER'"))


class Key(Resource):
    """A key."""

    service = "kms"
    type = "Test::Key"
    listing = KEYS
    label = "id"
    id = Fact(KEYS, "KeyId", text)
    arn = Fact(KEY, "Arn", text)
    rotates = Fact(ROTATION, "KeyRotationEnabled", flag)


def test_a_call_may_need_another_ones_result(session):
    """
    A parameter comes out of another call's answer; a condition that is false makes no request; what hangs on a refused
    call is refused too.
    """
    kms = session.stub("kms")
    kms.add_response("list_keys", {"Keys": [{"KeyId": "a"}, {"KeyId": "b"}, {"KeyId": "c"}]})
    kms.add_response(
        "describe_key", {"KeyMetadata": {"KeyId": "a", "Arn": "arn:a" + "." * 20, "KeyManager": "CUSTOMER"}}
    )
    kms.add_response("describe_key", {"KeyMetadata": {"KeyId": "b", "Arn": "arn:b" + "." * 20, "KeyManager": "AWS"}})
    kms.add_client_error("describe_key", "AccessDeniedException", http_status_code=400)
    kms.add_response("get_key_rotation_status", {"KeyRotationEnabled": True}, {"KeyId": "arn:a" + "." * 20})

    a, b, c = collect(session, Key).every(Key)

    assert (True, False) == (a.rotates, b.rotates)
    with pytest.raises(EvidenceMissing, match="grant kms:DescribeKey"):
        _ = c.rotates


METRICS = Call(
    "GetMetricData",
    service="cloudwatch",
    result="MetricDataResults[]",
    params={"StartTime": Ago(days=7), "EndTime": Ago()},
    batch=Batch(
        "MetricDataQueries",
        2,
        each={"Id": "$scan:index", "Expression": "$Name"},
        key="Id",
        value="$scan:index",
    ),
)


class Metered(Resource):
    """A bus with a metric."""

    service = "events"
    type = "Test::Metered"
    listing = BUSES
    arn = Fact(BUSES, "Arn", text)
    sums = Fact(METRICS, "Values", many(integer))


def test_batches_may_go_to_another_service_and_count(session):
    """
    A batch's element is a structure of its own; positions tell the results apart; times are before the scan.
    """
    buses = [{"Name": n, "Arn": f"arn:aws:events:{n}"} for n in "abc"]
    session.stub("events").add_response("list_event_buses", {"EventBuses": buses})
    metrics = session.stub("cloudwatch")
    span = {"StartTime": AS_OF - datetime.timedelta(days=7), "EndTime": AS_OF}
    first = [{"Id": "0", "Expression": "a"}, {"Id": "1", "Expression": "b"}]
    answer = {"MetricDataResults": [{"Id": "1", "Values": [2.0]}, {"Id": "0", "Values": [1.0]}]}
    metrics.add_response("get_metric_data", answer, {"MetricDataQueries": first, **span})
    second = [{"Id": "0", "Expression": "c"}]
    answer = {"MetricDataResults": [{"Id": "0", "Values": []}]}
    metrics.add_response("get_metric_data", answer, {"MetricDataQueries": second, **span})

    assert [(1,), (2,), ()] == [m.sums for m in collect(session, Metered).every(Metered)]


class Source:
    """Answers out of functions, and counts."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []
        self.lock = threading.Lock()

    def ask(self, request):
        with self.lock:
            self.asked.append(request)
        return self.answer(request)

    def close(self):
        pass


def target(*regions):
    return Target("111122223333", "aws", regions or ("eu-west-1",), AS_OF)


def test_sends_no_request_twice():
    """
    Two keys with one rotation status, and two types with one listing, ask once.
    """

    def answer(request):
        if request.operation == "ListKeys":
            return {"Keys": [{"KeyId": "a"}, {"KeyId": "a"}]}
        if request.operation == "DescribeKey":
            return {"KeyMetadata": {"Arn": "arn:a", "KeyManager": "CUSTOMER"}}
        return {"KeyRotationEnabled": True}

    source = Source(answer)
    (collected,) = Collector(plan_of(Key), source, target())

    assert 2 == len(collected.resources)
    assert 3 == len(source.asked) == len(set(source.asked))


def test_a_region_that_hangs_delays_nothing_else():
    """
    While one region does not answer, the others are done; half of the workers are left to them.
    """
    release = threading.Event()

    def answer(request):
        if request.region == "hung-1":
            release.wait(10)
        return {"QueueUrls": [f"{request.region}/{i}" for i in range(20)]} if request.operation == "ListQueues" else {}

    done = []
    for collected in Collector(plan_of(Queue), Source(answer), target("hung-1", "a-1", "b-1"), workers=4):
        done.append(collected.region)
        if len(done) == 2:
            release.set()

    assert {"a-1", "b-1"} == set(done[:2])


def test_takes_more_workers_while_it_runs():
    """
    A scan that is given more workers has as many questions under way from its next answer on.
    """
    together = threading.Barrier(3)

    def answer(request):
        if request.operation == "ListQueues":
            collector.share(3)
            return {"QueueUrls": ["a", "b", "c"]}
        together.wait(10)
        return {}

    collector = Collector(plan_of(Queue), Source(answer), target(), workers=1)
    (collected,) = collector

    assert 3 == len(collected.resources)
    assert not together.broken


def test_gives_up_on_an_endpoint_that_never_answers():
    """
    After three time-outs, and no answer ever, the rest of that service and region is not asked; others are.
    """
    silent = Failure("ConnectTimeoutError", GapKind.TIMEOUT)

    def answer(request):
        if request.service == "sqs":
            return silent
        return {"EventBuses": [{"Arn": f"arn:aws:events:{i}"} for i in range(9)]}

    class Watched(Resource):
        """A bus with nine queues."""

        service = "events"
        type = "Test::Watched"
        listing = BUSES
        more = Call("GetQueueAttributes", service="sqs", params={"QueueUrl": "$Arn"})
        arn = Fact(BUSES, "Arn", text)
        fifo = Fact(more, "Attributes.FifoQueue", flag)

    source = Source(answer)
    (collected,) = Collector(plan_of(Watched), source, target(), workers=1)

    listing, silent_ones, one_under_way = 1, 3, 1
    assert listing + silent_ones + one_under_way == len(source.asked)
    assert {GapKind.TIMEOUT} == {bus.values["fifo"].kind for bus in collected.resources}


def test_a_deadline_ends_the_scan_in_gaps():
    """
    What was not answered by then is a gap that says so; the scan returns at once.
    """
    release = threading.Event()

    def answer(request):
        if request.operation == "GetQueueAttributes":
            release.wait(10)
        return {"QueueUrls": ["a"]}

    collector = Collector(plan_of(Queue), Source(answer), target(), deadline=time.monotonic() + 0.2)
    (collected,) = collector
    release.set()

    assert "DeadlineReached" == collector.stopped.code
    with pytest.raises(EvidenceMissing, match="longer --timeout"):
        _ = collected.resources[0].arn


def test_can_be_cancelled():
    """
    The event ends the scan like a deadline; what was found is kept.
    """
    cancelled = threading.Event()

    def answer(request):
        if request.operation == "GetQueueAttributes":
            cancelled.set()
            time.sleep(1)
        return {"QueueUrls": ["a"]}

    collector = Collector(plan_of(Queue), Source(answer), target(), cancelled=cancelled)
    (collected,) = collector

    assert "Cancelled" == collector.stopped.code
    assert ["a"] == [queue.url for queue in collected.resources]


def test_records_every_question_once():
    """
    What is written to a snapshot is every question with its answer or failure.
    """
    recorded = []
    source = Source(lambda r: {"QueueUrls": ["a"]} if r.operation == "ListQueues" else Failure("X", GapKind.DENIED))
    list(Collector(plan_of(Queue), source, target(), record=lambda request, answer: recorded.append((request, answer))))

    assert ["ListQueues", "GetQueueAttributes"] == [request.operation for request, _ in recorded]
    assert isinstance(recorded[1][1], Failure)


def test_an_unexpected_error_is_not_swallowed():
    """
    A fault of ours in a worker thread reaches the caller.
    """

    def answer(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(Collector(plan_of(Queue), Source(answer), target()))


def test_same_request_whatever_the_order_of_parameters():
    """
    Requests are equal by their canonical parameters.
    """
    one = Request.of("r", "s", "o", {"a": 1, "b": AS_OF})
    other = Request.of("r", "s", "o", {"b": AS_OF, "a": 1})

    assert one == other
    assert hash(one) == hash(other)


def test_records_name_only_what_they_read():
    """
    A record keeps the paths of its fields.
    """
    parse = record(dict, a="A.B", c=("C[].D", many(text)))

    assert {"A": {"B": "whole"}, "C": {"D": "whole"}} == parse.tree
    assert {"a": None, "c": ("x",)} == parse({"C": [{"D": "x"}]})


TWO_METRICS = Call(
    "GetMetricData",
    service="cloudwatch",
    result="MetricDataResults[]",
    params={"StartTime": Ago(days=7), "EndTime": Ago()},
    batch=Batch(
        "MetricDataQueries",
        2,
        each=[{"Id": "a$scan:index", "Expression": "$Name"}, {"Id": "b$scan:index", "Expression": "$Arn"}],
        key="Id",
        value=["a$scan:index", "b$scan:index"],
        failures="MetricDataResults[?StatusCode!='Complete']",
        failure_key="Id",
        failure_code="StatusCode",
    ),
)


class TwiceMetered(Resource):
    """A bus with two metrics."""

    service = "events"
    type = "Test::TwiceMetered"
    listing = BUSES
    arn = Fact(BUSES, "Arn", text)
    first = Fact(TWO_METRICS, "[0].Values", many(integer))
    second = Fact(TWO_METRICS, "[1].Values", many(integer))


def test_a_batch_may_ask_several_things_of_each(session):
    """
    A list of elements and of identifiers stands for one resource; one that AWS could not finish is a gap, even where
    a part of it was answered.
    """
    buses = [{"Name": n, "Arn": f"arn:{n}"} for n in "xy"]
    session.stub("events").add_response("list_event_buses", {"EventBuses": buses})
    queries = [
        {"Id": f"{kind}{index}", "Expression": text}
        for index, name in enumerate("xy")
        for kind, text in (("a", name), ("b", f"arn:{name}"))
    ]
    answered = [
        {"Id": "b0", "Values": [2.0], "StatusCode": "Complete"},
        {"Id": "a0", "Values": [1.0], "StatusCode": "Complete"},
        {"Id": "a1", "Values": [3.0], "StatusCode": "PartialData"},
        {"Id": "b1", "Values": [], "StatusCode": "Complete"},
    ]
    span = {"StartTime": AS_OF - datetime.timedelta(days=7), "EndTime": AS_OF, "MetricDataQueries": queries}
    session.stub("cloudwatch").add_response("get_metric_data", {"MetricDataResults": answered}, span)

    x, y = collect(session, TwiceMetered).every(TwiceMetered)

    assert ((1,), (2,)) == (x.first, x.second)
    with pytest.raises(EvidenceMissing, match="PartialData"):
        _ = y.first


def test_follows_tokens_without_a_paginator(session):
    """
    Botocore has no paginator for ListEventBuses; its token is followed all the same, and never in a circle.
    """
    events = session.stub("events")
    events.add_response("list_event_buses", {"EventBuses": [{"Name": "a", "Arn": "arn:a"}], "NextToken": "1"}, {})
    second = {"EventBuses": [{"Name": "b", "Arn": "arn:b"}]}
    events.add_response("list_event_buses", second, {"NextToken": "1"})

    assert ["arn:a", "arn:b"] == [bus.arn for bus in collect(session, Named).every(Named)]


def test_a_token_that_leads_nowhere_is_malformed(session):
    """
    Where AWS answers the token that it was sent, the listing is a gap and not a part of the truth.
    """
    events = session.stub("events")
    events.add_response("list_event_buses", {"EventBuses": [], "NextToken": "1"}, {})
    events.add_response("list_event_buses", {"EventBuses": [], "NextToken": "1"}, {"NextToken": "1"})

    with pytest.raises(EvidenceMissing, match="PaginationError"):
        collect(session, Named).every(Named)


class Named(Resource):
    """A bus by its name."""

    service = "events"
    type = "Test::Named"
    listing = BUSES
    arn = Fact(BUSES, "Arn", text)


COUNTS = Call(
    "DescribeImageScanFindings",
    params={"repositoryName": "validators", "imageId": {"imageTag": "v1"}},
    page_size=("maxResults", 1),
)


class Scanned(Resource):
    """What the scan of one image counts."""

    service = "ecr"
    type = "Test::Scanned"
    arn = Fact(COUNTS, "imageScanStatus.status", text)
    critical = Fact(COUNTS, "imageScanFindings.findingSeverityCounts.CRITICAL", integer)


class Directory(Resource):
    """A directory, of which the first page is enough."""

    service = "ds"
    type = "Test::Directory"
    listing = Call("DescribeDirectories", result="DirectoryDescriptions[]", first_page=True)
    label = "id"

    id = Fact(listing, "DirectoryId", text)

    @property
    def arn(self):
        return f"arn:aws:ds:::{self.id}"


def test_asks_for_no_other_page_where_the_first_is_enough(session):
    """
    Though the service has more, and its list is read.
    """
    ds = session.stub("ds")
    ds.add_response("describe_directories", {"DirectoryDescriptions": [{"DirectoryId": "d-1"}], "NextToken": "more"})

    assert ["d-1"] == [d.id for d in collect(session, Directory).every(Directory)]


def test_does_not_page_through_lists_that_nothing_reads(session):
    """
    The counts of a scan stand on its first page; where no fact reads the findings, no other page is asked for.
    """
    page = {
        "imageScanStatus": {"status": "COMPLETE"},
        "imageScanFindings": {"findingSeverityCounts": {"CRITICAL": 3}, "findings": [{"name": "CVE-2026-1"}]},
        "nextToken": "2",
    }
    asked = {"repositoryName": "validators", "imageId": {"imageTag": "v1"}, "maxResults": 1}
    session.stub("ecr").add_response("describe_image_scan_findings", page, asked)

    (scanned,) = collect(session, Scanned).every(Scanned)

    assert 3 == scanned.critical


CLUSTERS = Call("ListClusters", result="clusterArns[]")
SERVICES = Call("ListServices", result="serviceArns[]", params={"cluster": "$parent:@"})
SERVICE = Call(
    "DescribeServices",
    result="services[]",
    params={"cluster": "$parent:@"},
    batch=Batch("services", 10, key="serviceArn"),
)


class Cluster(Resource):
    """A cluster."""

    service = "ecs"
    type = "Test::Cluster"
    listing = CLUSTERS
    arn = Fact(CLUSTERS, "@", text)


class Service(Resource):
    """A service of a cluster."""

    service = "ecs"
    type = "Test::Service"
    listing = SERVICES
    parent = Cluster
    arn = Fact(SERVICES, "@", text)
    status = Fact(SERVICE, "status", text)


def test_batches_under_one_parent_only(session):
    """
    Where a batch names the parent besides, resources of two parents never share a request.
    """
    ecs = session.stub("ecs")
    ecs.add_response("list_clusters", {"clusterArns": ["beacon", "rewards"]})
    ecs.add_response("list_services", {"serviceArns": ["one", "two"]}, {"cluster": "beacon"})
    ecs.add_response("list_services", {"serviceArns": ["three"]}, {"cluster": "rewards"})
    both = {"services": [{"serviceArn": name, "status": "ACTIVE"} for name in ("one", "two")]}
    ecs.add_response("describe_services", both, {"cluster": "beacon", "services": ["one", "two"]})
    third = {"services": [{"serviceArn": "three", "status": "DRAINING"}]}
    ecs.add_response("describe_services", third, {"cluster": "rewards", "services": ["three"]})

    assert ["ACTIVE", "ACTIVE", "DRAINING"] == [s.status for s in collect(session, Cluster, Service).every(Service)]


class MeteredRule(Resource):
    """A rule with a metric, below a bus."""

    service = "events"
    type = "Test::MeteredRule"
    listing = RULES
    parent = Named
    arn = Fact(RULES, "Arn", text)
    sums = Fact(METRICS, "Values", many(integer))


def test_batches_do_not_hang_on_who_answers_first():
    """
    Children are asked about in the order of their parents, whichever parent's children came first, so that a snapshot
    holds the answer to the question that is asked next time.
    """

    def batches(slow):
        def answer(request):
            name = request.arguments.get("EventBusName")
            if request.operation == "ListEventBuses":
                return {"EventBuses": [{"Name": n, "Arn": f"arn:{n}"} for n in "ab"]}
            if request.operation == "ListRules":
                time.sleep(0.2 if name == slow else 0)
                return {"Rules": [{"Name": f"{name}{n}", "Arn": f"arn:{name}{n}"} for n in "12"]}
            return {
                "MetricDataResults": [{"Id": q["Id"], "Values": []} for q in request.arguments["MetricDataQueries"]]
            }

        source = Source(answer)
        list(Collector(plan_of(Named, MeteredRule), source, target(), workers=4))
        return {request for request in source.asked if request.operation == "GetMetricData"}

    assert batches("a") == batches("b")
