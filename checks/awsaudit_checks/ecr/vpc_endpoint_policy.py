import json

from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import PolicyKind, PolicySet, Request, Verdict, attached_to, evaluate, parse_policy, readable, role
from awsaudit.resources.ec2 import VpcEndpoint


_SERVICES: Final = (".ecr.api", ".ecr.dkr")
# Any account that is nobody's here, with a role that may do everything in it.
_STRANGER: Final = "000000000000"
_EVERYTHING: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


@check(
    "ecr-vpc-endpoint-policy",
    title="ECR endpoint policies are narrower than the default",
    severity=Severity.LOW,
    equivalents=("prowler:vpc_endpoint_connections_trust_boundaries",),
    remediation=Remediation(
        text="Let only credentials of your own accounts through. The command admits this account's; where other accounts' "
        "hosts use the endpoint, name your organization by aws:PrincipalOrgID instead.",
        cli="aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id {id} --policy-document {new_policy}",
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    ),
)
def vpc_endpoint_policy(endpoint: VpcEndpoint) -> Iterator[Problem]:
    """
    Whoever gets into a container can push what they found to a registry of their own, over the endpoint that was to keep
    traffic private. The default policy lets everybody do everything, in every account. One passes that keeps another
    account's role from pushing there, by principals, actions, resources, conditions or a Deny.
    """
    if not endpoint.service_name.endswith(_SERVICES):
        raise NotApplicable("it is no endpoint of ECR")
    if endpoint.state.lower() != "available":
        raise NotApplicable(f"it is {endpoint.state.lower()}")
    policy = readable(attached_to(endpoint.policy, f"the endpoint {endpoint.id}", PolicyKind.ENDPOINT))
    asked = Request(
        role(f"arn:{endpoint.partition}:iam::{_STRANGER}:role/stranger"),
        "ecr:PutImage",
        f"arn:{endpoint.partition}:ecr:{endpoint.region}:{_STRANGER}:repository/stranger",
        _STRANGER,
    )
    own = parse_policy(_EVERYTHING, PolicyKind.IDENTITY)
    if evaluate(asked, PolicySet(identity=(own,), endpoint=policy)).verdict is Verdict.ALLOW:
        yield Problem(
            "its policy lets roles of any account push to registries of any account",
            expected="a policy that limits who, what or where",
            found="the default policy" if policy is None else "a policy like the default one",
            fill={"new_policy": _own_only(endpoint)},
        )


def _own_only(endpoint: VpcEndpoint) -> str:
    own = {
        "Sid": "OwnCredentials",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": endpoint.account}},
    }

    return json.dumps({"Version": "2012-10-17", "Statement": [own]}, separators=(",", ":"))
