"""
Who comes in with a token: builds of several providers, and pods.

Deployments name their repository and environment, as they should; what was tried out before is open by and by: to every
repository, to every branch, to organizations with a longer name, to everybody. moto has no Pod Identity;
ListPodIdentityAssociations, DescribePodIdentityAssociation and UpdatePodIdentityAssociation are answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, NAME, Company
from awsaudit.demo.principal import make_role


_ORGANIZATION: Final = "northlight-staking"
_GITHUB: Final = "token.actions.githubusercontent.com"
_BITBUCKET: Final = f"api.bitbucket.org/2.0/workspaces/{_ORGANIZATION}/pipelines-config/identity/oidc"
_TERRAFORM: Final = "app.terraform.io"
_CIRCLECI: Final = "oidc.circleci.com/org/5d2f4f6c-0000-4000-8000-000000000001"
_CLUSTER: Final = "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
_WORKSPACE: Final = "ari:cloud:bitbucket::workspace/5d2f4f6c-0000-4000-8000-000000000002"
_AWS: Final = "sts.amazonaws.com"
_PROVIDERS: Final = (
    (_GITHUB, (_AWS,)),
    (_BITBUCKET, (_WORKSPACE,)),
    # Somebody used the provider for a secrets store as well.
    (_TERRAFORM, ("aws.workload.identity", "vault.workload.identity")),
    (_CIRCLECI, ("5d2f4f6c-0000-4000-8000-000000000001",)),
    (_CLUSTER, (_AWS,)),
)
_REPOSITORY: Final = "{5d2f4f6c-0000-4000-8000-000000000003}"
_ENVIRONMENT: Final = "{5d2f4f6c-0000-4000-8000-000000000004}"
_PLAN: Final = f"organization:{_ORGANIZATION}:project:network:workspace:home:run_phase:"
_PODS: Final = "system:serviceaccount:monitoring:"
# The role, the issuer, the subject (None for none), and the audience that it asks for.
_BUILDS: Final[tuple[tuple[str, str, str | None, str | None], ...]] = (
    ("deploy-site", _GITHUB, f"repo:{_ORGANIZATION}/site:environment:production", _AWS),
    ("deploy-anything", _GITHUB, f"repo:{_ORGANIZATION}/*", _AWS),
    ("deploy-previews", _GITHUB, f"repo:{_ORGANIZATION}/site:*", _AWS),
    ("deploy-mirrors", _GITHUB, "repo:northlight*/mirror:ref:refs/heads/main", _AWS),
    ("deploy-first-try", _GITHUB, None, _AWS),
    ("build-images", _BITBUCKET, f"{_REPOSITORY}:{_ENVIRONMENT}:*", _WORKSPACE),
    ("build-everything", _BITBUCKET, "{*", _WORKSPACE),
    ("terraform-apply", _TERRAFORM, f"{_PLAN}apply", "aws.workload.identity"),
    ("terraform-plan-and-apply", _TERRAFORM, f"{_PLAN}*", None),
    ("test-contracts", _CIRCLECI, "org/*/project/5d2f4f6c-0000-4000-8000-000000000005/user/*", None),
    ("test-anything", _CIRCLECI, "org/*", None),
    ("pods-metrics", _CLUSTER, f"{_PODS}exporter", _AWS),
    ("pods-monitoring", _CLUSTER, f"{_PODS}*", _AWS),
)
_SITE: Final = f"{NAME}-prod-site"
_PUBLISHES: Final = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{_SITE}/*"}
_RIGHTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "deploy-site": _PUBLISHES,
    "deploy-previews": _PUBLISHES,
    "terraform-plan-and-apply": {"Effect": "Allow", "Action": ["iam:*", "ec2:*", "eks:*"], "Resource": "*"},
}


def build(company: Company) -> None:
    """Build it."""
    iam, s3 = company.client("iam"), company.client("s3")
    s3.create_bucket(Bucket=_SITE, CreateBucketConfiguration={"LocationConstraint": HOME})
    s3.put_bucket_versioning(Bucket=_SITE, VersioningConfiguration={"Status": "Enabled"})
    for issuer, audiences in _PROVIDERS:
        iam.create_open_id_connect_provider(
            Url=f"https://{issuer}", ClientIDList=list(audiences), ThumbprintList=["0" * 40]
        )
    for name, issuer, subject, audience in _BUILDS:
        _build_role(company, name, issuer, subject, audience)
    _pod_identities(company)


def _build_role(company: Company, name: str, issuer: str, subject: str | None, audience: str | None) -> None:
    condition: dict[str, Any] = {}
    if subject:
        condition["StringLike" if "*" in subject else "StringEquals"] = {f"{issuer}:sub": subject}
    if audience:
        condition["StringEquals"] = {**condition.get("StringEquals", {}), f"{issuer}:aud": audience}
    provider = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}
    rights = (_RIGHTS[name],) if name in _RIGHTS else ()
    make_role(company, name, provider, *rights, action="sts:AssumeRoleWithWebIdentity", condition=condition)


def _pod_identities(company: Company) -> None:
    """Two roles for pods of the validators' cluster, one of them for pods of any."""
    pods = {"Service": "pods.eks.amazonaws.com"}
    own = {"StringEquals": {"aws:RequestTag/eks-cluster-name": "validators"}}
    found = (
        _association(company, "relay", make_role(company, "pods-relay", pods, condition=own)),
        _association(company, "alerts", make_role(company, "pods-alerts", pods)),
    )
    associations = {each["associationId"]: each for each in found}

    def listed(params: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        here = params["clusterName"] == "validators" and region == HOME
        keys = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId")
        return {"associations": [{key: a[key] for key in keys} for a in associations.values() if here]}

    def described(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        return {"association": associations[params["associationId"]]}

    def updated(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        changed = {key: params[key] for key in ("roleArn", "disableSessionTags") if key in params}
        associations[params["associationId"]] |= changed
        return {"association": associations[params["associationId"]]}

    company.front.answer("eks", "ListPodIdentityAssociations", listed)
    company.front.answer("eks", "DescribePodIdentityAssociation", described)
    company.front.answer("eks", "UpdatePodIdentityAssociation", updated)


def _association(company: Company, account: str, role_arn: str) -> dict[str, Any]:
    id_ = f"a-{account}{'1':0>{16 - len(account)}}"
    return {
        "clusterName": "validators",
        "namespace": "staking",
        "serviceAccount": account,
        "associationArn": f"arn:aws:eks:{HOME}:{ACCOUNT}:podidentityassociation/validators/{id_}",
        "associationId": id_,
        "roleArn": role_arn,
        "createdAt": company.today,
        "disableSessionTags": False,
    }
