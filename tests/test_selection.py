import pytest

from attrs import frozen

from awsaudit.check import Severity
from awsaudit.declare import Call, Fact, Resource
from awsaudit.errors import SelectionError
from awsaudit.framework import frameworks
from awsaudit.parser import tags, text
from awsaudit.plugins import load_checks
from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.selection import Selection, foreign_ids, matches, nearest
from awsaudit.testing import fake


@frozen
class Entry:
    id: str
    severity: Severity
    equivalents: tuple[str, ...] = ()

    @property
    def service(self):
        return self.id.partition("-")[0]


INSTALLED = {
    entry.id: entry
    for entry in (
        Entry("rds-encrypted", Severity.HIGH, ("prowler:rds_storage_encrypted", "fsbp:RDS.3")),
        Entry("rds-multi-az", Severity.MEDIUM),
        Entry("sqs-encrypted", Severity.MEDIUM),
    )
}


def ids(**selection):
    return [entry.id for entry in Selection(**selection).of(INSTALLED)]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({}, ["rds-encrypted", "rds-multi-az", "sqs-encrypted"]),
        ({"checks": ("*-encrypted",)}, ["rds-encrypted", "sqs-encrypted"]),
        ({"checks": ("rds_storage_encrypted",)}, ["rds-encrypted"]),
        ({"checks": ("prowler:rds_storage_encrypted",)}, ["rds-encrypted"]),
        ({"skip": ("rds-*",)}, ["sqs-encrypted"]),
        ({"skip": ("fsbp:RDS.3",)}, ["rds-multi-az", "sqs-encrypted"]),
        ({"services": ("sqs", "rds")}, ["rds-encrypted", "rds-multi-az", "sqs-encrypted"]),
        ({"services": ("rds",), "min_severity": Severity.HIGH}, ["rds-encrypted"]),
        ({"checks": ("*-encrypted",), "services": ("sqs",)}, ["sqs-encrypted"]),
    ],
)
def test_all_conditions_hold_at_once(selection, expected):
    """
    Globs, services and severities intersect; other tools' ids are understood.
    """
    assert expected == ids(**selection)


def test_frameworks_intersect():
    """
    Two frameworks select what stands behind both.
    """
    installed = load_checks()
    one, two = frameworks()["fsbp"].checks, frameworks()["nist-800-53-r5"].checks
    found = {check.id for check in Selection(frameworks=("fsbp", "nist-800-53-r5")).of(installed)}

    assert (one & two & set(installed)) == found


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        ({"checks": ("rds-encryptet",)}, "there is no check 'rds-encryptet'; did you mean rds-encrypted?"),
        ({"checks": ("rds_storage_encryptd",)}, "did you mean rds_storage_encrypted?"),
        ({"skip": ("kms-*",)}, "there is no check 'kms-*'"),
        ({"services": ("rdss",)}, "there is no service 'rdss'; did you mean rds?"),
        ({"frameworks": ("cis-5",)}, "there is no framework 'cis-5'; did you mean cis-5.0?"),
        ({"tags": ("team",)}, "a tag is written KEY=VALUE, not 'team'; the value may be *"),
        ({"checks": ("sqs-*",), "services": ("rds",)}, "no check is left of this selection"),
    ],
)
def test_what_nobody_knows_is_an_error(selection, says):
    """
    A name that selects nothing is told with the nearest one.
    """
    with pytest.raises(SelectionError) as raised:
        ids(**selection)

    assert says in str(raised.value)


DESCRIBE = Call("GetQueueAttributes", result="Attributes")


class Thing(Resource):
    """Something whose ARN and tags one call tells."""

    service = "sqs"
    type = "Test::Thing"
    arn = Fact(DESCRIBE, "QueueArn", text)
    tags = Fact(DESCRIBE, "Tags", tags)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [(("team=core",), True), (("team=c*",), True), (("team=core", "stage=*"), False), (("team=edge",), False)],
)
def test_resources_by_tag(wanted, expected):
    """
    A resource carries every tag that is asked for; values may be globs.
    """
    thing = fake(Thing, {DESCRIBE: {"QueueArn": "arn", "Tags": {"team": "core"}}})

    assert expected is Selection(tags=wanted).judges(thing)


def queue(name="orders"):
    return fake(
        Queue, {LIST: f"https://sqs.example/{name}", ATTRIBUTES: {"QueueArn": f"arn:aws:sqs:eu-west-1:1:{name}"}}
    )


@pytest.mark.parametrize(("pattern", "expected"), [("*:orders", True), ("arn:aws:sqs:*", True), ("*:bills", False)])
def test_resources_by_arn(pattern, expected):
    """
    A glob of the ARN selects resources.
    """
    assert expected is Selection(resources=(pattern,)).judges(queue())


def test_what_cannot_be_told_is_judged():
    """
    A resource whose ARN or tags were refused is not left out.
    """
    assert Selection(resources=("arn:aws:sqs:*:bills",), tags=("team=core",)).judges(fake(Thing))


def test_equivalents_have_two_names():
    """
    Another tool's id is known with the tool's name and without.
    """
    entry = INSTALLED["rds-encrypted"]

    assert {"prowler:rds_storage_encrypted", "rds_storage_encrypted", "fsbp:RDS.3", "RDS.3"} == foreign_ids(entry)
    assert matches(entry, "RDS.3")
    assert not matches(entry, "RDS.*")


@pytest.mark.parametrize(("name", "expected"), [("regon", "; did you mean region?"), ("xyz", "")])
def test_nearest(name, expected):
    """
    Only what is near is suggested.
    """
    assert expected == nearest(name, ["region", "profile"])
