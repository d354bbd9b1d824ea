import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.schemas import POLICY, REGISTRIES, SchemaRegistry
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.events.schema_registry_cross_account import schema_registry_cross_account
from tests.checks.policies import (
    ORGANIZATION_OF,
    OWN_ROLE,
    STRANGER,
    PublicPolicies,
    SharedPolicies,
    allow,
    document,
    policy_in,
)


ARN = "arn:aws:schemas:eu-west-1:111122223333:registry/"
SCHEMAS = "arn:aws:schemas:eu-west-1:111122223333:schema/orders/*"


def registry(policy, name="orders"):
    listed = {"RegistryArn": f"{ARN}{name}", "RegistryName": name}
    return fake(SchemaRegistry, {REGISTRIES: listed, POLICY: {"Policy": json.dumps(policy)} if policy else None})


class TestPublicPolicies(PublicPolicies):
    check = schema_registry_cross_account
    action = "schemas:DescribeSchema"

    def make(self, policy):
        return registry(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--policy") if "--policy" in finding.fix else None

    # Here they fail as well.
    test_leaves_accounts_and_organizations_to_the_other_check = None


class TestSharedPolicies(SharedPolicies):
    check = schema_registry_cross_account
    action = "schemas:DescribeSchema"
    severity = Severity.MEDIUM

    def make(self, policy):
        return registry(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--policy") if "--policy" in finding.fix else None

    # Here everybody fails as well.
    test_accepts_the_own_and_leaves_everybody_to_the_other_check = None


@pytest.mark.parametrize("resource", [f"{ARN}orders", SCHEMAS, [f"{ARN}orders", SCHEMAS]])
def test_flags_accounts_that_nobody_knows(resource):
    """
    On the registry, or on the schemas in it.
    """
    policy = document([allow({"AWS": [OWN_ROLE, STRANGER]})], "schemas:*", resource)
    [finding] = run_check(schema_registry_cross_account, registry(policy), ORGANIZATION_OF)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert finding.fix.startswith("aws schemas put-resource-policy --region eu-west-1 --registry-name orders --policy ")
    assert [Status.PASS] == statuses(
        run_check(schema_registry_cross_account, registry(policy), ORGANIZATION_OF, trust=Trust(accounts=(STRANGER,)))
    )


def test_no_policy_passes_and_a_hidden_one_is_unknown():
    """
    Without a policy only the account itself gets in.
    """
    listed = {"RegistryArn": f"{ARN}orders", "RegistryName": "orders"}
    hidden = fake(SchemaRegistry, {REGISTRIES: listed, POLICY: refused(SchemaRegistry, POLICY)})

    assert [Status.PASS] == statuses(run_check(schema_registry_cross_account, registry(None), ORGANIZATION_OF))
    assert [Status.UNKNOWN] == statuses(run_check(schema_registry_cross_account, hidden, ORGANIZATION_OF))


def test_does_not_apply_to_registries_of_aws():
    """
    AWS fills them for everybody.
    """
    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(schema_registry_cross_account, registry(None, "aws.events"), ORGANIZATION_OF)
    )
