import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.resources.lambda_ import (
    ALIAS_POLICY,
    ALIASES,
    FUNCTIONS,
    MAPPED_FUNCTION,
    MAPPINGS,
    POLICY,
    VERSION_POLICY,
    VERSIONS,
    EventSourceMapping,
    Function,
    FunctionAlias,
    FunctionVersion,
)
from awsaudit.testing import fake
from tests.test_collect import Session, collect


ARN = "arn:aws:lambda:eu-west-1:111122223333:function:rotate"
ROLE = "arn:aws:iam::111122223333:role/rotate"
DOCUMENT = {"Policy": '{"Statement": []}'}


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def test_function_is_read():
    """
    Outside every VPC AWS answers an empty id.
    """
    listed = {"FunctionName": "rotate", "FunctionArn": ARN, "Role": ROLE, "Timeout": 30}
    network = {"VpcId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    inside = fake(Function, {FUNCTIONS: {**listed, "VpcConfig": network, "KMSKeyArn": "arn:k"}, POLICY: DOCUMENT})
    outside = fake(Function, {FUNCTIONS: {**listed, "VpcConfig": {"VpcId": "", "SubnetIds": []}}, POLICY: None})

    assert (ROLE, 30, "arn:k", {"Statement": []}) == (
        inside.role_arn,
        inside.timeout,
        inside.kms_key_arn,
        inside.policy,
    )
    assert ("vpc-1", ("subnet-1",), ("sg-1",)) == (inside.vpc_id, inside.subnet_ids, inside.security_group_ids)
    assert (None, (), None, None) == (outside.vpc_id, outside.subnet_ids, outside.kms_key_arn, outside.policy)


def test_alias_and_version_are_read():
    """
    Both have a policy of their own; an alias may stand for two versions.
    """
    routing = {"AdditionalVersionWeights": {"7": 0.1}}
    listed = {"AliasArn": f"{ARN}:live", "Name": "live", "FunctionVersion": "6", "RoutingConfig": routing}
    alias = fake(FunctionAlias, {ALIASES: listed, ALIAS_POLICY: DOCUMENT})
    listed = {"FunctionArn": f"{ARN}:6", "Version": "6", "Role": ROLE, "Timeout": 60}
    version = fake(FunctionVersion, {VERSIONS: listed, VERSION_POLICY: None})

    assert ("live", "6", {"7": 0.1}) == (alias.name, alias.version, alias.other_versions)
    assert ({"Statement": []}, None) == (alias.policy, version.policy)
    assert (f"{ARN}:6", "6", ROLE, 60) == (version.arn, version.version, version.role_arn, version.timeout)


def test_mapping_is_read():
    """
    The time-out is that of what is called, which may be an alias; of a function that is no more there is none.
    """
    listed = {"UUID": "1", "FunctionArn": f"{ARN}:live", "State": "Enabled", "MaximumBatchingWindowInSeconds": 5}
    mapping = fake(EventSourceMapping, {MAPPINGS: listed, MAPPED_FUNCTION: {"Timeout": 60}})
    stale = fake(EventSourceMapping, {MAPPINGS: {"UUID": "2"}, MAPPED_FUNCTION: None})

    assert (f"{ARN}:live", "Enabled", 5, 60) == (
        mapping.function_arn,
        mapping.state,
        mapping.batching_window,
        mapping.function_timeout,
    )
    assert (None, None) == (stale.batching_window, stale.function_timeout)


def test_versions_and_aliases_are_asked_by_their_qualifier(session):
    """
    The unpublished version is the function itself; each policy is asked for by alias or version.
    """
    stub = session.stub("lambda")
    stub.add_response("list_functions", {"Functions": [{"FunctionName": "rotate", "FunctionArn": ARN}]})
    versions = [{"Version": v, "FunctionArn": f"{ARN}:{v}", "Role": ROLE, "Timeout": 3} for v in ("$LATEST", "6")]
    stub.add_response("list_versions_by_function", {"Versions": versions}, {"FunctionName": "rotate"})
    stub.add_client_error("get_policy", "ResourceNotFoundException", expected_params={"FunctionName": "rotate"})
    asked = {"FunctionName": "rotate", "Qualifier": "6"}
    stub.add_client_error("get_policy", "AccessDeniedException", http_status_code=403, expected_params=asked)

    inventory = collect(session, Function, FunctionVersion)
    (function,) = inventory.every(Function)
    (version,) = inventory.every(FunctionVersion)

    assert function.policy is None
    assert "6" == version.version
    with pytest.raises(EvidenceMissing, match="grant lambda:GetPolicy"):
        _ = version.policy
