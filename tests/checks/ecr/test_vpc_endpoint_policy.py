import json

import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import ENDPOINTS, VpcEndpoint
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.ecr.vpc_endpoint_policy import vpc_endpoint_policy
from tests.checks.policies import policy_in


def allow(**more):
    return {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", **more}


def endpoint(*statements, service="ecr.dkr", state="available", policy=None):
    described = {
        "VpcEndpointId": "vpce-1",
        "ServiceName": f"com.amazonaws.eu-west-1.{service}",
        "State": state,
        **({"PolicyDocument": json.dumps(policy or {"Statement": statements})} if statements or policy else {}),
    }
    return fake(VpcEndpoint, {ENDPOINTS: described})


@pytest.mark.parametrize(
    "statements",
    [
        (allow(),),
        (),
        (allow(Action="ecr:*"),),
        (allow(Action=["ecr:Put*", "ecr:Get*"]), allow(Action="ecr:BatchGetImage")),
        (allow(Principal={"AWS": "*"}),),
    ],
)
@pytest.mark.parametrize("service", ["ecr.api", "ecr.dkr"])
def test_flags_what_lets_everybody_push_everywhere(service, statements):
    """
    The default, none at all, and others that come to the same.
    """
    assert [Status.FAIL] == statuses(run_check(vpc_endpoint_policy, endpoint(*statements, service=service)))


@pytest.mark.parametrize(
    "statements",
    [
        (allow(Condition={"StringEquals": {"aws:PrincipalAccount": "111122223333"}}),),
        (allow(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}),),
        (allow(Resource="arn:aws:ecr:eu-west-1:111122223333:repository/*"),),
        (allow(Principal={"AWS": "arn:aws:iam::111122223333:root"}),),
        (allow(Action=["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]),),
        (allow(), allow(Effect="Deny", Condition={"StringNotEquals": {"aws:ResourceAccount": "111122223333"}})),
    ],
)
def test_narrower_policies_pass(statements):
    """
    By who asks, what is asked for, where it is, or a Deny.
    """
    assert [Status.PASS] == statuses(run_check(vpc_endpoint_policy, endpoint(*statements)))


def test_the_command_lets_own_credentials_through():
    """
    Wherever they pull from; the policy passes.
    """
    [finding] = run_check(vpc_endpoint_policy, endpoint(allow()))

    assert finding.fix.startswith("aws ec2 modify-vpc-endpoint --region eu-west-1 --vpc-endpoint-id vpce-1 ")
    mended = endpoint(policy=policy_in(finding.fix, "--policy-document"))
    assert [Status.PASS] == statuses(run_check(vpc_endpoint_policy, mended))


def test_what_cannot_be_read_is_unknown():
    """
    A refused listing, and a document that is no policy.
    """
    blind = fake(VpcEndpoint, {ENDPOINTS: refused(VpcEndpoint, ENDPOINTS)})

    assert [Status.UNKNOWN] == statuses(run_check(vpc_endpoint_policy, blind))
    assert [Status.UNKNOWN] == statuses(run_check(vpc_endpoint_policy, endpoint({"Effect": "Maybe"})))


@pytest.mark.parametrize("more", [{"service": "s3"}, {"service": "ecr-public"}, {"state": "deleted"}])
def test_does_not_apply(more):
    """
    To other endpoints, and to one that is gone.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(vpc_endpoint_policy, endpoint(**more)))
