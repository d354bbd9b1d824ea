"""
Security Hub's names of the types of resource that it knows; those without one are ``Other``.

https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


TYPES: Final[Mapping[str, str]] = {
    "AWS::AutoScaling::AutoScalingGroup": "AwsAutoScalingAutoScalingGroup",
    "AWS::AutoScaling::LaunchConfiguration": "AwsAutoScalingLaunchConfiguration",
    "AWS::Backup::BackupVault": "AwsBackupBackupVault",
    "AWS::Backup::RecoveryPoint": "AwsBackupRecoveryPoint",
    "AWS::CertificateManager::Certificate": "AwsCertificateManagerCertificate",
    "AWS::CloudFormation::Stack": "AwsCloudFormationStack",
    "AWS::CloudTrail::Trail": "AwsCloudTrailTrail",
    "AWS::CloudWatch::Alarm": "AwsCloudWatchAlarm",
    "AWS::CodeBuild::Project": "AwsCodeBuildProject",
    "AWS::DynamoDB::Table": "AwsDynamoDbTable",
    "AWS::EC2::Instance": "AwsEc2Instance",
    "AWS::EC2::LaunchTemplate": "AwsEc2LaunchTemplate",
    "AWS::EC2::NetworkAcl": "AwsEc2NetworkAcl",
    "AWS::EC2::NetworkInterface": "AwsEc2NetworkInterface",
    "AWS::EC2::RouteTable": "AwsEc2RouteTable",
    "AWS::EC2::SecurityGroup": "AwsEc2SecurityGroup",
    "AWS::EC2::Subnet": "AwsEc2Subnet",
    "AWS::EC2::TransitGateway": "AwsEc2TransitGateway",
    "AWS::EC2::VPC": "AwsEc2Vpc",
    "AWS::EC2::VPCPeeringConnection": "AwsEc2VpcPeeringConnection",
    "AWS::EC2::Volume": "AwsEc2Volume",
    "AWS::ECR::Repository": "AwsEcrRepository",
    "AWS::ECS::Cluster": "AwsEcsCluster",
    "AWS::ECS::Service": "AwsEcsService",
    "AWS::ECS::Task": "AwsEcsTask",
    "AWS::ECS::TaskDefinition": "AwsEcsTaskDefinition",
    "AWS::EKS::Cluster": "AwsEksCluster",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "AwsElbv2LoadBalancer",
    "AWS::EventSchemas::Registry": "AwsEventSchemasRegistry",
    "AWS::Events::Endpoint": "AwsEventsEndpoint",
    "AWS::Events::EventBus": "AwsEventsEventbus",
    "AWS::GuardDuty::Detector": "AwsGuardDutyDetector",
    "AWS::IAM::Group": "AwsIamGroup",
    "AWS::IAM::ManagedPolicy": "AwsIamPolicy",
    "AWS::IAM::Role": "AwsIamRole",
    "AWS::IAM::User": "AwsIamUser",
    "AWS::KMS::Key": "AwsKmsKey",
    "AWS::Lambda::Function": "AwsLambdaFunction",
    "AWS::RDS::DBCluster": "AwsRdsDbCluster",
    "AWS::RDS::DBClusterSnapshot": "AwsRdsDbClusterSnapshot",
    "AWS::RDS::DBInstance": "AwsRdsDbInstance",
    "AWS::RDS::DBSnapshot": "AwsRdsDbSnapshot",
    "AWS::RDS::EventSubscription": "AwsRdsEventSubscription",
    "AWS::S3::AccessPoint": "AwsS3AccessPoint",
    "AWS::S3::AccountPublicAccessBlock": "AwsS3AccountPublicAccessBlock",
    "AWS::S3::Bucket": "AwsS3Bucket",
    "AWS::SNS::Topic": "AwsSnsTopic",
    "AWS::SQS::Queue": "AwsSqsQueue",
    "AWS::SecretsManager::Secret": "AwsSecretsManagerSecret",
    "AWS::StepFunctions::StateMachine": "AwsStepFunctionStateMachine",
}
"""By CloudFormation's name."""
