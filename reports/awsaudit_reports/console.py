"""
Where a resource is found in AWS's console.

Only addresses of single resources that are known to be right are here; for the rest it is the first page of the service.
"""

from __future__ import annotations

from typing import Final

from awsaudit.partition import GLOBAL, home_region


ARN, NAME, ACCOUNT, REGION, TAIL = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
"""What stands for a resource's own values, the last part of its ARN among them; `visible` leaves none in any value."""

_HOSTS: Final = {
    "aws": ("console.aws.amazon.com", "amazonaws.com"),
    "aws-cn": ("console.amazonaws.cn", "amazonaws.com.cn"),
    "aws-us-gov": ("console.amazonaws-us-gov.com", "amazonaws.com"),
}
"""The console of a partition, and what the addresses of its queues end in."""

_EC2, _VPC = f"ec2/home?region={REGION}#", f"vpcconsole/home?region={REGION}#"
_PAGES: Final = {
    "AWS::AutoScaling::AutoScalingGroup": f"{_EC2}AutoScalingGroupDetails:id={NAME}",
    "AWS::CertificateManager::Certificate": f"acm/home?region={REGION}#/certificates/{TAIL}",
    "AWS::CloudFormation::Stack": f"cloudformation/home?region={REGION}#/stacks/stackinfo?stackId={ARN}",
    "AWS::CloudWatch::Alarm": f"cloudwatch/home?region={REGION}#alarmsV2:alarm/{NAME}",
    "AWS::CodeBuild::Project": f"codesuite/codebuild/{ACCOUNT}/projects/{NAME}?region={REGION}",
    "AWS::CodeCommit::Repository": f"codesuite/codecommit/repositories/{NAME}/browse?region={REGION}",
    "AWS::CodeDeploy::Application": f"codesuite/codedeploy/applications/{NAME}?region={REGION}",
    "AWS::CodePipeline::Pipeline": f"codesuite/codepipeline/pipelines/{NAME}/view?region={REGION}",
    "AWS::DynamoDB::Table": f"dynamodbv2/home?region={REGION}#table?name={NAME}",
    "AWS::EC2::Image": f"{_EC2}ImageDetails:imageId={TAIL}",
    "AWS::EC2::Instance": f"{_EC2}InstanceDetails:instanceId={TAIL}",
    "AWS::EC2::LaunchTemplate": f"{_EC2}LaunchTemplateDetails:launchTemplateId={TAIL}",
    "AWS::EC2::NetworkAcl": f"{_VPC}NetworkAclDetails:networkAclId={TAIL}",
    "AWS::EC2::NetworkInterface": f"{_EC2}NetworkInterface:networkInterfaceId={TAIL}",
    "AWS::EC2::RouteTable": f"{_VPC}RouteTableDetails:RouteTableId={TAIL}",
    "AWS::EC2::SecurityGroup": f"{_EC2}SecurityGroup:groupId={TAIL}",
    "AWS::EC2::Snapshot": f"{_EC2}SnapshotDetails:snapshotId={TAIL}",
    "AWS::EC2::Subnet": f"{_VPC}SubnetDetails:subnetId={TAIL}",
    "AWS::EC2::VPC": f"{_VPC}VpcDetails:VpcId={TAIL}",
    "AWS::EC2::Volume": f"{_EC2}VolumeDetails:volumeId={TAIL}",
    "AWS::ECS::Cluster": f"ecs/v2/clusters/{NAME}/services?region={REGION}",
    "AWS::EKS::Cluster": f"eks/clusters/{NAME}?region={REGION}",
    "AWS::IAM::Group": f"iam/home#/groups/details/{NAME}",
    "AWS::IAM::ManagedPolicy": f"iam/home#/policies/details/{ARN}",
    "AWS::IAM::Role": f"iam/home#/roles/details/{NAME}",
    "AWS::IAM::User": f"iam/home#/users/details/{NAME}",
    "AWS::KMS::Key": f"kms/home?region={REGION}#/kms/keys/{TAIL}",
    "AWS::Lambda::Function": f"lambda/home?region={REGION}#/functions/{NAME}",
    "AWS::RDS::DBCluster": f"rds/home?region={REGION}#database:id={TAIL};is-cluster=true",
    "AWS::RDS::DBInstance": f"rds/home?region={REGION}#database:id={TAIL};is-cluster=false",
    "AWS::S3::Bucket": f"s3/buckets/{NAME}?region={REGION}",
    "AWS::SQS::Queue": f"sqs/v3/home?region={REGION}#/queues/https%3A%2F%2Fsqs.{REGION}.%s%2F{ACCOUNT}%2F{TAIL}",
    "AWS::SecretsManager::Secret": f"secretsmanager/secret?name={NAME}&region={REGION}",
    "AWS::StepFunctions::StateMachine": f"states/home?region={REGION}#/statemachines/view/{ARN}",
}
_HOMES: Final = {
    "access-analyzer": "access-analyzer/home",
    "acm": "acm/home",
    "autoscaling": "ec2/home",
    "backup": "backup/home",
    "cloudformation": "cloudformation/home",
    "cloudtrail": "cloudtrailv2/home",
    "cloudwatch": "cloudwatch/home",
    "codeartifact": "codesuite/codeartifact/start",
    "codebuild": "codesuite/codebuild/start",
    "codecommit": "codesuite/codecommit/start",
    "codedeploy": "codesuite/codedeploy/start",
    "codepipeline": "codesuite/codepipeline/start",
    "config": "config/home",
    "dynamodb": "dynamodbv2/home",
    "ec2": "ec2/home",
    "ecr": "ecr/home",
    "ecs": "ecs/home",
    "eks": "eks/home",
    "elasticloadbalancing": "ec2/home",
    "events": "events/home",
    "guardduty": "guardduty/home",
    "iam": "iam/home",
    "inspector2": "inspector/v2/home",
    "kms": "kms/home",
    "lambda": "lambda/home",
    "logs": "cloudwatch/home",
    "organizations": "organizations/v2/home",
    "pipes": "events/home",
    "rds": "rds/home",
    "s3": "s3/home",
    "scheduler": "scheduler/home",
    "secretsmanager": "secretsmanager/home",
    "securityhub": "securityhub/home",
    "sns": "sns/v3/home",
    "sqs": "sqs/v3/home",
    "ssm": "systems-manager/home",
    "states": "states/home",
}


def console(arn: str, type_: str, region: str) -> str | None:
    """
    Return the address of a resource in the console of its partition, its own values as markers.

    Args:
        arn: The resource.

        type_: CloudFormation's name of what it is.

        region: Where it is; ``global`` for the home region of its partition.

    Returns:
        The address; None where the partition or the service is not known.
    """
    partition, service = (*arn.split(":", 3), "", "", "")[1:3]
    if partition not in _HOSTS:
        return None
    host, domain = _HOSTS[partition]
    page = None if "*" in arn else _PAGES.get(type_)
    if page is None and service in _HOMES:
        page = f"{_HOMES[service]}?region={REGION}"
    if page is None:
        return None
    where = home_region(partition, service) if region == GLOBAL else REGION

    return f"https://{host}/{page.replace('%s', domain).replace(REGION, where)}"
