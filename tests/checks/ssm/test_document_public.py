import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ssm import DOCUMENTS, SHARES, Document
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ssm.document_public import document_public


def look(*accounts):
    return run_check(
        document_public, fake(Document, {DOCUMENTS: {"Name": "restart node"}, SHARES: {"AccountIds": list(accounts)}})
    )


def test_flags_a_document_for_everybody():
    """
    The command takes everybody's share away, and leaves that of single accounts.
    """
    (finding,) = look("444455556666", "all")

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert "--name 'restart node' --permission-type Share --account-ids-to-remove all" in finding.fix


@pytest.mark.parametrize("accounts", [(), ("444455556666",)])
def test_passes_named_accounts(accounts):
    """
    Who they are is another matter.
    """
    assert [Status.PASS] == statuses(look(*accounts))
