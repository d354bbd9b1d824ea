import pytest

from awsaudit import Status
from awsaudit.check import Suppression


pytest_plugins = ("pytester",)

TEST = """
import pytest

@pytest.mark.awsaudit({})
def test_resource(awsaudit_case):
    awsaudit_case.verify()

def test_report(awsaudit_report):
    assert awsaudit_report.findings
"""


@pytest.fixture(name="ran")
def _ran(pytester, make_report, make_finding):
    """Return a function that runs the tests of a file against a saved report."""
    import datetime

    accepted = make_finding("accepted", suppression=Suppression("known", datetime.date(2999, 1, 1)))
    findings = (
        make_finding("bad"),
        make_finding("good", Status.PASS),
        make_finding("hidden", Status.UNKNOWN),
        make_finding("other", Status.NOT_APPLICABLE),
        accepted,
        make_finding("bad", Status.PASS, check_id="sqs-policy-public"),
    )
    make_report(*findings).write(pytester.path / "r.json")

    def run(arguments="", *flags):
        pytester.makepyfile(TEST.format(arguments))
        return pytester.runpytest("-p", "no:cacheprovider", "--awsaudit-report", "r.json", *flags)

    return run


def test_a_case_of_each_resource(ran):
    """
    Failures and unknown verdicts fail, accepted failures do not, and what no check applies to is skipped.
    """
    done = ran('checks="sqs-encryption"', "-rA")

    done.assert_outcomes(passed=3, failed=2, skipped=1)
    done.stdout.fnmatch_lines_random(["*sqs-encryption fail (medium): bad is not encrypted*", "*unknown*"])


def test_the_marker_selects(ran):
    """
    Only what the selected checks say counts.
    """
    ran('checks="sqs-policy-*"').assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ('check="x"', "*has no argument 'check'*"),
        ('"sqs-*"', "*takes names*"),
        ('checks="nope-*"', "*there is no check*"),
    ],
)
def test_mistakes_are_told(ran, arguments, told):
    """
    A wrong marker is an error of usage, not a pass.
    """
    done = ran(arguments)

    assert done.ret != 0
    done.stderr.fnmatch_lines([told]) if done.errlines else done.stdout.fnmatch_lines([told])


def test_a_missing_report_is_told(pytester):
    """
    Without the report there is no case, and that is an error.
    """
    pytester.makepyfile(TEST.format('checks="sqs-*"'))
    done = pytester.runpytest("-p", "no:cacheprovider", "--awsaudit-report", "none.json")

    assert done.ret != 0
