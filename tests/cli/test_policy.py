import json


def test_prints_the_least_policy(cli):
    """
    The policy holds the actions of the selected checks and of finding the account and its regions.
    """
    document = json.loads(cli("policy", "-c", "sqs-encryption").out)

    assert ["ec2:DescribeRegions", "sqs:GetQueueAttributes", "sqs:ListQueues", "sts:GetCallerIdentity"] == (
        document["Statement"][0]["Action"]
    )


def test_forms(cli):
    """
    Terraform and CloudFormation hold the same actions.
    """
    terraform = cli("policy", "-c", "sqs-encryption", "--form", "terraform").out
    template = json.loads(cli("policy", "-c", "sqs-encryption", "--form", "cloudformation").out)

    assert '"sqs:ListQueues",' in terraform
    assert "sqs:ListQueues" in str(template["Resources"]["AwsauditPolicy"])
