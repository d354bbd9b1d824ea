from awsaudit.resources.organizations import (
    CONTENT,
    ORGANIZATION,
    PLACE,
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    TARGETS,
    Organization,
    OrganizationPlace,
    ResourceControlPolicy,
    ServiceControlPolicy,
)
from awsaudit.testing import fake


def test_organization_is_read():
    """
    An account in no organization has neither its id nor a management account.
    """
    organization = fake(Organization, {ORGANIZATION: {"Id": "o-exampleorgid", "MasterAccountId": "111122223333"}})
    none = fake(Organization, {ORGANIZATION: None})

    assert ("o-exampleorgid", "111122223333") == (organization.id, organization.management_account)
    assert (None, None) == (none.id, none.management_account)
    assert ("AWSOrganizationsNotInUseException",) == ORGANIZATION.absent


def test_place_is_a_path_from_the_root():
    """
    The organization's own id is no place that policies hang on.
    """
    place = fake(OrganizationPlace, {PLACE: {"Paths": ["o-exampleorgid/r-ab12/ou-ab12-11111111/111122223333/"]}})

    assert ("r-ab12", "ou-ab12-11111111", "111122223333") == place.ancestors
    assert fake(OrganizationPlace, {PLACE: None}).ancestors is None


def test_control_policies_are_read():
    """
    Service and resource control policies have a document and what they hang on.
    """
    for kind, listing in ((ServiceControlPolicy, SERVICE_CONTROL), (ResourceControlPolicy, RESOURCE_CONTROL)):
        listed = {"Id": "p-1", "Arn": "arn:aws:organizations::111122223333:policy/p-1", "Name": "edge"}
        policy = fake(kind, {listing: listed, CONTENT: '{"Statement": []}', TARGETS: [{"TargetId": "r-ab12"}]})

        assert ("edge", {"Statement": []}, ("r-ab12",)) == (policy.name, policy.document, policy.target_ids)
