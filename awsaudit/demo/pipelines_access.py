"""
With which rights releases go out, and what starts them.

The wallet's pipeline hears of pushes by a rule, deploys by a role of its own and keeps its artifacts where nobody else writes.
That of the bridge reads by a connection that nobody completed, deploys with a role of an account that nobody knows and may
approve itself; that of the explorer's site has tokens from the first days and passes roles as it likes; of the signer's images
nobody tells the pipeline. The stack of the foundation works as an administrator.

moto knows neither connections nor webhooks: ListConnections and ListWebhooks are answered; stacks are added to DescribeStacks.
"""

from __future__ import annotations

import json

from collections.abc import Callable, Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, NAME, Company
from awsaudit.demo.principal import document, make_role


_PIPELINES: Final = {"Service": "codepipeline.amazonaws.com"}
_STACKS: Final = {"Service": "cloudformation.amazonaws.com"}
_ARTIFACTS: Final = f"{NAME}-pipelines"
_SITE_ARTIFACTS: Final = f"{NAME}-site-artifacts"
_STRANGER: Final = "777788889999"
_ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role"
_WALLET: Final = f"arn:aws:codecommit:{HOME}:{ACCOUNT}:wallet"
_BRIDGE: Final = f"arn:aws:codeconnections:{HOME}:{ACCOUNT}:connection/b3d1c5a7-42f0-4b8e-9a61-7c0d2e9f1a35"
_START: Final = "codepipeline:StartPipelineExecution"


def build(company: Company) -> None:
    """Build it."""
    roles = _roles(company)
    _buckets(company, (roles["wallet-release"], roles["wallet-deploy"], roles["bridge-release"], _bridge_deploy()))
    key = _key(company)
    store = {"type": "S3", "location": _ARTIFACTS}
    encrypted = {**store, "encryptionKey": {"id": key, "type": "KMS"}}
    site_store = {"type": "S3", "location": _SITE_ARTIFACTS}
    made = (
        ("wallet-release", roles["wallet-release"], encrypted, _wallet(roles["wallet-deploy"])),
        ("signer-images", roles["wallet-release"], encrypted, _signer(roles["wallet-deploy"])),
        ("bridge-release", roles["bridge-release"], store, _bridge()),
        ("explorer-site", roles["explorer-site"], site_store, _site()),
    )
    for name, role, where, stages in made:
        kind = "V1" if name == "explorer-site" else "V2"
        whole = {"name": name, "roleArn": role, "artifactStore": where, "stages": stages, "pipelineType": kind}
        company.client("codepipeline").create_pipeline(pipeline=whole)
    _rule(company)
    company.front.answer("codeconnections", "ListConnections", _connections(company))
    company.front.answer("codepipeline", "ListWebhooks", _webhooks)
    _stacks(company)


def _roles(company: Company) -> dict[str, str]:
    artifacts = _allow("s3:GetObject", "s3:PutObject", on=f"arn:aws:s3:::{_ARTIFACTS}/*")
    deploys = _allow("sts:AssumeRole", on=f"{_ROLE}/wallet-deploy")
    reads = _allow("codecommit:GetBranch", "codecommit:GetCommit", "codecommit:UploadArchive", on=_WALLET)
    bridge = _allow("codepipeline:PutApprovalResult", "codepipeline:GetPipeline", on="*")
    connects = _allow("codeconnections:UseConnection", "codestar-connections:UseConnection", on="*")
    return {
        "wallet-release": make_role(company, "wallet-release", _PIPELINES, artifacts, reads, deploys),
        "wallet-deploy": make_role(
            company,
            "wallet-deploy",
            {"AWS": f"{_ROLE}/wallet-release"},
            artifacts,
            _allow("cloudformation:UpdateStack", on=_stack("wallet", 1)),
        ),
        "bridge-release": make_role(company, "bridge-release", _PIPELINES, artifacts, bridge, connects),
        "explorer-site": make_role(
            company,
            "explorer-site-release",
            _PIPELINES,
            _allow("s3:GetObject", "s3:PutObject", on=f"arn:aws:s3:::{_SITE_ARTIFACTS}/*"),
            _allow("iam:PassRole", on="*"),
        ),
    }


