"""
What printed commands write and the fake AWS does not take, laid over what it answers afterwards.

moto lacks some operations that change things, and the layer in front of it answers some reads from fixed data. A `Write` is
taken here and shows in the read that the check looks at, as AWS's API reference has it.
"""

from __future__ import annotations

import csv
import datetime
import io
import json

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import field, frozen

from awsaudit.demo.front import Refusal


Params = Mapping[str, Any]
Lay = Callable[[dict[str, Any], Params, Params], None]
Tell = Callable[[Params, Params], Mapping[str, Any] | None]


@frozen
class Write:
    """
    An operation that changes something, and the read that shows it.

    Args:
        service: Whose operations they are.

        operation: What writes.

        read: What reads.

        lay: Changes the answer of the read in place; it gets the answer, what was asked, and what was written.

        tell: Answers the read in place of the fake AWS; it gets what was asked, and what was written.

        says: What is answered to the write.

        kept: Whether moto takes the write as well.
    """

    service: str
    operation: str
    read: str
    lay: Lay | None = None
    tell: Tell | None = field(default=None, kw_only=True)
    says: Callable[[Params], Mapping[str, Any]] = field(default=lambda _: {}, kw_only=True)
    kept: bool = field(default=False, kw_only=True)


def take(company: Any) -> None:
    """Take what is written to *company* from now on."""
    _stock(company)
    company.front.answer("secretsmanager", "RotateSecret", _rotating(company))
    written: dict[tuple[str, str], list[tuple[str, Params]]] = {}
    for write in WRITES:
        _register(company.front, write, written.setdefault((write.service, write.operation), []))


def _register(front: Any, write: Write, written: list[tuple[str, Params]]) -> None:
    def remember(params: Params, region: str) -> Mapping[str, Any] | None:
        written.append((region, dict(params)))
        return None if write.kept else write.says(params)

    def here(region: str) -> Iterator[Params]:
        return (params for place, params in written if write.service == "iam" or place == region)

    def lay(answer: dict[str, Any], asked: Params, region: str) -> None:
        for params in here(region):
            write.lay(answer, asked, params)

    def tell(asked: Params, region: str) -> Mapping[str, Any] | None:
        told = (write.tell(asked, params) for params in here(region))
        return next((answer for answer in told if answer is not None), None)

    front.answer(write.service, write.operation, remember)
    if write.lay:
        front.amend(write.service, write.read, lay)
    if write.tell:
        front.answer(write.service, write.read, tell)


def _merged(items: str, name: str, parameter: str, *, only: Sequence[str] = (), into: str = "") -> Lay:
    """Put what was written, but the name in *parameter*, into that one of *items* whose *name* it is."""

    def lay(answer: dict[str, Any], _: Params, written: Params) -> None:
        more = {key: value for key, value in written.items() if (key in only if only else key != parameter)}
        for item in answer[items]:
            if item[name] == written[parameter]:
                target = item.setdefault(into, {}) if into else item
                target |= more

    return lay


def _without(items: str, name: str, parameter: str) -> Lay:
    """Leave out that one of *items* whose *name* was written."""

    def lay(answer: dict[str, Any], _: Params, written: Params) -> None:
        answer[items] = [item for item in answer[items] if item[name] != written[parameter]]

    return lay


def _compared(answer: dict[str, Any], _: Params, written: Params) -> None:
    """Nobody changed anything by hand."""
    now = datetime.datetime.now(datetime.UTC)
    for stack in answer["Stacks"]:
        if written["StackName"] in {stack["StackName"], stack["StackId"]}:
            stack["DriftInformation"] = {"StackDriftStatus": "IN_SYNC", "LastCheckTimestamp": now}


def _triggers(answer: dict[str, Any], asked: Params, written: Params) -> None:
    if asked["repositoryName"] == written["repositoryName"]:
        answer["triggers"] = written["triggers"]


def _template(answer: dict[str, Any], asked: Params, written: Params) -> None:
    if asked["repositoryName"] == written["repositoryName"]:
        answer["approvalRuleTemplateNames"].append(written["approvalRuleTemplateName"])


def _packages(answer: dict[str, Any], asked: Params, written: Params) -> None:
    """ListPackages was asked for what may come from both sides, and this one may no more."""
    if asked["repository"] == written["repository"]:
        answer["packages"] = [known for known in answer["packages"] if known["package"] != written["package"]]


def _refused(name: str, code: str) -> Tell:
    """Say that there is no policy any more of what *name* names."""

    def tell(asked: Params, written: Params) -> Mapping[str, Any] | None:
        if asked[name] == written[name]:
            raise Refusal(code, "There is no policy")

        return None

    return tell


