"""
Builds the example account, part by part; later parts use what earlier ones left in `Company.ids`.
"""

from __future__ import annotations

import boto3

from awsaudit.demo import (
    access,
    access_delivery,
    access_events,
    access_federation,
    access_iam,
    access_keys,
    access_pull,
    access_secrets,
    access_sharing,
    alerts,
    buckets,
    builds,
    builds_access,
    containers,
    databases,
    deployments,
    ecr,
    eks_clusters,
    eks_nodes,
    events,
    guards,
    health_rules,
    hosts,
    keys,
    monitoring,
    network,
    organization,
    papers,
    pipelines,
    pipelines_access,
    rds_backups,
    rds_databases,
    remainder,
    secrets,
    software,
    sqs,
    templates,
    volumes,
)
from awsaudit.demo.company import HOME, REGIONS, Company
from awsaudit.demo.front import Front


PARTS = (
    network,
    access,
    keys,
    sqs,
    events,
    secrets,
    ecr,
    eks_clusters,
    eks_nodes,
    rds_databases,
    rds_backups,
    organization,
    access_iam,
    access_federation,
    access_keys,
    access_secrets,
    access_sharing,
    access_events,
    access_delivery,
    access_pull,
    health_rules,
    alerts,
    pipelines,
    pipelines_access,
    builds,
    builds_access,
    deployments,
    software,
    hosts,
    templates,
    volumes,
    buckets,
    monitoring,
    containers,
    papers,
    guards,
    remainder,
    databases,
)


def build() -> Company:
    """Build the account in the moto that is active, and return it."""
    session = boto3.Session(aws_access_key_id="example", aws_secret_access_key="example", region_name=HOME)  # noqa: S106
    front = Front()
    front.attach(session)
    front.answer("ec2", "DescribeRegions", lambda _, __: {"Regions": [{"RegionName": region} for region in REGIONS]})
    company = Company(session, front)
    for part in PARTS:
        part.build(company)
    front.calls.clear()

    return company
