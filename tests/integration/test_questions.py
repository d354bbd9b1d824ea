"""Questions about the example account; what the documents show of them is what the command says."""

from collections import Counter

import pytest

from awsaudit.access import EVERYTHING, Through, origins, reach, who_can
from awsaudit.evidence import read_snapshot
from awsaudit.plan import plan_facts
from awsaudit.resources.secretsmanager import Secret
from awsaudit.scan import Settings, open_live, open_snapshot
from tests.integration.pages import alike, examples, said


@pytest.fixture(name="snapshot", scope="session")
def _snapshot(company, tmp_path_factory):
    """
    A snapshot of all that questions look at.
    """
    path = tmp_path_factory.mktemp("questions") / "demo.gz"
    open_live(Settings(save_snapshot=path), company.session, facts=EVERYTHING).collect()

    return path


@pytest.fixture(name="account", scope="session")
def _account(snapshot):
    """
    What is in it.
    """
    return open_snapshot(Settings(), snapshot, facts=EVERYTHING).collect()


def shown():
    for page, words, output in examples():
        yield pytest.param(words, output, id=f"{page.name}: {' '.join(words)}")


@pytest.mark.parametrize(("words", "output"), list(shown()))
def test_documents_show_what_the_command_says(recording, snapshot, words, output):
    """
    Each example of the README, of docs/access.md and of the guides, run on the example account, says what stands there.
    """
    assert alike(output) == alike(said(words, recording.snapshot, snapshot))


def test_everything_that_questions_look_at_is_planned(account):
    """
    Who can read each secret, and what each principal reaches, is answered out of the facts of EVERYTHING.
    """
    for secret in account.every(Secret):
        assert list(who_can("secretsmanager:GetSecretValue", secret.arn, account))
    for origin in origins(account):
        list(reach(origin, account))


@pytest.mark.parametrize("through", list(Through))
def test_both_directions_agree(account, through):
    """
    A principal is among those who can read a secret, if and only if the secret is among what it reaches.

    A provider of identities stands for all of its subjects, so what it reaches is told of each of them.
    """
    action, known = "secretsmanager:GetSecretValue", set(origins(account, through))
    readers = {
        (access.origin, secret.arn)
        for secret in account.every(Secret)
        for access in who_can(action, secret.arn, account, through=through)
        if access.origin in known
    }

    assert readers == {
        (access.origin, access.resource)
        for origin in known
        for access in reach(origin, account, through=through)
        if access.action == action
    }


def test_no_call_that_is_not_planned(snapshot):
    """
    The calls of a question are those of its plan; what several types share is asked once.
    """
    planned = {f"{o.service}:{o.operation}" for o in plan_facts(EVERYTHING).operations()}
    recorded = read_snapshot(snapshot)

    made = [f"{request.service}:{request.operation}" for request in recorded.answers]
    assert set(made) <= planned
    assert {"iam:GetAccountAuthorizationDetails": 1}.items() <= Counter(made).items()
