import pytest

from awsaudit.resources.ssm import PARAMETERS, Document, ManagedInstance, Parameter
from awsaudit.testing import call_faults, fake
from tests.test_collect import AS_OF, Session, collect


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(("name", "tail"), [("/prod/db", "parameter/prod/db"), ("db", "parameter/db")])
def test_parameter_is_read(name, tail):
    """
    A name with a path has one slash in the ARN; a plain text has no key.
    """
    secure = fake(Parameter, {PARAMETERS: {"Name": name, "Type": "SecureString", "KeyId": "alias/aws/ssm"}})
    plain = fake(Parameter, {PARAMETERS: {"Name": name, "Type": "String"}})

    assert f"arn:aws:ssm:eu-west-1:111122223333:{tail}" == secure.arn
    assert ("SecureString", "alias/aws/ssm") == (secure.kind, secure.key_id)
    assert plain.key_id is None


def test_an_empty_page_is_not_the_last(session):
    """
    AWS may answer with a token and nothing else.
    """
    stub = session.stub("ssm")
    stub.add_response("describe_parameters", {"Parameters": [], "NextToken": "t"}, {"MaxResults": 50})
    more = {"Parameters": [{"Name": "db", "Type": "String"}]}
    stub.add_response("describe_parameters", more, {"MaxResults": 50, "NextToken": "t"})

    inventory = collect(session, Parameter)

    assert ["db"] == [parameter.name for parameter in inventory.every(Parameter)]


@pytest.mark.parametrize("kind", [Parameter, Document, ManagedInstance])
def test_calls_exist(kind):
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(kind))


def test_of_a_description_nothing_but_words_is_kept():
    """
    People write there what the value is, or the value itself.
    """
    token = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9" * 2
    told = {"Name": "db", "Type": "String", "Description": f"Password, was {token}"}
    parameter = fake(Parameter, {PARAMETERS: told})

    assert (("password",), ["github-token"]) == (
        parameter.description_words,
        [hit.detector for hit in parameter.description_secrets],
    )
    assert token not in repr(parameter.values)


def test_two_versions_of_own_documents_are_read(session):
    """
    The newest one may not be the default yet.
    """
    stub = session.stub("ssm")
    own = {"Filters": [{"Key": "Owner", "Values": ["Self"]}]}
    stub.add_response("list_documents", {"DocumentIdentifiers": [{"Name": "restart"}]}, own)
    stub.add_response("get_document", {"Content": "a: 1"}, {"Name": "restart"})
    stub.add_response("get_document", {"Content": "a: 2"}, {"Name": "restart", "DocumentVersion": "$LATEST"})
    shared = {"Name": "restart", "PermissionType": "Share"}
    stub.add_response("describe_document_permission", {"AccountIds": ["111122223333"], "NextToken": "t"}, shared)
    stub.add_response("describe_document_permission", {"AccountIds": ["all"]}, {**shared, "NextToken": "t"})

    (document,) = collect(session, Document).every(Document)

    assert ((), (), ("111122223333", "all")) == (document.secrets, document.newest_secrets, document.shared_with)
    assert "arn:aws:ssm:eu-west-1:111122223333:document/restart" == document.arn


def test_a_host_that_was_never_scanned_has_no_patch_state(session):
    """
    AWS leaves it out of the answer; hosts are asked about together.
    """
    stub = session.stub("ssm")
    hosts = [{"InstanceId": "i-1", "PingStatus": "Online"}, {"InstanceId": "mi-2", "PlatformName": "Bottlerocket"}]
    stub.add_response("describe_instance_information", {"InstanceInformationList": hosts}, {"MaxResults": 50})
    state = {
        "InstanceId": "i-1", "PatchGroup": "nodes", "BaselineId": "pb-0123456789abcdef0", "Operation": "Scan",
        "OperationStartTime": AS_OF, "OperationEndTime": AS_OF, "CriticalNonCompliantCount": 2,
    }  # fmt: skip
    asked = {"InstanceIds": ["i-1", "mi-2"], "MaxResults": 100}
    stub.add_response("describe_instance_patch_states", {"InstancePatchStates": [state]}, asked)

    one, two = collect(session, ManagedInstance).every(ManagedInstance)

    assert (2, 0, AS_OF) == (one.patches.critical, one.patches.security, one.patches.ended)
    assert (None, "Bottlerocket") == (two.patches, two.platform)
