import pytest

from awsaudit import Status
from awsaudit.resources.ecr import REGISTRY_SCANNING, SCANNING, RegistryScanning, Repository
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.ecr.scan_on_push import scan_on_push


MANUAL = {"repositoryName": "validators", "scanFrequency": "MANUAL", "scanOnPush": False}
OWN = {"imageScanningConfiguration": {"scanOnPush": True}}


def test_flags_a_repository_that_no_rule_matches(repository, registry):
    """
    MANUAL fails; the command lets basic scanning, as it is, scan everything on push.
    """
    (finding,) = run_check(scan_on_push, repository({SCANNING: MANUAL}), registry())

    assert Status.FAIL is finding.status
    assert "images are scanned only when somebody asks for it" == finding.message
    assert (
        "aws ecr put-registry-scanning-configuration --region eu-west-1 --scan-type BASIC --rules "
        """'[{"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}]'"""
        == finding.fix
    )


def test_flags_a_setting_that_enhanced_scanning_ignores(repository, registry):
    """
    With enhanced scanning the repository's own setting has no effect; the command keeps the scanning enhanced.
    """
    (finding,) = run_check(scan_on_push, repository({SCANNING: MANUAL}, **OWN), registry("ENHANCED"))

    assert Status.FAIL is finding.status
    assert finding.message.startswith("its own scan-on-push setting has no effect")
    assert '--scan-type ENHANCED --rules \'[{"scanFrequency": "CONTINUOUS_SCAN"' in finding.fix


def test_flags_a_repository_without_a_frequency(repository, registry):
    """
    An absent frequency is as good as MANUAL.
    """
    (finding,) = run_check(scan_on_push, repository({SCANNING: {"repositoryName": "validators"}}), registry())

    assert (Status.FAIL, "none") == (finding.status, finding.found)


@pytest.mark.parametrize("frequency", ["SCAN_ON_PUSH", "CONTINUOUS_SCAN"])
def test_accepts_a_rule_of_the_registry(repository, frequency):
    """
    A rule that matches passes, and its filter is named; how the registry scans need not be known.
    """
    rule = {"scanFrequency": frequency, "appliedScanFilters": [{"filter": "valid*", "filterType": "WILDCARD"}]}
    (finding,) = run_check(scan_on_push, repository({SCANNING: rule}), unlisted=[RegistryScanning])

    assert Status.PASS is finding.status
    assert (f"{frequency} by the registry's filter valid*",) == finding.notes


def test_accepts_a_covered_repository_without_filters(repository):
    """
    Where AWS names no filter there is nothing to remark.
    """
    (finding,) = run_check(scan_on_push, repository({SCANNING: {"scanFrequency": "SCAN_ON_PUSH"}}))

    assert (Status.PASS, ()) == (finding.status, finding.notes)


@pytest.mark.parametrize(("scanning", "fields"), [(MANUAL, OWN), ({**MANUAL, "scanOnPush": True}, {})])
def test_accepts_the_repositorys_own_setting_in_basic_scanning(repository, registry, scanning, fields):
    """
    In basic scanning the repository's own setting counts, wherever AWS tells it.
    """
    assert [Status.PASS] == statuses(run_check(scan_on_push, repository({SCANNING: scanning}, **fields), registry()))


def test_needs_the_kind_of_scan_only_where_it_decides(repository):
    """
    Without a setting of its own a repository fails however the registry scans, without a command; with one it is unknown.
    """
    hidden = fake(RegistryScanning, {REGISTRY_SCANNING: refused(RegistryScanning, REGISTRY_SCANNING)})
    (finding,) = run_check(scan_on_push, repository({SCANNING: MANUAL}), hidden)

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert [Status.UNKNOWN] == statuses(run_check(scan_on_push, repository({SCANNING: MANUAL}, **OWN), hidden))


def test_does_not_guess_a_refused_configuration(repository, registry):
    """
    A repository that AWS could not answer for is unknown.
    """
    gap = refused(Repository, SCANNING, "REPOSITORY_NOT_FOUND")

    assert [Status.UNKNOWN] == statuses(run_check(scan_on_push, repository({SCANNING: gap}, **OWN), registry()))
