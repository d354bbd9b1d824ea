import jmespath
import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.organizations import Organization, OrganizationAccount
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codecommit.trigger_cross_account import trigger_cross_account
from tests.estate import FOREIGN, OWN, alone, member_of


def trigger(name="tell", account=FOREIGN, service="sns", rest="pushes"):
    arn = f"arn:aws:{service}:eu-west-1:{account}:{rest}"
    return {"name": name, "destinationArn": arn, "branches": [], "events": ["all"], "customData": "in plain text"}


def judge(repository, **more):
    return run_check(trigger_cross_account, repository, *alone(), **more)


@pytest.mark.parametrize("told", [trigger(), trigger(service="lambda", rest="function:spy")])
def test_flags_targets_of_strangers(sources, told):
    """
    Topics and functions.
    """
    [finding] = judge(sources(triggers=[told]))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert f"the trigger tell tells {told['destinationArn']}, of the account {FOREIGN}" == finding.message
    assert [True, False] == [hop.holds for hop in finding.path]


def test_the_fix_takes_those_triggers_away_and_no_others(sources):
    """
    The query in the command leaves what the others say as it is.
    """
    own, foreign = trigger("own", OWN), trigger()
    [finding] = judge(sources(triggers=[own, foreign, trigger("again")]))
    query = f"triggers[?destinationArn!='{foreign['destinationArn']}']"

    assert "the trigger tell, again tells" in finding.message
    assert "aws codecommit put-repository-triggers --region eu-west-1 --repository-name api" in finding.fix
    assert query in finding.fix.replace("""'"'"'""", "'")
    assert [own] == jmespath.search(query, {"triggers": [own, foreign, trigger("again")]})


def test_two_targets_are_two_findings(sources):
    """
    Each has its own command.
    """
    found = judge(sources(triggers=[trigger(), trigger("spy", service="lambda", rest="function:spy")]))

    assert 2 == len({finding.fingerprint for finding in found})


def test_known_accounts_pass(sources):
    """
    The account itself, its organization, and those that the configuration names.
    """
    told = sources(triggers=[trigger()])

    assert [Status.PASS] == statuses(judge(sources(triggers=[trigger(account=OWN)])))
    assert [Status.PASS] == statuses(judge(told, trust=Trust(accounts=(FOREIGN,))))
    assert [Status.PASS] == statuses(run_check(trigger_cross_account, told, *member_of("o-exampleorgid", FOREIGN)))


def test_without_triggers_there_is_nothing_to_judge(sources):
    """
    Nobody is told.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(sources()))


@pytest.mark.parametrize("unlisted", [Organization, OrganizationAccount])
def test_an_organization_that_cannot_be_seen_is_unknown(sources, unlisted):
    """
    The account may be of the organization; one's own needs none.
    """
    others = [resource for resource in alone() if not isinstance(resource, unlisted)]

    def judged(repository):
        return statuses(run_check(trigger_cross_account, repository, *others, unlisted=[unlisted]))

    assert [Status.UNKNOWN] == judged(sources(triggers=[trigger()]))
    assert [Status.PASS] == judged(sources(triggers=[trigger(account=OWN)]))
