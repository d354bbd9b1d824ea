import pytest

from awsaudit.collect import Collector
from awsaudit.inventory import Target
from awsaudit.live import Live, Tuning
from awsaudit.plan import plan_facts
from awsaudit.resources.cloudtrail import OWN, SELECTORS, STATUS, TRAILS, ObjectSelector, OwnTrail, Trail
from awsaudit.testing import call_faults, fake
from tests.test_collect import AS_OF, Session


ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"
LISTED = {"TrailARN": ARN, "Name": "main", "HomeRegion": "eu-west-1", "HasCustomEventSelectors": True}


def trail(selectors, **listed):
    return fake(Trail, {TRAILS: {**LISTED, **listed}, STATUS: {"IsLogging": True}, SELECTORS: selectors})


def test_calls_exist():
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(Trail))
    assert [] == list(call_faults(OwnTrail))


def test_reads_a_trail():
    """
    Its log group, whether it records, and nothing of selectors where it has none of its own.
    """
    group = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"
    plain = trail(None, CloudWatchLogsLogGroupArn=group)

    assert (ARN, "main", "eu-west-1", group, True) == (
        plain.arn,
        plain.name,
        plain.home_region,
        plain.log_group_arn,
        plain.logging,
    )
    assert ((), ()) == (plain.selectors, plain.advanced_selectors)
    assert trail(None).log_group_arn is None


@pytest.mark.parametrize(
    ("told", "management", "kind"),
    [
        ({}, True, "All"),
        ({"IncludeManagementEvents": False}, False, "All"),
        ({"IncludeManagementEvents": True, "ReadWriteType": "WriteOnly"}, True, "WriteOnly"),
    ],
)
def test_reads_basic_selectors(told, management, kind):
    """
    What AWS leaves out is its default: all management events.
    """
    (selector,) = trail({"EventSelectors": [told]}).selectors

    assert (management, kind, ()) == (selector.management, selector.reads_and_writes, selector.excluded)


def test_reads_selectors_of_objects():
    """
    Those of functions and tables are left out, and with them nothing but a selector of no object.
    """
    values = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::app/"]}
    told = [{"ReadWriteType": "WriteOnly", "DataResources": [values]}, {"DataResources": []}]

    assert (ObjectSelector("WriteOnly", ("arn:aws:s3:::app/",)),) == trail({"EventSelectors": told}).object_selectors
    assert () == trail(None).object_selectors


def test_reads_advanced_selectors():
    """
    Selectors of conditions, each selector by itself.
    """
    conditions = [
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "eventSource", "NotEquals": ["a", "b"]},
    ]
    told = {"AdvancedEventSelectors": [{"FieldSelectors": conditions}, {"FieldSelectors": conditions[:1]}]}
    first, second = trail(told).advanced_selectors

    assert [("eventCategory", ("Management",), ()), ("eventSource", (), ("a", "b"))] == [
        (each.field, each.equals, each.not_equals) for each in first
    ]
    assert 1 == len(second)


@pytest.mark.parametrize(("code", "status"), [(None, 200), ("404", 404), ("403", 403)])
def test_asks_for_a_bucket_of_the_account(code, status):
    """
    An answer to HEAD is a status alone: what is missing is told from what is another account's, or hidden.
    """
    session = Session()
    listed = {"TrailARN": ARN, "Name": "main", "S3BucketName": "northlight-trail"}
    trails, buckets = session.stub("cloudtrail", "eu-west-1"), session.stub("s3", "eu-west-1")
    trails.add_response("describe_trails", {"trailList": [listed]}, {"includeShadowTrails": False})
    asked = {"Bucket": "northlight-trail", "ExpectedBucketOwner": "111122223333"}
    if code:
        buckets.add_client_error("head_bucket", code, http_status_code=int(code), expected_params=asked)
    else:
        buckets.add_response("head_bucket", {"BucketRegion": "eu-central-1"}, asked)

    plan = plan_facts([OwnTrail.bucket_status, OwnTrail.bucket_region])
    target = Target("111122223333", "aws", ("eu-west-1",), AS_OF)
    (found,) = Collector(plan, Live(session, plan, Tuning(workers=1)), target, workers=1)
    (own,) = found.resources

    assert (status, None if code else "eu-central-1") == (own.bucket_status, own.bucket_region)
    buckets.assert_no_pending_responses()


def test_reads_what_a_trail_wrote_last():
    """
    Times are unset before the first delivery, and an empty error is none.
    """
    told = {"IsLogging": True, "LatestDeliveryError": "", "StartLoggingTime": "2026-11-24T10:00:00+00:00"}
    own = fake(OwnTrail, {OWN: {**LISTED, "S3BucketName": "northlight-trail"}, STATUS: told})

    assert (True, None, None, 2026) == (own.logging, own.delivered, own.delivery_error, own.started.year)