def _scanned(answer: dict[str, Any], _: Params, written: Params) -> None:
    for account in answer["accounts"]:
        account["state"] = {"status": "ENABLED", "errorCode": "ALREADY_ENABLED", "errorMessage": "-"}
        for kind in written["resourceTypes"]:
            name = {"LAMBDA_CODE": "lambdaCode"}.get(kind, kind.lower())
            account["resourceState"][name] = account["state"]


def _features(answer: dict[str, Any], _: Params, written: Params) -> None:
    names = {feature["Name"] for feature in written["Features"]}
    answer["Features"] = [known for known in answer["Features"] if known["Name"] not in names] + written["Features"]


def _locked(answer: dict[str, Any], _: Params, written: Params) -> None:
    for vault in answer["BackupVaultList"]:
        vault["Locked"] = vault["Locked"] or vault["BackupVaultName"] == written["BackupVaultName"]


def _vault_policy(answer: dict[str, Any], asked: Params, written: Params) -> None:
    if asked["BackupVaultName"] == written["BackupVaultName"]:
        answer["Policy"] = written["Policy"]


def _blocked(answer: dict[str, Any], _: Params, written: Params) -> None:
    answer["State"] = written["State"]


def _kept_back(answer: dict[str, Any], asked: Params, written: Params) -> None:
    if asked["SnapshotId"] == written["SnapshotId"]:
        taken = [{"Group": name} for name in written.get("GroupNames", ())]
        taken += [{"UserId": id_} for id_ in written.get("UserIds", ())]
        answer["CreateVolumePermissions"] = [who for who in answer["CreateVolumePermissions"] if who not in taken]


def _restorable(answer: dict[str, Any], asked: Params, written: Params) -> None:
    if asked.get("RestorableByUserIds") and "all" in written.get("GroupNames", ()):
        answer["Snapshots"] = [known for known in answer["Snapshots"] if known["SnapshotId"] != written["SnapshotId"]]


def _private(answer: dict[str, Any], _: Params, written: Params) -> None:
    for image in answer["Images"]:
        if image["ImageId"] == written["ImageId"] and {"Group": "all"} in written["LaunchPermission"]["Remove"]:
            image["Public"] = False


def _defaults(answer: dict[str, Any], _: Params, written: Params) -> None:
    answer["AccountLevel"] = {**answer["AccountLevel"], **written, "ManagedBy": "account"}


def _disks(answer: dict[str, Any], _: Params, written: Params) -> None:
    changed = {disk["DeviceName"]: disk["Ebs"] for disk in written.get("BlockDeviceMappings", ())}
    for instance in (each for reservation in answer["Reservations"] for each in reservation["Instances"]):
        if instance["InstanceId"] == written["InstanceId"]:
            for disk in instance["BlockDeviceMappings"]:
                disk["Ebs"] |= changed.get(disk["DeviceName"], {})


def _audiences(answer: dict[str, Any], asked: Params, written: Params) -> None:
    if asked["OpenIDConnectProviderArn"] == written["OpenIDConnectProviderArn"]:
        answer["ClientIDList"] = [id_ for id_ in answer["ClientIDList"] if id_ != written["ClientID"]]


def _exports(answer: dict[str, Any], _: Params, written: Params) -> None:
    wanted = written.get("CloudwatchLogsExportConfiguration", {}).get("EnableLogTypes", [])
    for database in answer.get("DBClusters", answer.get("DBInstances", [])):
        name = database.get("DBInstanceIdentifier", database["DBClusterIdentifier"] if "DBClusters" in answer else None)
        if name in {written.get("DBClusterIdentifier"), written.get("DBInstanceIdentifier")}:
            known = database.get("EnabledCloudwatchLogsExports", [])
            database["EnabledCloudwatchLogsExports"] = sorted({*known, *wanted})


# What is set of a database, and what tells of it.
_SETTINGS: Final = {
    "CACertificateIdentifier": "CACertificateIdentifier",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "MonitoringInterval": "MonitoringInterval",
    "MonitoringRoleArn": "MonitoringRoleArn",
    "PreferredMaintenanceWindow": "PreferredMaintenanceWindow",
}


