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


def test_managed_policies_fit(cli):
    """
    What is more than a managed policy may hold is several of them, which together hold every action.
    """
    whole = json.loads(cli("policy").out)["Statement"][0]["Action"]
    template = json.loads(cli("policy", "--form", "cloudformation").out)
    documents = [resource["Properties"]["PolicyDocument"] for resource in template["Resources"].values()]
    terraform = cli("policy", "--form", "terraform").out

    assert 1 < len(documents) == len(template["Outputs"]) == terraform.count('resource "aws_iam_policy"')
    assert all(len(json.dumps(document, separators=(",", ":"))) <= 6144 for document in documents)
    assert whole == [action for document in documents for action in document["Statement"][0]["Action"]]