def _allow(*actions: str, on: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


def _bridge_deploy() -> str:
    return f"arn:aws:iam::{_STRANGER}:role/bridge-deploy"


def _buckets(company: Company, writers: tuple[str, ...]) -> None:
    """Make the pipelines' bucket, which others may not write to, and that of the site, to which an old uploader still does."""
    s3 = company.client("s3")
    closed = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    for name in (_ARTIFACTS, _SITE_ARTIFACTS):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": HOME})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed)
    others = {
        "Sid": "ArtifactsAreForPipelines",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{_ARTIFACTS}/*",
        "Condition": {
            "ArnNotLike": {"aws:PrincipalArn": list(writers)},
            "Bool": {"aws:PrincipalIsAWSService": "false"},
        },
    }
    s3.put_bucket_policy(Bucket=_ARTIFACTS, Policy=document(others))
    uploads = _allow("s3:PutObject", on=f"arn:aws:s3:::{_SITE_ARTIFACTS}/*")
    make_role(company, "site-uploader", {"AWS": ACCOUNT}, uploads)


def _key(company: Company) -> str:
    kms = company.client("kms")
    key = kms.create_key(Description="pipelines")["KeyMetadata"]
    kms.create_alias(AliasName="alias/pipelines", TargetKeyId=key["KeyId"])
    kms.enable_key_rotation(KeyId=key["KeyId"])

    return str(key["Arn"])


def _wallet(role: str) -> list[dict[str, Any]]:
    """Ask somebody, and deploy with a role of its own."""
    source = {"RepositoryName": "wallet", "BranchName": "main", "PollForSourceChanges": "false"}
    return [
        _stage("Source", _action("Source", "Source", "CodeCommit", **source)),
        _stage("Approve", _action("Approve", "Approval", "Manual")),
        _stage("Deploy", _deployment("wallet", role)),
    ]


def _signer(role: str) -> list[dict[str, Any]]:
    """It waits for images, of which no rule tells it."""
    return [
        _stage("Source", _action("Image", "Source", "ECR", RepositoryName="signer", ImageTag="release")),
        _stage("Deploy", _deployment("signer", role)),
    ]


def _bridge() -> list[dict[str, Any]]:
    source = {"ConnectionArn": _BRIDGE, "FullRepositoryId": "northlight-staking/bridge", "BranchName": "main"}
    return [
        _stage("Source", _action("Source", "Source", "CodeStarSourceConnection", **source)),
        _stage("Approve", _action("Approve", "Approval", "Manual")),
        _stage("Deploy", _deployment("bridge", _bridge_deploy())),
    ]


def _site() -> list[dict[str, Any]]:
    """Two repositories, read with the token of somebody who left."""
    told = {"Owner": "northlight-staking", "Branch": "main", "PollForSourceChanges": "false", "OAuthToken": "****"}
    sources = (
        _action(name, "Source", "GitHub", owner="ThirdParty", Repo=repository, **told)
        for name, repository in (("Pages", "explorer-site"), ("Texts", "explorer-texts"))
    )
    publish = _action("Publish", "Deploy", "S3", BucketName=f"{NAME}-explorer", Extract="true")

    return [_stage("Source", *sources), _stage("Publish", {**publish, "inputArtifacts": [{"name": "Pages"}]})]


def _deployment(stack: str, role: str) -> dict[str, Any]:
    settings = {"ActionMode": "CREATE_UPDATE", "StackName": stack, "TemplatePath": "Source::template.yaml"}
    made = _action("Deploy", "Deploy", "CloudFormation", **settings)

    return {**made, "roleArn": role}


def _action(name: str, category: str, provider: str, *, owner: str = "AWS", **configuration: str) -> dict[str, Any]:
    kind = {"category": category, "owner": owner, "provider": provider, "version": "1"}
    outputs = {"outputArtifacts": [{"name": name}]} if category == "Source" else {}

    return {"name": name, "actionTypeId": kind, "configuration": configuration, **outputs}


def _stage(name: str, *actions: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "actions": list(actions)}


def _rule(company: Company) -> None:
    """Start the wallet's pipeline on a push to main."""
    pipeline = f"arn:aws:codepipeline:{HOME}:{ACCOUNT}:wallet-release"
    own = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    events = {"Service": "events.amazonaws.com"}
    role = make_role(company, "wallet-release-start", events, _allow(_START, on=pipeline), condition=own)
    asked = {"event": ["referenceCreated", "referenceUpdated"], "referenceType": ["branch"], "referenceName": ["main"]}
    pattern = {
        "source": ["aws.codecommit"],
        "detail-type": ["CodeCommit Repository State Change"],
        "resources": [_WALLET],
        "detail": asked,
    }
    undelivered = {"DeadLetterConfig": {"Arn": company.ids["queue:events-undelivered"]}}
    client = company.client("events")
    client.put_rule(Name="wallet-release-main", EventPattern=json.dumps(pattern))
    target = {"Id": "pipeline", "Arn": pipeline, "RoleArn": role, **undelivered}
    client.put_targets(Rule="wallet-release-main", Targets=[target])


def _connections(company: Company) -> Callable[[Mapping[str, Any], str], dict[str, Any]]:
    told = (
        ("repositories", company.ids["connection:repositories"], "AVAILABLE"),
        ("bridge", _BRIDGE, "PENDING"),
    )

    def answer(_: Mapping[str, Any], region: str) -> dict[str, Any]:
        found = [
            {
                "ConnectionName": name,
                "ConnectionArn": arn,
                "ConnectionStatus": status,
                "ProviderType": "GitHub",
                "OwnerAccountId": ACCOUNT,
            }
            for name, arn, status in told
        ]
        return {"Connections": found if region == HOME else []}

    return answer


def _webhooks(_: Mapping[str, Any], region: str) -> dict[str, Any]:
    """GitHub signs its calls for the pages; anybody may call for the texts."""
    told: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
        ("site-pages", "Pages", "GITHUB_HMAC", {"SecretToken": "****"}),
        ("site-texts", "Texts", "UNAUTHENTICATED", {}),
    )
    found = [
        {
            "arn": f"arn:aws:codepipeline:{HOME}:{ACCOUNT}:webhook:{name}",
            "url": f"https://webhooks.example/{name}",
            "definition": {
                "name": name,
                "targetPipeline": "explorer-site",
                "targetAction": action,
                "filters": [{"jsonPath": "$.ref", "matchEquals": "refs/heads/{Branch}"}],
                "authentication": how,
                "authenticationConfiguration": settings,
            },
        }
        for name, action, how, settings in told
    ]
    return {"webhooks": found if region == HOME else []}


def _stack(name: str, number: int) -> str:
    return f"arn:aws:cloudformation:{HOME}:{ACCOUNT}:stack/{name}/5e8f7a10-0000-4000-8000-00000000000{number}"


def _stacks(company: Company) -> None:
    """The wallet's stack may change the wallet; that of the foundation anything, and operators may update it."""
    wallet = make_role(company, "wallet-stack", _STACKS, _allow("dynamodb:*", on="*"))
    foundation = make_role(company, "foundation-stack", _STACKS, _allow("*", on="*"))
    make_role(company, "stack-operator", {"AWS": ACCOUNT}, _allow("cloudformation:UpdateStack", on="*"))
    told = (("wallet", wallet), ("foundation", foundation))

    def amend(parsed: dict[str, Any], params: Mapping[str, Any], region: str) -> None:
        if region != HOME or "StackName" in params:
            return
        for number, (name, role) in enumerate(told, 1):
            stack = {"StackId": _stack(name, number), "StackName": name, "StackStatus": "UPDATE_COMPLETE"}
            parsed["Stacks"].append({**stack, "CreationTime": company.today, "RoleARN": role})

    company.front.amend("cloudformation", "DescribeStacks", amend)
