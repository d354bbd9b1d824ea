import json

import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.parser import fact_tree
from awsaudit.projection import merge, project
from awsaudit.resources.account import AlternateContacts
from tests.test_collect import Session, collect


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


CONTACT = {
    "AlternateContactType": "SECURITY",
    "EmailAddress": "security@northlight.example",
    "Name": "Robin",
    "PhoneNumber": "+49 30 123456",
    "Title": "CISO",
}


def test_each_contact_is_asked_for_without_an_account(session):
    """
    Naming one's own account is refused outside the management account; a contact that is not there is none.
    """
    account = session.stub("account", "us-east-1")
    account.add_response("get_alternate_contact", {"AlternateContact": CONTACT}, {"AlternateContactType": "SECURITY"})
    account.add_client_error("get_alternate_contact", "ResourceNotFoundException", http_status_code=404)

    (contacts,) = collect(session, AlternateContacts).every(AlternateContacts)

    assert (True, False) == (contacts.security, contacts.operations)
    assert "111122223333" in contacts.arn


def test_a_refusal_is_not_taken_for_none(session):
    """
    What was refused is not known.
    """
    account = session.stub("account", "us-east-1")
    for _ in range(2):
        account.add_client_error("get_alternate_contact", "AccessDeniedException", http_status_code=403)
    (contacts,) = collect(session, AlternateContacts).every(AlternateContacts)

    with pytest.raises(EvidenceMissing, match="grant account:GetAlternateContact"):
        _ = contacts.security


def test_nothing_personal_is_kept():
    """
    Evidence holds that there is a contact, and not whom it names.
    """
    facts = AlternateContacts.facts().values()
    tree = merge(*(fact_tree(fact.path, fact.parse, sensitive=fact.sensitive) for fact in facts))

    assert '{"AlternateContactType": "SECURITY"}' == json.dumps(project(tree, CONTACT))
