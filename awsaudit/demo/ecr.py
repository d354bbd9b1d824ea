"""
The company's image repositories, how their registries scan them, and the endpoints through which nodes pull.

moto keeps repositories, rules and images; when images were pushed and what their scans found is told here.
"""

from __future__ import annotations

import datetime
import hashlib
import json

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from awsaudit.demo.company import HOME, Company


STANDBY = "eu-west-1"
IMAGE = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
CHART = "application/vnd.cncf.helm.config.v1+json"

Params = Mapping[str, Any]
Answer = Mapping[str, Any]


@frozen
class _Image:
    """
    An image, and what AWS says of it.

    Args:
        tag: Its tag; None for one that was pushed as a part of another.

        hours: Since it was pushed.

        status: The status of its scan; None where there was none.

        counts: What the scan found.

        artifact: The media type, where it is no image.
    """

    tag: str | None
    hours: float
    status: str | None = "COMPLETE"
    counts: Mapping[str, int] = field(factory=dict)
    artifact: str | None = None


@frozen
class _Repository:
    """
    A repository.

    Args:
        name: Its name.

        images: Its images.

        settings: More parameters of CreateRepository.
    """

    name: str
    images: tuple[_Image, ...] = ()
    settings: Mapping[str, Any] = field(factory=dict)


def build(company: Company) -> None:
    """Build them."""
    told: dict[tuple[str, str, str], _Image] = {}
    for region, repositories in ((HOME, _at_home(company)), (STANDBY, _at_the_standby())):
        for repository in repositories:
            _create(company, region, repository, told)
    _scan(company, HOME, "BASIC", "SCAN_ON_PUSH", "validators/*")
    _scan(company, STANDBY, "ENHANCED", "CONTINUOUS_SCAN", "validators/*")
    _endpoints(company)
    _explorer(company)
    _answer(company, told)


def _at_home(company: Company) -> tuple[_Repository, ...]:
    immutable = {"imageTagMutability": "IMMUTABLE"}
    but_latest = {
        "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
        "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "latest*"}],
    }
    own_key = {"encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": company.ids["key:images"]}}
    on_push = {"imageScanningConfiguration": {"scanOnPush": True}}

    return (
        _Repository("validators/prysm", (_Image("v6.1.0", 240),), {**immutable, **own_key}),
        _Repository(
            "validators/web3signer",
            (_Image("25.9.0", 96, counts={"CRITICAL": 2, "HIGH": 9, "LOW": 31}), _Image("25.6.0", 1900)),
            {**but_latest, **own_key},
        ),
        _Repository("rewards-api", (_Image("2.4.1", 960, None),)),
        _Repository(
            "beacon-api",
            (_Image(None, 50.01, "UNSUPPORTED_IMAGE"), _Image(None, 50.02, counts={"HIGH": 1})),
            {**immutable, **on_push},
        ),
        _Repository("signer-enclave", (_Image("1.0.3", 700, "UNSUPPORTED_IMAGE"),), {**immutable, **own_key}),
        _Repository("deposits-api", (_Image("3.0.0", 2, "IN_PROGRESS"),), {**immutable, **own_key, **on_push}),
        _Repository("charts/validators", (_Image("0.8.2", 500, None, artifact=CHART),), {**immutable, **on_push}),
        _Repository("explorer", (), immutable),
        _Repository("docker-hub/ethereum/client-go", (_Image("v1.16.7", 400, counts={"HIGH": 2}),), on_push),
    )


def _at_the_standby() -> tuple[_Repository, ...]:
    on_push = {"imageScanningConfiguration": {"scanOnPush": True}}
    return (
        _Repository("validators/prysm", (_Image("v6.1.0", 240, "ACTIVE"),), {"imageTagMutability": "IMMUTABLE"}),
        _Repository("rewards-api", (_Image("2.4.1", 2400, "SCAN_ELIGIBILITY_EXPIRED", {"CRITICAL": 1}),), on_push),
    )


def _create(company: Company, region: str, repository: _Repository, told: dict[tuple[str, str, str], _Image]) -> None:
    ecr = company.client("ecr", region)
    ecr.create_repository(repositoryName=repository.name, **repository.settings)
    for image in repository.images:
        content = hashlib.sha256(f"{repository.name} {image.hours}".encode()).hexdigest()
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": image.artifact or IMAGE, "size": 7023, "digest": f"sha256:{content}"},
            "layers": [{"mediaType": LAYER, "size": 4_200_000, "digest": f"sha256:{content}"}],
        }
        tag = {"imageTag": image.tag} if image.tag else {}
        pushed = ecr.put_image(repositoryName=repository.name, imageManifest=json.dumps(manifest), **tag)
        told[region, repository.name, pushed["image"]["imageId"]["imageDigest"]] = image


