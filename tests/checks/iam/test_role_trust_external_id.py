import pytest

from awsaudit import Status, Trust
from awsaudit.resources.organizations import OrganizationAccount
from awsaudit.testing import run_check, statuses
from awsaudit_checks.iam.role_trust_external_id import role_trust_external_id
from tests.checks.iam.people import role, trusting
from tests.checks.policies import MEMBER, ORGANIZATION_OF, OWN_ORGANIZATION, STRANGER, allow, document


VENDOR = Trust(vendors=(STRANGER,))


def signer(*statements):
    return role("signer", trust=document(statements, "sts:AssumeRole", None))


def verdict(thing, *others, **more):
    (finding,) = run_check(role_trust_external_id, thing, *others, **more)
    return finding.status


@pytest.mark.parametrize("trust", [Trust(), VENDOR])
def test_flags_suppliers_and_strangers_without_external_id(trust):
    """
    Marked or not, an account that is not the owner's needs one.
    """
    (finding,) = run_check(role_trust_external_id, signer(allow({"AWS": STRANGER})), trust=trust)

    assert (Status.FAIL, "none", None) == (finding.status, finding.found, finding.fix)
    assert f"account {STRANGER}" == finding.path[0].resource


def test_accepts_an_external_id():
    """
    One of several values, and a pattern of one's own, are external ids too.
    """
    for condition in ("4f1c", ["4f1c", "9ab2"]):
        assert Status.PASS is verdict(signer(allow({"AWS": STRANGER}, StringEquals={"sts:ExternalId": condition})))
    assert Status.PASS is verdict(signer(allow({"AWS": STRANGER}, StringLike={"sts:externalid": "northlight-*"})))


@pytest.mark.parametrize(
    ("operator", "value", "found"),
    [
        ("StringLike", "*", "any"),
        ("StringEqualsIfExists", "4f1c", "none"),
        ("ForAllValues:StringEquals", "4f1c", "none"),
        ("StringNotEquals", "4f1c", "none"),
        ("Null", "false", "any"),
    ],
)
def test_flags_conditions_that_ask_for_none(operator, value, found):
    """
    A condition that any external id meets, or none, is no external id.
    """
    asked = signer(allow({"AWS": STRANGER}, **{operator: {"sts:ExternalId": value}}))
    (finding,) = run_check(role_trust_external_id, asked)

    assert (Status.FAIL, found) == (finding.status, finding.found)


def test_flags_the_statement_that_lacks_it():
    """
    A second statement that lets the supplier in without one undoes the first.
    """
    bound = allow({"AWS": STRANGER}, StringEquals={"sts:ExternalId": "4f1c"})

    assert Status.FAIL is verdict(signer(bound, {**allow({"AWS": STRANGER}), "Sid": "Old"}))


def test_accepts_a_deny_without_external_id():
    """
    A Deny on requests without it is as good.
    """
    denied = {**allow("*", StringNotEquals={"sts:ExternalId": "4f1c"}), "Effect": "Deny"}

    assert Status.PASS is verdict(signer(allow({"AWS": STRANGER}), denied))


def test_does_not_concern_the_own():
    """
    The own account, its organization, accounts under [trust] accounts, services and everybody are not suppliers.
    """
    organization = allow("*", StringEquals={"aws:PrincipalOrgID": OWN_ORGANIZATION})

    assert Status.NOT_APPLICABLE is verdict(role("signer"))
    assert Status.NOT_APPLICABLE is verdict(role("signer", trust=trusting("ec2")))
    assert Status.NOT_APPLICABLE is verdict(signer(allow()))
    assert Status.NOT_APPLICABLE is verdict(signer(organization), ORGANIZATION_OF)
    assert Status.NOT_APPLICABLE is verdict(signer(allow({"AWS": STRANGER})), MEMBER)
    assert Status.NOT_APPLICABLE is verdict(signer(allow({"AWS": STRANGER})), trust=Trust(accounts=(STRANGER,)))


def test_does_not_guess_whose_an_account_is():
    """
    Where the organization's accounts could not be listed it is unknown, unless there is an external id anyhow.
    """
    bound = signer(allow({"AWS": STRANGER}, StringEquals={"sts:ExternalId": "4f1c"}))

    assert Status.UNKNOWN is verdict(signer(allow({"AWS": STRANGER})), unlisted=(OrganizationAccount,))
    assert Status.PASS is verdict(bound, unlisted=(OrganizationAccount,))
    assert Status.FAIL is verdict(signer(allow({"AWS": STRANGER})), unlisted=(OrganizationAccount,), trust=VENDOR)


def test_passes_over_service_linked_roles():
    """
    Nobody edits them.
    """
    linked = role("AWSServiceRoleForX", Path="/aws-service-role/x.amazonaws.com/")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(role_trust_external_id, linked))
