"""
The company's EKS clusters: a sound one for the validators, laxer ones beside it, and a local one on an Outpost.

Leaves in `Company.ids`: ``cluster``, a mapping from each cluster's name to its region; ``cluster-sg:NAME``, its security
group; ``access-entries``, by cluster name a mapping from principal to (type, access policies), to be added to.
"""

from __future__ import annotations

import copy
import datetime
import json

from collections.abc import Mapping
from typing import Any, Final

from attrs import define, field

from awsaudit.demo.company import HOME, NAME, Company
from awsaudit.demo.front import Refusal


STANDBY: Final = "eu-west-1"
ALL_LOGS: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")
OFFICE: Final = "198.51.100.0/24"
ADMIN: Final = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEW: Final = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
AWS_POLICY: Final = "arn:aws:iam::aws:policy"
# How the versions stand, and in how many days their standard and extended support end.
VERSIONS: Final[Mapping[str, tuple[str, int, int]]] = {
    "1.35": ("STANDARD_SUPPORT", 300, 665),
    "1.34": ("STANDARD_SUPPORT", 60, 425),
    "1.33": ("EXTENDED_SUPPORT", -60, 305),
    "1.32": ("EXTENDED_SUPPORT", -180, 185),
    "1.31": ("UNSUPPORTED", -400, -35),
}

Params = Mapping[str, Any]
Answer = Mapping[str, Any]


@define
class _Cluster:
    """
    What moto does not keep of a cluster.

    Args:
        described: More of DescribeCluster's answer.

        entries: Access entries: type and policies, by principal.

        addons: Configuration values, by add-on.
    """

    described: dict[str, Any]
    entries: dict[str, tuple[str, list[str]]] = field(factory=dict)
    addons: dict[str, str | None] = field(factory=dict)


def build(company: Company) -> None:
    """Build them."""
    roles = _roles(company)
    clusters = _clusters(company, roles)
    company.ids["cluster"] = {}
    company.ids["access-entries"] = {name: cluster.entries for name, cluster in clusters.items()}
    for name, cluster in clusters.items():
        region = STANDBY if name in {"standby", "rewards"} else HOME
        company.ids["cluster"][name] = region
        _create(company, name, region, cluster)
    _answer_clusters(company, clusters)
    _answer_keys(company, clusters)
    _answer_entries(company, clusters)
    _answer_addons(company, clusters)


# What there is


def _roles(company: Company) -> dict[str, str]:
    """Make the clusters' roles, and those that people use; return their ARNs by name."""
    iam = company.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    people = {"Effect": "Allow", "Principal": {"AWS": company.account}, "Action": "sts:AssumeRole"}
    arns = {}
    for name, statement in (
        ("eks-control-plane", trust),
        ("eks-standby", trust),
        ("platform", people),
        ("sre", people),
    ):
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        arns[name] = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    for name in ("eks-control-plane", "eks-standby"):
        iam.attach_role_policy(RoleName=name, PolicyArn=f"{AWS_POLICY}/AmazonEKSClusterPolicy")
    iam.attach_role_policy(RoleName="eks-standby", PolicyArn=f"{AWS_POLICY}/AmazonS3FullAccess")
    dns = {"Effect": "Allow", "Action": "route53:ChangeResourceRecordSets", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [dns]})
    iam.put_role_policy(RoleName="eks-standby", PolicyName="external-dns", PolicyDocument=document)
    company.ids["user:bootstrap"] = iam.create_user(UserName="cluster-bootstrap")["User"]["Arn"]

    return arns


def _key(company: Company, region: str) -> str:
    kms = company.client("kms", region)
    return str(kms.create_key(Description="Kubernetes secrets")["KeyMetadata"]["Arn"])