def _set(parameter: str) -> Lay:
    """Let the instances tell of their settings, or of their cluster's; the maintenance window has passed."""

    def lay(answer: dict[str, Any], _: Params, written: Params) -> None:
        for database in answer["DBInstances"]:
            if database.get(parameter) == written[parameter]:
                database |= {told: written[given] for given, told in _SETTINGS.items() if given in written}
                if "CACertificateIdentifier" in written:
                    ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=365)
                    certificate = {"CAIdentifier": written["CACertificateIdentifier"], "ValidTill": ends}
                    database["CertificateDetails"] = certificate

    return lay


def _deployed(answer: dict[str, Any], _: Params, written: Params) -> None:
    """The deployment that an update starts has taken the place of those before it."""
    for service in answer["services"]:
        if service["serviceArn"] == written["service"]:
            if "deploymentConfiguration" in written:
                service["deploymentConfiguration"] = written["deploymentConfiguration"]
            if "networkConfiguration" in written:
                for place in (service, *service.get("deployments", ())):
                    place["networkConfiguration"] = written["networkConfiguration"]


def _moved(answer: dict[str, Any], asked: Params, written: Params) -> None:
    if asked["QueueUrl"].rpartition("/")[2] == written["SourceArn"].rpartition(":")[2]:
        answer["Attributes"]["ApproximateNumberOfMessages"] = "0"


def _rotating(company: Any) -> Callable[[Params, str], Mapping[str, Any] | None]:
    """Keep the rotation rules that a secret has, if none are given; moto forgets them."""

    def rotate(params: Params, region: str) -> Mapping[str, Any] | None:
        if "RotationRules" in params:
            return None
        client = company.client("secretsmanager", region)
        rules = client.describe_secret(SecretId=params["SecretId"]).get("RotationRules")
        answer = client.rotate_secret(**params, RotationRules=rules or {"AutomaticallyAfterDays": 7})
        return {key: value for key, value in answer.items() if key != "ResponseMetadata"}

    return rotate


def _row(column: str) -> Lay:
    """Let the credential report say that the user has what *column* tells no more."""

    def lay(answer: dict[str, Any], _: Params, written: Params) -> None:
        rows = list(csv.DictReader(io.StringIO(answer["Content"].decode())))
        for row in rows:
            if row["user"] == written["UserName"]:
                row[column] = "false"
        text = io.StringIO()
        lines = csv.DictWriter(text, list(rows[0]))
        lines.writeheader()
        lines.writerows(rows)
        answer["Content"] = text.getvalue().encode()

    return lay


_DETECTOR: Final = "32abc34d567e8fa901bc2d34e56789f0"


def _stock(company: Any) -> None:
    """Make what the fixed answers tell of and moto does not have."""
    iam = company.client("iam")
    iam.create_login_profile(UserName="tomasz", Password="correct-horse-battery-staple-1")
    iam.create_access_key(UserName="tomasz")
    ecr = company.client("ecr")
    ecr.create_repository(repositoryName="ci/builder")
    layer = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1, "digest": f"sha256:{'b' * 64}"}
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": layer,
        "layers": [],
    }
    ecr.put_image(repositoryName="ci/builder", imageTag="2", imageManifest=json.dumps(manifest))