def _scan(company: Company, region: str, kind: str, frequency: str, pattern: str) -> None:
    rule = {"scanFrequency": frequency, "repositoryFilters": [{"filter": pattern, "filterType": "WILDCARD"}]}
    company.client("ecr", region).put_registry_scanning_configuration(scanType=kind, rules=[rule])


def _endpoints(company: Company) -> None:
    """Let the nodes at home reach ECR without the internet; those at the standby have to take the long way."""
    ec2 = company.client("ec2")
    vpc = company.ids["vpc"]
    main = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    table = ec2.describe_route_tables(Filters=main)["RouteTables"][0]["RouteTableId"]
    for name in ("ecr.api", "ecr.dkr"):
        ec2.create_vpc_endpoint(
            VpcId=vpc,
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.{HOME}.{name}",
            SubnetIds=company.ids["subnets:private"],
            SecurityGroupIds=[company.ids["sg:closed"]],
            PrivateDnsEnabled=True,
        )
    service = f"com.amazonaws.{HOME}.s3"
    ec2.create_vpc_endpoint(VpcId=vpc, VpcEndpointType="Gateway", ServiceName=service, RouteTableIds=[table])


def _explorer(company: Company) -> None:
    """Run the block explorer on ECS, at the standby."""
    ecs = company.client("ecs", STANDBY)
    ecs.create_cluster(clusterName="explorer")
    image = f"{company.account}.dkr.ecr.{STANDBY}.amazonaws.com/validators/prysm"
    container = {"name": "explorer", "image": image, "memory": 512}
    ecs.register_task_definition(family="explorer", networkMode="awsvpc", containerDefinitions=[container])
    place = {
        "subnets": company.ids["subnets:private@eu-west-1"],
        "securityGroups": [company.ids["sg:closed@eu-west-1"]],
    }
    ecs.create_service(
        cluster="explorer",
        serviceName="explorer",
        taskDefinition="explorer",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": place},
    )
    _container_instance(company, place["subnets"][0])


def _container_instance(company: Company, subnet: str) -> None:
    """The explorer's index is on an instance; moto wants a signed identity document to register one."""
    arn = f"arn:aws:ecs:{STANDBY}:{company.account}:container-instance/explorer/8a1f0c2d4e6b4b0f9c3d5e7f90a1b2c3"

    def listed(params: Params, region: str) -> Answer:
        here = region == STANDBY and params["cluster"].endswith("explorer")
        return {"containerInstanceArns": [arn] if here else []}

    def described(_: Params, __: str) -> Answer:
        attributes = [{"name": "ecs.subnet-id", "value": subnet}]
        return {"containerInstances": [{"containerInstanceArn": arn, "attributes": attributes}], "failures": []}

    company.front.answer("ecs", "ListContainerInstances", listed)
    company.front.answer("ecs", "DescribeContainerInstances", described)


# What AWS says of them


def _answer(company: Company, told: Mapping[tuple[str, str, str], _Image]) -> None:
    def images(parsed: dict[str, Any], params: Params, region: str) -> None:
        for detail in parsed["imageDetails"]:
            image = told.get((region, params["repositoryName"], detail["imageDigest"]))
            if image:
                detail["imagePushedAt"] = company.today - datetime.timedelta(hours=image.hours)
                detail["artifactMediaType"] = image.artifact or IMAGE
                detail["imageTags"] = [image.tag] if image.tag else []

    def findings(params: Params, region: str) -> Answer | None:
        image = told.get((region, params["repositoryName"], params["imageId"]["imageDigest"]))
        if image is None or image.status is None:
            return None
        counts = {"findingSeverityCounts": dict(image.counts)} if image.counts else {}
        return {"imageScanStatus": {"status": image.status}, "imageScanFindings": {"findings": [], **counts}}

    def cached(_: Params, region: str) -> Answer:
        rule = {"ecrRepositoryPrefix": "docker-hub", "upstreamRegistryUrl": "registry-1.docker.io"}
        return {"pullThroughCacheRules": [rule] if region == HOME else []}

    company.front.amend("ecr", "DescribeImages", images)
    company.front.answer("ecr", "DescribeImageScanFindings", findings)
    company.front.answer("ecr", "DescribePullThroughCacheRules", cached)
