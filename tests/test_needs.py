import pytest

from awsaudit import DeclarationError, Inventory, Problem, Remediation, Severity, Status, check
from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import text
from awsaudit.testing import fake, run_check, statuses


LIST = Call("ListQueues", result="QueueUrls[]")
MORE = Call("GetQueueAttributes", result="Attributes", params={"QueueUrl": "$@"})
TAGS = Call("ListQueueTags", result="Tags", params={"QueueUrl": "$@"})
FIX = Remediation("Mend it.", cli="aws sqs x --region {region} --queue-url {url}", url="https://docs.aws.amazon.com/x")


class Box(Resource):
    """A box."""

    service = "sqs"
    type = "Test::Box"
    listing = LIST
    label = "url"

    url = Fact(LIST, "@", text)
    arn = Fact(MORE, "Arn", text)
    color = Fact(MORE, "Color", text)
    size = Fact(MORE, "Size", text)
    owner = Fact(TAGS, "Owner", text)

    @property
    def is_red(self):
        """Whether it is red."""
        return self.color == "red"


class Lid(Resource):
    """A lid."""

    service = "sqs"
    type = "Test::Lid"
    listing = LIST

    arn = Fact(LIST, "@", text)
    color = Fact(MORE, "Color", text)
    owner = Fact(TAGS, "Owner", text)


def red(box):
    return box.is_red


def make(function, **more):
    return check("sqs-box-good", title="Good", severity=Severity.LOW, remediation=FIX, **more)(function)


def test_finds_facts_in_helpers_properties_and_inner_functions():
    """
    A fact read in a function that the check calls, behind a property, or in a comprehension is planned.
    """

    def good(box: Box):
        """Say why."""
        if red(box) and [x for x in [box] if x.size]:
            yield Problem("red")

    assert {Box: {"arn", "url", "color", "size"}} == make(good).needs


def test_plans_single_facts_of_other_types_exactly():
    """
    With a fact in `uses`, nothing else that costs a call is planned of its type; with a type, what the names read.
    """

    def good(box: Box, account: Inventory):
        """Say why."""
        if box.color in {lid.owner for lid in account.every(Lid)}:
            yield Problem("same")

    assert {"arn", "color", "owner"} == make(good, uses=(Lid,)).needs[Lid]
    assert {"arn", "owner"} == make(good, uses=(Lid.owner,)).needs[Lid]


def test_refuses_attributes_by_computed_names():
    """
    What getattr reads, nobody planned.
    """

    def good(box: Box):
        """Say why."""
        yield Problem(getattr(box, "color"))  # noqa: B009 - the very thing

    with pytest.raises(DeclarationError, match="not by getattr"):
        _ = make(good).needs


def test_a_fact_that_was_not_planned_stops_the_check():
    """
    Reading around the plan is an error of the check: it is isolated, unknown, and named.
    """
    hidden = {"f": lambda box: box.owner}

    def good(box: Box):
        """Say why."""
        if hidden["f"](box):
            yield Problem("owned")

    box = fake(Box, {LIST: "q", MORE: {"Arn": "a", "Color": "red", "Size": "s"}, TAGS: {"Owner": "o"}})
    with pytest.raises(AssertionError, match=r"Box\.owner was read but is not in the plan"):
        run_check(make(good), box)


def test_remediation_placeholders_are_planned_and_quoted():
    """
    The command is filled with the resource's own values, quoted for the shell.
    """

    def good(box: Box):
        """Say why."""
        yield Problem("bad")

    box = fake(Box, {LIST: "q; $(reboot)", MORE: {"Arn": "a", "Color": "red", "Size": "s"}})
    (finding,) = run_check(make(good), box)

    assert "aws sqs x --region eu-west-1 --queue-url 'q; $(reboot)'" == finding.fix


def test_two_problems_of_one_resource_have_two_fingerprints():
    """
    Even where the author forgot the sub-key.
    """

    def good(box: Box):
        """Say why."""
        yield Problem("one")
        yield Problem("two")

    findings = run_check(make(good), fake(Box, {LIST: "q", MORE: {"Arn": "a"}}))

    assert [Status.FAIL, Status.FAIL] == statuses(findings)
    assert 2 == len({f.fingerprint for f in findings})


@pytest.mark.parametrize("id_", ["sqs", "SQS-queue", "sqs_queue", "sqs-", "-x"])
def test_refuses_bad_ids(id_):
    """
    Ids are words in lower case with hyphens, two at least.
    """
    with pytest.raises(DeclarationError, match="not a check id"):
        check(id_, title="t", severity=Severity.LOW, remediation=FIX)


def test_refuses_a_check_without_rationale_or_type():
    """
    The docstring is the docs page, the annotation the resource type.
    """

    def silent(box: Box):
        yield Problem("x")

    def untyped(box):
        """Say why."""
        yield Problem("x")

    with pytest.raises(DeclarationError, match="rationale"):
        make(silent)
    with pytest.raises(DeclarationError, match="annotate"):
        make(untyped)


BY_OWNER = "aws sqs y --region {region} --owner {owner}"


def test_placeholders_of_a_problems_own_command_are_planned():
    """
    Whether the command is written in the check or is a constant beside it.
    """

    def good(box: Box):
        """Say why."""
        yield Problem("bad", cli=BY_OWNER)
        yield Problem("worse", cli="aws sqs z --region {region} --size {size}", sub_key="z")

    assert {"arn", "url", "owner", "size"} == make(good).needs[Box]