WRITES: Final = (
    Write(
        "autoscaling", "UpdateAutoScalingGroup", "DescribeAutoScalingGroups",
        _merged("AutoScalingGroups", "AutoScalingGroupName", "AutoScalingGroupName", only=("InstanceMaintenancePolicy",)),
        kept=True,
    ),
    Write("backup", "PutBackupVaultLockConfiguration", "ListBackupVaults", _locked),
    Write("backup", "PutBackupVaultAccessPolicy", "GetBackupVaultAccessPolicy", _vault_policy),
    Write(
        "cloudformation", "DetectStackDrift", "DescribeStacks", _compared,
        says=lambda _: {"StackDriftDetectionId": "b78ac9b0-dec1-11e7-a451-503a3example"},
    ),
    Write("codeartifact", "PutPackageOriginConfiguration", "ListPackages", _packages),
    Write("codebuild", "DeleteResourcePolicy", "GetResourcePolicy", tell=_refused("resourceArn", "ResourceNotFoundException")),
    Write(
        "codebuild", "DeleteSourceCredentials", "ListSourceCredentials", _without("sourceCredentialsInfos", "arn", "arn")
    ),
    Write("codebuild", "UpdateProject", "BatchGetProjects", _merged("projects", "name", "name")),
    Write("codebuild", "UpdateProjectVisibility", "BatchGetProjects", _merged("projects", "arn", "projectArn")),
    Write("codebuild", "UpdateWebhook", "BatchGetProjects", _merged("projects", "name", "projectName", into="webhook")),
    Write(
        "codecommit", "AssociateApprovalRuleTemplateWithRepository", "ListAssociatedApprovalRuleTemplatesForRepository",
        _template,
    ),
    Write(
        "codecommit", "CreateApprovalRuleTemplate", "GetApprovalRuleTemplate",
        says=lambda params: {"approvalRuleTemplate": dict(params)},
    ),
    Write("codecommit", "PutRepositoryTriggers", "GetRepositoryTriggers", _triggers),
    Write(
        "codedeploy", "UpdateDeploymentGroup", "BatchGetDeploymentGroups",
        _merged("deploymentGroupsInfo", "deploymentGroupName", "currentDeploymentGroupName"),
    ),
    Write("ec2", "EnableSnapshotBlockPublicAccess", "GetSnapshotBlockPublicAccessState", _blocked),
    Write("ec2", "ModifyImageAttribute", "DescribeImages", _private),
    Write("ec2", "ModifyInstanceAttribute", "DescribeInstances", _disks, kept=True),
    Write(
        "ec2", "ModifyInstanceMetadataDefaults", "GetInstanceMetadataDefaults", _defaults,
        says=lambda _: {"Return": True},
    ),
    Write("ec2", "ModifySnapshotAttribute", "DescribeSnapshotAttribute", _kept_back),
    Write("ec2", "ModifySnapshotAttribute", "DescribeSnapshots", _restorable),
    Write(
        "ecr-public", "DeleteRepository", "DescribeRepositories",
        _without("repositories", "repositoryName", "repositoryName"),
    ),
    Write(
        "ecr-public", "DeleteRepositoryPolicy", "GetRepositoryPolicy",
        tell=_refused("repositoryName", "RepositoryPolicyNotFoundException"),
    ),
    Write("ecs", "UpdateService", "DescribeServices", _deployed, kept=True),
    Write(
        "guardduty", "CreateDetector", "ListDetectors", lambda answer, _, __: answer["DetectorIds"].append(_DETECTOR),
        says=lambda _: {"DetectorId": _DETECTOR},
    ),
    Write(
        "guardduty", "CreateDetector", "GetDetector",
        tell=lambda _, __: {"Status": "ENABLED", "ServiceRole": "arn:aws:iam::aws:role/example", "Features": []},
        says=lambda _: {"DetectorId": _DETECTOR},
    ),
    Write("guardduty", "UpdateDetector", "GetDetector", _features),
    Write("iam", "DeleteAccessKey", "GetCredentialReport", _row("access_key_1_active"), kept=True),
    Write("iam", "UpdateAccessKey", "GetCredentialReport", _row("access_key_1_active"), kept=True),
    Write("iam", "DeleteLoginProfile", "GetCredentialReport", _row("password_enabled"), kept=True),
    Write(
        "iam", "DeleteServerCertificate", "ListServerCertificates",
        _without("ServerCertificateMetadataList", "ServerCertificateName", "ServerCertificateName"),
    ),
    Write("iam", "RemoveClientIDFromOpenIDConnectProvider", "GetOpenIDConnectProvider", _audiences),
    Write("rds", "ModifyDBCluster", "DescribeDBClusters", _exports, kept=True),
    Write("rds", "ModifyDBInstance", "DescribeDBInstances", _exports, kept=True),
    Write("rds", "ModifyDBInstance", "DescribeDBInstances", _set("DBInstanceIdentifier"), kept=True),
    Write("rds", "ModifyDBCluster", "DescribeDBInstances", _set("DBClusterIdentifier"), kept=True),
    Write("rds", "ModifyDBProxy", "DescribeDBProxies", _merged("DBProxies", "DBProxyName", "DBProxyName")),
    Write(
        "schemas", "CreateDiscoverer", "ListDiscoverers",
        lambda answer, _, written: answer["Discoverers"].append({
            "DiscovererId": "discoverer",
            "DiscovererArn": "arn:aws:schemas:::discoverer/discoverer",
            "SourceArn": written["SourceArn"],
            "State": "STARTED",
        }),
    ),
    Write("schemas", "DeleteResourcePolicy", "GetResourcePolicy", tell=_refused("RegistryName", "NotFoundException")),
    Write(
        "securityhub", "EnableSecurityHub", "DescribeHub",
        tell=lambda _, __: {"HubArn": "arn:aws:securityhub:::hub/default"},
    ),
    Write(
        "inspector2", "Enable", "BatchGetAccountStatus", _scanned,
        says=lambda _: {"accounts": []},
    ),
    Write("sqs", "StartMessageMoveTask", "GetQueueAttributes", _moved),
)  # fmt: skip
