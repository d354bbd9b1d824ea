import pytest

from awsaudit import Check, DeclarationError, Hop, Problem, Remediation, Severity, Status, Trust, Undecided, check
from awsaudit.declare import Call, Fact, Resource
from awsaudit.evidence import Failure
from awsaudit.gap import GapKind
from awsaudit.inventory import Target
from awsaudit.parser import flag, text
from awsaudit.plan import plan
from awsaudit.scan import Scan, Settings
from awsaudit.testing import ACCOUNT, AS_OF, REGION, fake, refused, run_check, statuses


BOXES = Call("ListQueues", result="Boxes[]")
CRATES = Call("ListTopics", result="Crates[]", service="sns")


class Box(Resource):
    """A box."""

    service = "sqs"
    type = "Test::Box"
    listing = BOXES
    label = "arn"

    arn = Fact(BOXES, "Arn", text)
    shut = Fact(BOXES, "Shut", flag)


class Crate(Resource):
    """A crate."""

    service = "sns"
    type = "Test::Crate"
    listing = CRATES
    label = "arn"

    arn = Fact(CRATES, "Arn", text)
    shut = Fact(CRATES, "Shut", flag)
    nailed = Fact(CRATES, "Nailed", flag)


def make(function, uses=()) -> Check:
    fix = Remediation("Shut it.", cli=None, url="https://docs.aws.amazon.com/x")
    return check("sqs-box-shut", title="Shut", severity=Severity.LOW, remediation=fix, uses=uses)(function)


def box_shut(container: Box | Crate):
    """Boxes and crates are shut."""
    if not container.shut:
        yield Problem("open")


def box_shut_among_all(container: Box | Crate, account):
    """Boxes and crates are shut, unless another box is."""
    if not container.shut and account.first(Box, lambda box: box.shut) is None:
        yield Problem("open")


class Answers:
    """A source of canned answers, by operation."""

    def __init__(self, **answers):
        self.answers = answers

    def ask(self, request):
        """Answer *request*."""
        return self.answers[request.operation]

    def close(self):
        """Do nothing: there is no connection."""


def scan(checked, **answers):
    target = Target(ACCOUNT, "aws", (REGION,), AS_OF)
    opened = Scan(plan([checked]), Answers(**answers), target, Settings())

    return sorted((f.resource.type, f.resource.name, f.status) for f in opened)


def test_a_union_judges_each_of_its_types():
    """
    A check whose annotation is a union runs on resources of either type.
    """
    boxes = run_check(make(box_shut), fake(Box, {BOXES: {"Arn": "a"}}))
    crates = run_check(make(box_shut), fake(Crate, {CRATES: {"Arn": "a", "Shut": True}}))

    assert [Status.FAIL, Status.PASS] == [*statuses(boxes), *statuses(crates)]


def test_a_union_names_its_types_in_order():
    """
    The first type of a union is what `Check.resource` names.
    """
    assert (Box, Crate) == make(box_shut).resources
    assert Box is make(box_shut).resource


def test_a_union_plans_the_facts_of_each_type():
    """
    Of each type exactly the facts that the check reads are planned.
    """
    assert {Box: {"arn", "shut"}, Crate: {"arn", "shut"}} == make(box_shut).needs


@pytest.mark.parametrize("checked", [make(box_shut), make(box_shut_among_all, uses=(Box,))], ids=["alone", "inventory"])
def test_a_scan_judges_each_type_of_a_union_once(checked):
    """
    Resources of both types are listed and each is judged once, with or without the inventory.
    """
    found = scan(checked, ListQueues={"Boxes": [{"Arn": "b"}]}, ListTopics={"Crates": [{"Arn": "c", "Shut": True}]})

    assert [("Test::Box", "b", Status.FAIL), ("Test::Crate", "c", Status.PASS)] == found


def test_a_refused_listing_leaves_the_other_type_judged():
    """
    Where one type of a union cannot be listed, that one is unknown and the other is judged.
    """
    refusal = Failure("AccessDenied", GapKind.DENIED)
    found = scan(make(box_shut), ListQueues=refusal, ListTopics={"Crates": [{"Arn": "c", "Shut": True}]})

    assert [("Test::Box", "*", Status.UNKNOWN), ("Test::Crate", "c", Status.PASS)] == found


def test_refused_listings_of_one_union_are_two_findings():
    """
    Two types that cannot be listed have fingerprints of their own.
    """
    checked = make(box_shut)
    findings = [checked.unlisted(kind, refused(kind, kind.listing), "aws") for kind in checked.resources]

    assert 2 == len({finding.fingerprint for finding in findings})


@pytest.mark.parametrize("judged", [str, Box | str], ids=["other", "union with other"])
def test_the_first_argument_is_a_resource(judged):
    """
    Anything but resource types in the annotation is refused on import.
    """

    def box_shut(container: judged):
        """Boxes are shut."""

    with pytest.raises(DeclarationError, match="annotate the first argument"):
        make(box_shut)


PATH = (Hop("internet", "internet"), Hop("a", "Test::Box", "policy Open, statement 1", holds=None))


def box_shut_on_every_path(box: Box):
    """Boxes cannot be reached."""
    if box.shut is None:
        raise Undecided("it may be reached", PATH)
    if not box.shut:
        yield Problem("it is reached", path=PATH[:1])


@pytest.mark.parametrize(
    ("shut", "status", "path"),
    [(False, Status.FAIL, PATH[:1]), (None, Status.UNKNOWN, PATH), (True, Status.PASS, ())],
)
def test_a_finding_carries_the_path_to_it(shut, status, path):
    """
    The path of a problem, and of a verdict that was not settled, is that of the finding.
    """
    box = fake(Box, {BOXES: {"Arn": "a", "Shut": shut}})
    box.values["shut"] = shut

    assert [(status, path)] == [(f.status, f.path) for f in run_check(make(box_shut_on_every_path), box)]


def test_a_step_works_unless_it_is_said_to_break():
    """
    Whether a step works is never the third positional argument by mistake.
    """
    assert (True, "") == (Hop("internet", "internet").holds, Hop("internet", "internet").by)
    with pytest.raises(TypeError):
        Hop("a", "Test::Box", "", False)  # noqa: FBT003 - what is refused


def box_shut_to_strangers(box: Box, account):
    """Boxes stand in accounts of the zone of trust."""
    if box.account not in account.target.trust.accounts:
        yield Problem(f"{box.arn} is with strangers")


def test_a_check_reads_the_zone_of_trust():
    """
    It is empty unless the test, or the configuration, says whom the user trusts.
    """
    box = fake(Box, {BOXES: {"Arn": "a"}})
    checked = make(box_shut_to_strangers, uses=(Box,))

    assert [Status.FAIL] == statuses(run_check(checked, box))
    assert [Status.PASS] == statuses(run_check(checked, box, trust=Trust(accounts=(ACCOUNT,))))
