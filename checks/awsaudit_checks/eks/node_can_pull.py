import re

from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.access import (
    KEYS,
    REPOSITORIES,
    RIGHTS,
    Decision,
    PolicyKind,
    PolicySet,
    Request,
    attached_to,
    evaluate,
    key_named,
    policies_of,
    principal_of,
    question,
    settled,
)
from awsaudit.access.request import role as session_of
from awsaudit.resources.ec2 import Subnet, VpcEndpoint
from awsaudit.resources.ecr import Repository
from awsaudit.resources.ecs import Service
from awsaudit.resources.eks import FargateProfile, Nodegroup
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import Key


_TOKEN: Final = "ecr:GetAuthorizationToken"  # noqa: S105 - an action
_PULL: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_IMAGE: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<name>[^:@]+)"
)
_ATTACH: Final = (
    "aws iam attach-role-policy --region {region} --role-name {role} "
    "--policy-arn arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"
)


@check(
    "eks-node-can-pull",
    title="Node and pod execution roles can pull the images of their registry",
    severity=Severity.HIGH,
    uses=(
        *RIGHTS, *REPOSITORIES, *KEYS, Key.state, Repository.name, Repository.kms_key_id, Subnet.id, Subnet.vpc_id,
        VpcEndpoint.id, VpcEndpoint.vpc_id, VpcEndpoint.service_name, VpcEndpoint.state, VpcEndpoint.kind,
        VpcEndpoint.private_dns, VpcEndpoint.policy,
    ),
    remediation=Remediation(
        text="Attach AmazonEC2ContainerRegistryPullOnly to the role. Where a repository's policy, its key or an endpoint's "
        "policy stands in the way, the path says which.",
        cli=_ATTACH,
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_EKS.html",
    ),
)  # fmt: skip
def node_can_pull(puller: Nodegroup | FargateProfile | Service, account: Inventory) -> Iterator[Problem | Note]:
    """
    Images are pulled by the kubelet with the node's role, on Fargate and ECS with the execution role: without a token, the
    manifest and the layers no pod starts, and it shows only when the next node does. Followed are the role's rights, the
    repository's policy, its key, and the policies of endpoints in the VPC. The images of ECS services are known; for EKS
    every repository of the region is tried, and one that can be pulled from passes.
    """
    arn = _role_arn(puller)
    role = account.by_arn(Role, arn) if arn else None
    if role is None:
        raise NotApplicable("it has no role of this account that pulls images")
    repositories = tuple(_repositories(puller, account))
    if not repositories:
        raise NotApplicable("there is no private repository that it pulls from")
    ways = [_way(puller, role, repository, account) for repository in repositories]
    broken = [way for way in ways if way.broken]
    known = isinstance(puller, Service)
    if broken and (known or len(broken) == len(ways)):
        for way in broken if known else broken[:1]:
            yield _problem(
                role, way, sub_key=way.repository.name if known else "", others=0 if known else len(ways) - 1
            )
    elif broken:
        yield Note(f"it cannot pull from {', '.join(way.repository.name for way in broken[:3])}")


@frozen
class _Way:
    """
    The way from a puller to the images of a repository.

    Args:
        repository: The repository.

        path: The hops; the last one may be where it breaks.

        broken: What is missing, in words; empty if nothing is.

        by_role: Whether it is the role's rights that are missing.
    """

    repository: Repository
    path: tuple[Hop, ...]
    broken: str = ""
    by_role: bool = False


def _role_arn(puller: Nodegroup | FargateProfile | Service) -> str | None:
    if isinstance(puller, Nodegroup):
        return puller.node_role_arn
    if isinstance(puller, FargateProfile):
        return puller.pod_role_arn

    return puller.task_definition.execution_role_arn if puller.task_definition else None


def _repositories(puller: Nodegroup | FargateProfile | Service, account: Inventory) -> Iterator[Repository]:
    if not isinstance(puller, Service):
        yield from account.every(Repository, puller.region)
        return
    for image in puller.task_definition.images if puller.task_definition else ():
        found = _IMAGE.match(image)
        if found and found["account"] == account.account and found["region"] in account.regions:
            name = found["name"]
            yield from (r for r in account.every(Repository, found["region"]) if r.name == name)


def _way(puller: Nodegroup | FargateProfile | Service, role: Role, repository: Repository, account: Inventory) -> _Way:
    way = _Way(
        repository, (Hop(puller.arn, type(puller).type), Hop(role.arn, Role.type, "pulls its images with the role"))
    )
    for follow in (_token, _manifest, _key, _endpoints):
        way = follow(way, puller, role, account)
        if way.broken:
            break

    return way


def _onward(way: _Way, hop: Hop, broken: str = "", *, by_role: bool = False) -> _Way:
    return evolve(way, path=(*way.path, evolve(hop, holds=not broken)), broken=broken, by_role=by_role)


