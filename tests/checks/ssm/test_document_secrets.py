import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ssm import CONTENT, DOCUMENTS, NEWEST, Document
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ssm.document_secrets import document_secrets


TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9" * 2
CLEAN = "schemaVersion: '2.2'\nparameters: {}\n"


def look(default=CLEAN, newest=None):
    told = {DOCUMENTS: {"Name": "restart-node"}, CONTENT: {"Content": default}, NEWEST: {"Content": newest or default}}
    return run_check(document_secrets, fake(Document, told))


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"mainSteps": [{"inputs": {"runCommand": [f"curl -H 'Authorization: token {TOKEN}' x"]}}]}),
        f"mainSteps:\n- inputs:\n    runCommand:\n    - export GH={TOKEN}\n",
    ],
)
def test_flags_a_credential_once(content):
    """
    In JSON and YAML; that two versions hold it is one problem.
    """
    (finding,) = look(content)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert finding.message.startswith("its default version holds a github-token: ghp_")


def test_flags_the_newest_version():
    """
    It becomes the default sooner or later.
    """
    (finding,) = look(newest=f"run: {TOKEN}")

    assert finding.message.startswith("its newest version holds")


def test_a_guess_is_less_bad():
    """
    A password under a telling name has no shape of its own.
    """
    (finding,) = look("runCommand: mysql --password Sum" + "mer2024x -h db")

    assert Severity.MEDIUM is finding.severity


@pytest.mark.parametrize(
    "value",
    [
        "{{ssm-secure:/prod/db-password1}}",
        "{{ ssm:/prod/token-1 }}",
        "{{resolve:secretsmanager:db:SecretString:p1}}",
        "$1",
    ],
)
def test_passes_references(value):
    """
    They name a secret, and do not hold it.
    """
    assert [Status.PASS] == statuses(look(f'password: "{value}"'))


def test_refused_evidence_is_unknown():
    """
    One version alone is not the document.
    """
    told = {DOCUMENTS: {"Name": "restart-node"}, CONTENT: {"Content": CLEAN}}

    assert [Status.UNKNOWN] == statuses(run_check(document_secrets, fake(Document, told)))