def _clusters(company: Company, roles: Mapping[str, str]) -> dict[str, _Cluster]:
    sound, lax = roles["eks-control-plane"], roles["eks-standby"]
    admin, view = ("STANDARD", [ADMIN]), ("STANDARD", [VIEW])
    stale = _key(company, STANDBY)
    company.client("kms", STANDBY).schedule_key_deletion(KeyId=stale.rpartition("/")[2], PendingWindowInDays=30)
    lost = "The KMS key of this cluster is pending deletion."
    addons = {"coredns": None, "kube-proxy": None}

    return {
        "validators": _Cluster(
            {
                "version": "1.35",
                "roleArn": sound,
                "resourcesVpcConfig": _endpoints(public=False, private=True),
                "logging": _logs(ALL_LOGS),
                "encryptionConfig": _encrypted(_key(company, HOME)),
                "accessConfig": {"authenticationMode": "API"},
                "deletionProtection": True,
            },
            {roles["platform"]: admin, roles["sre"]: view},
            {**addons, "vpc-cni": '{"enableNetworkPolicy": "true"}'},
        ),
        "beacon": _Cluster(
            {
                "version": "1.34",
                "roleArn": sound,
                "resourcesVpcConfig": _endpoints(public=True, private=True, cidrs=(OFFICE,)),
                "logging": _logs(("api", "audit", "authenticator")),
                "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
                "deletionProtection": False,
            },
            {roles["platform"]: admin},
            {**addons, "vpc-cni": "env:\n  ENABLE_PREFIX_DELEGATION: 'true'\n", "tigera_calico-operator": None},
        ),
        "standby": _Cluster(
            {
                "version": "1.33",
                "roleArn": lax,
                "resourcesVpcConfig": _endpoints(public=True, private=False, cidrs=("0.0.0.0/0",)),
                "logging": _logs(()),
                "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
                "deletionProtection": False,
            },
            {
                company.ids["user:bootstrap"]: admin,
                "arn:aws:iam::210987654321:role/former-operator": admin,
                f"arn:aws:iam::{company.account}:role/bootstrap": admin,
            },
            {**addons, "vpc-cni": '{"env": {"ENABLE_PREFIX_DELEGATION": "true"}}'},
        ),
        "rewards": _Cluster(
            {
                "version": "1.31",
                "roleArn": lax,
                "resourcesVpcConfig": _endpoints(public=True, private=True, cidrs=(OFFICE,)),
                "logging": _logs(ALL_LOGS),
                "encryptionConfig": _encrypted(stale),
                "accessConfig": {"authenticationMode": "CONFIG_MAP"},
                "deletionProtection": True,
                "health": {"issues": [{"code": "KmsKeyMarkedForDeletion", "message": lost, "resourceIds": [stale]}]},
            },
        ),
        "signer": _Cluster(
            {
                "version": "1.32",
                "roleArn": sound,
                "resourcesVpcConfig": _endpoints(public=False, private=True),
                "outpostConfig": {
                    "outpostArns": [f"arn:aws:outposts:{HOME}:{company.account}:outpost/op-0c1d2e3f4a5b6c7d8"],
                    "controlPlaneInstanceType": "m5.large",
                },
                "deletionProtection": True,
            },
        ),
    }


def _endpoints(*, public: bool, private: bool, cidrs: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"endpointPublicAccess": public, "endpointPrivateAccess": private, "publicAccessCidrs": list(cidrs)}


def _logs(types: tuple[str, ...]) -> dict[str, Any]:
    off = [kind for kind in ALL_LOGS if kind not in types]
    setups = ((list(types), True), (off, False))

    return {"clusterLogging": [{"types": kinds, "enabled": enabled} for kinds, enabled in setups if kinds]}


def _encrypted(key: str) -> list[dict[str, Any]]:
    return [{"resources": ["secrets"], "provider": {"keyArn": key}}]


def _create(company: Company, name: str, region: str, cluster: _Cluster) -> None:
    """Make the cluster in moto, and its security group in the VPC."""
    suffix = "" if region == HOME else f"@{region}"
    ec2 = company.client("ec2", region)
    group = ec2.create_security_group(
        GroupName=f"eks-cluster-sg-{name}", Description="EKS created security group", VpcId=company.ids[f"vpc{suffix}"]
    )["GroupId"]
    within = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[within])
    if name == "beacon":
        ports = {"IpProtocol": "tcp", "FromPort": 30303, "ToPort": 30303, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[ports])
    company.ids[f"cluster-sg:{name}"] = group
    network = {
        **cluster.described["resourcesVpcConfig"],
        "subnetIds": company.ids[f"subnets:private{suffix}"],
        "securityGroupIds": [company.ids[f"sg:{'open' if name == 'standby' else 'closed'}{suffix}"]],
        "clusterSecurityGroupId": group,
        "vpcId": company.ids[f"vpc{suffix}"],
    }
    company.client("eks", region).create_cluster(
        name=name,
        version=cluster.described["version"],
        roleArn=cluster.described["roleArn"],
        resourcesVpcConfig={"subnetIds": network["subnetIds"]},
        tags={"project": NAME},
    )
    cluster.described["resourcesVpcConfig"] = network


# What AWS says of it


def _answer_clusters(company: Company, clusters: Mapping[str, _Cluster]) -> None:
    def describe(parsed: dict[str, Any], params: Params, _: str) -> None:
        if params["name"] in clusters:
            parsed["cluster"] |= copy.deepcopy(clusters[params["name"]].described)

    def configure(params: Params, _: str) -> Answer:
        described = clusters[params["name"]].described
        described["resourcesVpcConfig"] |= params.get("resourcesVpcConfig", {})
        described |= {key: params[key] for key in ("logging", "deletionProtection") if key in params}
        return _update(params["name"])

    def upgrade(params: Params, _: str) -> Answer:
        clusters[params["name"]].described["version"] = params["version"]
        return _update(params["name"])

    def encrypt(params: Params, _: str) -> Answer:
        clusters[params["clusterName"]].described["encryptionConfig"] = params["encryptionConfig"]
        return _update(params["clusterName"])

    def versions(params: Params, _: str) -> Answer:
        asked = params.get("clusterVersions") or VERSIONS
        return {"clusterVersions": [_version(company.today, v) for v in asked if v in VERSIONS]}

    company.front.amend("eks", "DescribeCluster", describe)
    company.front.answer("eks", "UpdateClusterConfig", configure)
    company.front.answer("eks", "UpdateClusterVersion", upgrade)
    company.front.answer("eks", "AssociateEncryptionConfig", encrypt)
    company.front.answer("eks", "DescribeClusterVersions", versions)