def _token(way: _Way, _: object, role: Role, account: Inventory) -> _Way:
    request = Request(principal_of(role, account), _TOKEN, "*", role.account)
    decision = evaluate(request, policies_of(role, account))
    registry = f"{way.repository.account}.dkr.ecr.{way.repository.region}"
    if _allows(decision):
        return _onward(way, Hop(registry, "registry", f"{_TOKEN}: {decision.allowed_by[0]}"))

    return _onward(
        way, Hop(registry, "registry", f"{_TOKEN}: {_why(decision)}"), f"{_TOKEN} is not allowed", by_role=True
    )


def _manifest(way: _Way, _: object, role: Role, account: Inventory) -> _Way:
    asked = [question(action, way.repository, account) for action in _PULL]
    decisions = [evaluate(q.by(principal_of(role, account)), policies_of(role, account, resource=q.own)) for q in asked]
    for action, decision in zip(_PULL, decisions, strict=True):
        if not _allows(decision):
            hop = Hop(way.repository.arn, Repository.type, f"{action}: {_why(decision)}")
            return _onward(way, hop, f"{action} is not allowed", by_role=not decision.explicit)
    by = f"{' and '.join(_PULL)}: {decisions[0].allowed_by[0]}"

    return _onward(way, Hop(way.repository.arn, Repository.type, by))


def _allows(decision: Decision) -> bool:
    # Conditions that nobody can know from here are given the benefit: a node that does not start is noticed.
    return settled(decision, conditional=True)


def _why(decision: Decision) -> str:
    return f"denied by {decision.denied_by[0]}" if decision.denied_by else decision.missing


def _key(way: _Way, _: object, __: Role, account: Inventory) -> _Way:
    """ECR uses the key itself, by a grant of its own: the puller needs no right to it, but the key has to work."""
    reference = way.repository.kms_key_id
    if reference is None:
        return way
    key = key_named(reference, way.repository.region, account)
    if key is None:
        return _onward(way, Hop(reference, Key.type, "encrypts the repository"), "the repository's key is no more")
    broken = "" if key.state in {"Enabled", "Creating", "Updating"} else f"the repository's key is {key.state}"

    return _onward(way, Hop(key.arn, Key.type, "encrypts the repository; ECR uses it by its grant"), broken)


def _endpoints(way: _Way, puller: Nodegroup | FargateProfile | Service, role: Role, account: Inventory) -> _Way:
    vpcs = {s.vpc_id for s in account.every(Subnet, puller.region) if s.id in puller.subnet_ids}
    for endpoint in account.every(VpcEndpoint, puller.region):
        if endpoint.vpc_id in vpcs and endpoint.state.lower() == "available":
            way = _through(way, endpoint, role, account)
            if way.broken:
                break

    return way


def _through(way: _Way, endpoint: VpcEndpoint, role: Role, account: Inventory) -> _Way:
    wanted = _asked_through(endpoint, way.repository, role, account)
    policy = attached_to(endpoint.policy, endpoint.id, PolicyKind.ENDPOINT)
    if not wanted or policy is None:
        return way
    for request in wanted:
        # Everything else lets it through: what is asked is what the endpoint says.
        anything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        rest = attached_to(anything, "the other policies", PolicyKind.IDENTITY)
        decision = evaluate(request, PolicySet(identity=(rest,) if rest else (), endpoint=policy))
        if not _allows(decision):
            hop = Hop(endpoint.id, VpcEndpoint.type, f"{request.action}: the endpoint's policy does not let it through")
            return _onward(way, hop, f"the policy of {endpoint.id} does not let {request.action} through")

    return _onward(way, Hop(endpoint.id, VpcEndpoint.type, f"lets {wanted[0].action} through"))


def _asked_through(
    endpoint: VpcEndpoint, repository: Repository, role: Role, account: Inventory
) -> tuple[Request, ...]:
    me = principal_of(role, account)
    if endpoint.service_name.endswith(".ecr.api") and endpoint.private_dns:
        return (
            Request(me, _TOKEN, "*", role.account),
            *(Request(me, action, repository.arn, role.account) for action in _PULL),
        )
    if endpoint.service_name.endswith(".ecr.dkr") and endpoint.private_dns:
        return tuple(Request(me, action, repository.arn, role.account) for action in _PULL)
    if endpoint.service_name.endswith(".s3") and endpoint.kind == "Gateway":
        # The layers are in a bucket of AWS's, and are fetched with addresses that ECR has signed.
        # https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
        layers = f"arn:{repository.partition}:s3:::prod-{repository.region}-starport-layer-bucket/*"
        ecr = session_of(f"arn:{repository.partition}:iam::{_AWS}:role/ecr")
        return (Request(ecr, "s3:GetObject", layers, _AWS),)

    return ()


_AWS: Final = "999999999999"


def _problem(role: Role, way: _Way, *, sub_key: str, others: int) -> Problem:
    rest = f", nor from the other {others} repositories of the region" if others else ""
    return Problem(
        f"{role.name} cannot pull from {way.repository.name}{rest}: {way.broken}",
        expected="a token, the manifest and the layers",
        found=way.broken,
        sub_key=sub_key,
        path=way.path,
        fill={"role": role.name} if way.by_role else {},
    )
