import pytest

from awsaudit import Status
from awsaudit.resources.cloudtrail import SELECTORS, STATUS, TRAILS, Trail
from awsaudit.resources.event_data_store import DETAILS, LIST, EventDataStore
from awsaudit.resources.s3 import LOGGING, Bucket
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.s3.tfstate_access_logged import tfstate_access_logged
from tests.checks.s3.buckets import bucket


STATE = bucket(name="acme-tfstate")
ARN = "arn:aws:cloudtrail:{}:{}:trail/main"
LAKE = "arn:aws:cloudtrail:{}:111122223333:eventdatastore/5e8f7a10"


def basic(*values, kind="All"):
    return {
        "EventSelectors": [
            {"ReadWriteType": kind, "DataResources": [{"Type": "AWS::S3::Object", "Values": list(values)}]}
        ]
    }


def fields(**conditions):
    told = {"eventCategory": {"Equals": ["Data"]}, "resources.type": {"Equals": ["AWS::S3::Object"]}}
    named = {"arn": "resources.ARN", "reads": "readOnly"}
    told |= {named[key]: value for key, value in conditions.items()}
    return {"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": f, **c} for f, c in told.items()]}]}


def trail(selectors, *, logging=True, account="111122223333", region="eu-west-1", home="eu-west-1", **more):
    item = {"TrailARN": ARN.format(home, account), "Name": "main", "HomeRegion": home, "HasCustomEventSelectors": True}
    status = logging if not isinstance(logging, bool) else {"IsLogging": logging}
    return fake(Trail, {TRAILS: {**item, **more}, STATUS: status, SELECTORS: selectors}, region=region)


def store(selectors, *, status="ENABLED", region="eu-west-1", wide=False):
    details = {"Status": status, "MultiRegionEnabled": wide, **selectors}
    return fake(
        EventDataStore,
        {LIST: {"EventDataStoreArn": LAKE.format(region), "Name": "lake"}, DETAILS: details},
        region=region,
    )


INSIDE = "arn:aws:s3:::acme-tfstate/"


@pytest.mark.parametrize(
    "other",
    [
        trail(basic("arn:aws:s3")),
        trail(basic("arn:aws:s3:::")),
        trail(basic(INSIDE, kind="ReadOnly")),
        trail(basic(INSIDE), account="444455556666"),
        trail(fields()),
        trail(fields(arn={"StartsWith": [INSIDE]}, reads={"Equals": ["true"]})),
        trail(fields(arn={"NotStartsWith": ["arn:aws:s3:::logs/"]})),
        store(fields()),
        store(fields(arn={"StartsWith": [INSIDE]}), region="us-east-1", wide=True),
    ],
)
def test_accepts_what_records_reads(other):
    """
    Trails in either form, those of the organization, and event data stores.
    """
    [finding] = run_check(tfstate_access_logged, STATE, other)

    assert Status.PASS is finding.status
    assert finding.notes[0].endswith("records reads")


def test_accepts_access_logs():
    """
    Whatever trails record.
    """
    logged = bucket(name="acme-tfstate", logging={"TargetBucket": "acme-logs", "TargetPrefix": "tfstate/"})

    assert [Status.PASS] == statuses(run_check(tfstate_access_logged, logged, unlisted=[Trail]))


@pytest.mark.parametrize(
    "others",
    [
        [],
        [trail({})],
        [trail(None, HasCustomEventSelectors=False)],
        [trail(basic("arn:aws:s3:::other/"))],
        [trail(basic("arn:aws:s3", kind="WriteOnly"))],
        [trail(basic("arn:aws:s3"), logging=False)],
        [trail(basic("arn:aws:s3"), region="us-east-1", home="us-east-1")],
        [trail(fields(reads={"Equals": ["false"]}))],
        [trail(fields(arn={"NotStartsWith": [INSIDE]}))],
        [store(fields(), status="STOPPED_INGESTION"), store(fields(), region="us-east-1")],
    ],
)
def test_flags_reads_that_nothing_records(others):
    """
    Other buckets, writes only, trails that are off or of another region.
    """
    [finding] = run_check(tfstate_access_logged, STATE, *others)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize(
    "others",
    [
        [trail(refused(Trail, SELECTORS), account="444455556666")],
        [trail(basic("arn:aws:s3"), logging=refused(Trail, STATUS))],
        [trail(basic(f"{INSIDE}prod/"))],
        [store(fields(arn={"StartsWith": [f"{INSIDE}prod/"]}))],
    ],
)
def test_does_not_guess(others):
    """
    Selectors of the organization that a member may not read; selectors of some objects of the bucket.
    """
    assert [Status.UNKNOWN] == statuses(run_check(tfstate_access_logged, STATE, *others))


def test_what_was_refused_is_unknown():
    """
    Logs, trails, stores; none of them matters where something records.
    """
    hidden = bucket(name="acme-tfstate", logging=refused(Bucket, LOGGING))

    assert [Status.UNKNOWN] == statuses(run_check(tfstate_access_logged, hidden, trail(basic("arn:aws:s3"))))
    for kind in (Trail, EventDataStore):
        assert [Status.UNKNOWN] == statuses(run_check(tfstate_access_logged, STATE, unlisted=[kind]))
    recorded = run_check(tfstate_access_logged, STATE, trail(basic("arn:aws:s3")), unlisted=[EventDataStore])
    assert [Status.PASS] == statuses(recorded)
    kept = run_check(tfstate_access_logged, STATE, store(fields()), trail(refused(Trail, SELECTORS)))
    assert [Status.PASS] == statuses(kept)


def test_leaves_other_buckets():
    """
    What keeps no state.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(tfstate_access_logged, bucket()))
