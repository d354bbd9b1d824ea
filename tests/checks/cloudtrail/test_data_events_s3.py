import re
import shlex

import jmespath
import pytest

from awsaudit import Status
from awsaudit.resources.cloudtrail import SELECTORS, Trail
from awsaudit.resources.s3 import LIST, TAGGING, Bucket
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.cloudtrail.data_events_s3 import data_events_s3
from tests.alerts import trail


def bucket(name="northlight-tfstate", **tags):
    told = [{"Key": key, "Value": value} for key, value in tags.items()]
    return fake(Bucket, {LIST: {"Name": name, "BucketRegion": "eu-west-1"}, TAGGING: told})


def objects(*values, kind="All"):
    resources = [{"Type": "AWS::S3::Object", "Values": list(values)}]
    return {"ReadWriteType": kind, "IncludeManagementEvents": True, "DataResources": resources}


def basic(*selectors):
    return {"EventSelectors": list(selectors)}


def advanced(*more):
    data = [{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]
    return {"AdvancedEventSelectors": [{"FieldSelectors": [*data, *more]}]}


OWN = "arn:aws:s3:::northlight-tfstate/"


@pytest.mark.parametrize(
    ("selectors", "status"),
    [
        (basic(objects("arn:aws:s3")), Status.PASS),
        (basic(objects("arn:aws:s3:::other/", OWN)), Status.PASS),
        (basic(objects(OWN, kind="ReadOnly"), objects("arn:aws:s3", kind="WriteOnly")), Status.PASS),
        (advanced(), Status.PASS),
        (advanced({"Field": "resources.ARN", "StartsWith": [OWN]}), Status.PASS),
        (None, Status.FAIL),
        (basic(objects(OWN, kind="WriteOnly")), Status.FAIL),
        (basic(objects("arn:aws:s3:::northlight-tfstate/prod/")), Status.FAIL),
        (basic(objects("arn:aws:s3:::northlight/")), Status.FAIL),
        (advanced({"Field": "readOnly", "Equals": ["false"]}), Status.FAIL),
        (advanced({"Field": "resources.ARN", "NotStartsWith": [OWN]}), Status.FAIL),
        (advanced({"Field": "eventName", "Equals": ["DeleteObject"]}), Status.FAIL),
    ],
)
def test_wants_reads_and_writes_of_all_objects(selectors, status):
    """
    In either form of selectors, by one or by several.
    """
    assert [status] == statuses(run_check(data_events_s3, bucket(), trail(selectors=selectors)))


def test_judges_buckets_that_sound_sensitive():
    """
    By name or tags; all of them if asked to.
    """
    plain = bucket("northlight-website")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(data_events_s3, plain, trail()))
    assert [Status.FAIL] == statuses(run_check(data_events_s3, plain, trail(), everything=True))
    assert [Status.FAIL] == statuses(run_check(data_events_s3, plain, trail(), words=("website",)))
    assert [Status.FAIL] == statuses(run_check(data_events_s3, bucket("northlight", use="Terraform"), trail()))


def test_the_trail_has_to_record_there():
    """
    One that is stopped, or another region's, does not; the organization's does.
    """
    every = basic(objects("arn:aws:s3"))
    elsewhere = trail(selectors=every, at="eu-central-1", region="eu-central-1", IsMultiRegionTrail=False)

    assert [Status.FAIL] == statuses(run_check(data_events_s3, bucket(), trail(selectors=every, logging=False)))
    assert [Status.FAIL] == statuses(run_check(data_events_s3, bucket(), elsewhere))
    assert [Status.PASS] == statuses(
        run_check(data_events_s3, bucket(), trail(selectors=every, account="444455556666"))
    )


def test_does_not_know_what_is_hidden():
    """
    Selectors or trails that were refused.
    """
    hidden = trail(selectors=refused(Trail, SELECTORS))

    assert [Status.UNKNOWN] == statuses(run_check(data_events_s3, bucket(), hidden))
    assert [Status.UNKNOWN] == statuses(run_check(data_events_s3, bucket(), unlisted=[Trail]))


@pytest.mark.parametrize(
    "selectors", [basic({"ReadWriteType": "All"}), advanced({"Field": "eventName", "Equals": ["A"]})]
)
def test_the_command_adds_to_what_there_is(selectors):
    """
    What was recorded stays recorded.
    """
    (finding,) = run_check(data_events_s3, bucket(), trail(selectors=selectors))
    words = shlex.split(re.search(r"\$\((.*)\)", finding.fix)[1])
    kind = next(iter(selectors))
    put = jmespath.search(words[words.index("--query") + 1], selectors)

    assert selectors[kind] == put[:1]
    assert [Status.PASS] == statuses(run_check(data_events_s3, bucket(), trail(selectors={kind: put})))
