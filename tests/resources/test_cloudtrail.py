import pytest

from awsaudit.resources.cloudtrail import SELECTORS, STATUS, TRAILS, ObjectSelector, Trail
from awsaudit.testing import call_faults, fake


ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"
LISTED = {"TrailARN": ARN, "Name": "main", "HomeRegion": "eu-west-1", "HasCustomEventSelectors": True}


def trail(selectors, **listed):
    return fake(Trail, {TRAILS: {**LISTED, **listed}, STATUS: {"IsLogging": True}, SELECTORS: selectors})


def test_calls_exist():
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(Trail))


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
