"""Plans without checks."""

import pytest

from awsaudit.access import EVERYTHING
from awsaudit.declare import Fact
from awsaudit.errors import DeclarationError
from awsaudit.plan import plan_facts
from awsaudit.resources.eks import Cluster, Nodegroup
from awsaudit.resources.sqs import Queue


def test_facts_are_planned_with_what_they_need():
    """
    The calls of the facts, of what they are listed under, and of what names a resource for free; no others.
    """
    plan = plan_facts([Nodegroup.node_role_arn, Queue.url])

    assert () == plan.checks
    assert {Cluster, Nodegroup, Queue} == plan.steps.keys()
    assert [
        "DescribeNodegroup", "ListClusters", "ListNodegroups", "ListQueues", "DescribeRegions", "GetCallerIdentity",
    ] == sorted((o.operation for o in plan.operations()), key=lambda name: (name in {"DescribeRegions", "GetCallerIdentity"}, name))  # fmt: skip
    assert {"name", "node_role_arn"} == plan.steps[Nodegroup].facts.keys()


def test_facts_of_nothing_are_refused():
    """
    A fact that belongs to no resource type cannot be asked for.
    """
    with pytest.raises(DeclarationError, match="belongs to no resource type"):
        plan_facts([Fact(Queue.url.call, "@", str)])


def test_questions_make_no_call_for_tags_or_images():
    """
    What `who_can` and `reach` look at is planned call by call, and nothing besides.
    """
    operations = {f"{o.service}:{o.operation}" for o in plan_facts(EVERYTHING).operations()}

    assert {"iam:GetAccountAuthorizationDetails", "kms:ListGrants", "secretsmanager:GetResourcePolicy"} <= operations
    assert not {"s3:GetBucketVersioning", "ec2:DescribeImages", "eks:DescribeCluster"} & operations