def _answer_keys(company: Company, clusters: Mapping[str, _Cluster]) -> None:
    # moto takes keys by id alone.
    def rescue(params: Params, region: str) -> Answer | None:
        described = clusters["rewards"].described
        if params["KeyId"] != described["encryptionConfig"][0]["provider"]["keyArn"]:
            return None
        company.client("kms", region).cancel_key_deletion(KeyId=params["KeyId"].rpartition("/")[2])
        described["health"] = {"issues": []}
        return {"KeyId": params["KeyId"]}

    def enable(params: Params, region: str) -> Answer | None:
        if ":key/" not in params["KeyId"]:
            return None
        company.client("kms", region).enable_key(KeyId=params["KeyId"].rpartition("/")[2])
        return {}

    company.front.answer("kms", "CancelKeyDeletion", rescue)
    company.front.answer("kms", "EnableKey", enable)


def _update(name: str) -> Answer:
    return {"update": {"id": f"update-{name}", "status": "Successful"}}


def _version(today: datetime.datetime, version: str) -> Answer:
    status, standard, extended = VERSIONS[version]
    return {
        "clusterVersion": version,
        "clusterType": "eks",
        "versionStatus": status,
        "endOfStandardSupportDate": today + datetime.timedelta(days=standard),
        "endOfExtendedSupportDate": today + datetime.timedelta(days=extended),
    }


def _answer_entries(company: Company, clusters: Mapping[str, _Cluster]) -> None:
    def entries(params: Params, _: str) -> Answer:
        cluster = clusters.get(params["clusterName"])
        mode = cluster.described.get("accessConfig", {}).get("authenticationMode") if cluster else None
        if cluster is None or mode in {None, "CONFIG_MAP"}:
            raise Refusal(
                "InvalidRequestException", "The cluster's authentication mode must be set to one of [API, ...]"
            )
        return {"accessEntries": list(cluster.entries)}

    def entry(params: Params, region: str) -> Answer:
        kind, _ = clusters[params["clusterName"]].entries[params["principalArn"]]
        name = params["principalArn"].rpartition("/")[2]
        arn = f"arn:aws:eks:{region}:{company.account}:access-entry/{params['clusterName']}/role/{name}"
        return {
            "accessEntry": {
                "clusterName": params["clusterName"],
                "principalArn": params["principalArn"],
                "type": kind,
                "kubernetesGroups": [],
                "accessEntryArn": arn,
            }
        }

    def policies(params: Params, _: str) -> Answer:
        _, given = clusters[params["clusterName"]].entries[params["principalArn"]]
        scope = {"type": "cluster", "namespaces": []}
        return {"associatedAccessPolicies": [{"policyArn": arn, "accessScope": scope} for arn in given]}

    def disassociate(params: Params, _: str) -> Answer:
        _, given = clusters[params["clusterName"]].entries[params["principalArn"]]
        given[:] = [arn for arn in given if arn != params["policyArn"]]
        return {}

    company.front.answer("eks", "ListAccessEntries", entries)
    company.front.answer("eks", "DescribeAccessEntry", entry)
    company.front.answer("eks", "ListAssociatedAccessPolicies", policies)
    company.front.answer("eks", "DisassociateAccessPolicy", disassociate)


def _answer_addons(company: Company, clusters: Mapping[str, _Cluster]) -> None:
    def addons(params: Params, _: str) -> Answer:
        cluster = clusters.get(params["clusterName"])
        return {"addons": sorted(cluster.addons) if cluster else []}

    def addon(params: Params, region: str) -> Answer:
        cluster, name = params["clusterName"], params["addonName"]
        if cluster not in clusters or name not in clusters[cluster].addons:
            raise Refusal("ResourceNotFoundException", f"No addon: {name} found in cluster: {cluster}", 404)
        arn = f"arn:aws:eks:{region}:{company.account}:addon/{cluster}/{name}/1"
        values = clusters[cluster].addons[name]
        described = {"addonName": name, "clusterName": cluster, "status": "ACTIVE", "addonArn": arn}
        return {"addon": described | ({"configurationValues": values} if values else {})}

    def update(params: Params, _: str) -> Answer:
        clusters[params["clusterName"]].addons[params["addonName"]] = params.get("configurationValues")
        return _update(params["clusterName"])

    company.front.answer("eks", "ListAddons", addons)
    company.front.answer("eks", "DescribeAddon", addon)
    company.front.answer("eks", "UpdateAddon", update)
