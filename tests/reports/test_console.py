import pytest

from awsaudit_reports.console import console


@pytest.mark.parametrize(
    ("arn", "type_", "region", "address"),
    [
        (
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-0d2a18a4d3d2e9070",
            "AWS::EC2::Instance",
            "eu-west-1",
            "https://console.aws.amazon.com/ec2/home?region=REGION#InstanceDetails:instanceId=TAIL",
        ),
        (
            "arn:aws-cn:sqs:cn-north-1:111122223333:orders",
            "AWS::SQS::Queue",
            "cn-north-1",
            "https://console.amazonaws.cn/sqs/v3/home?region=REGION#/queues/https%3A%2F%2Fsqs.REGION.amazonaws.com.cn%2FACCOUNT%2FTAIL",
        ),
        (
            "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1ef01c23-94d1-4444-9e5a-5104027549cf",
            "AWS::KMS::Key",
            "us-gov-west-1",
            "https://console.amazonaws-us-gov.com/kms/home?region=REGION#/kms/keys/TAIL",
        ),
        (
            "arn:aws:iam::111122223333:role/service/deploy",
            "AWS::IAM::Role",
            "global",
            "https://console.aws.amazon.com/iam/home#/roles/details/NAME",
        ),
    ],
)
def test_finds_the_resource(arn, type_, region, address):
    """
    The address is in the console of the resource's own partition, with markers for its values.
    """
    names = dict(zip("\ue000\ue001\ue002\ue003\ue004", ("ARN", "NAME", "ACCOUNT", "REGION", "TAIL"), strict=True))

    assert address == console(arn, type_, region).translate(str.maketrans(names))


@pytest.mark.parametrize(
    ("arn", "address"),
    [
        (
            "arn:aws:organizations::111122223333:organization",
            "https://console.aws.amazon.com/organizations/v2/home?region=us-east-1",
        ),
        ("arn:aws-us-gov:iam::111122223333:root", "https://console.amazonaws-us-gov.com/iam/home?region=us-gov-west-1"),
        (
            "arn:aws-cn:organizations::111122223333:organization",
            "https://console.amazonaws.cn/organizations/v2/home?region=cn-northwest-1",
        ),
    ],
)
def test_falls_back_to_the_service(arn, address):
    """
    Where no page of the resource is known it is the service's, in the home region of the partition if it has none.
    """
    assert address == console(arn, "AWS::Ours::Thing", "global")


@pytest.mark.parametrize(
    "arn", ["arn:aws-iso:sqs:us-iso-east-1:111122223333:orders", "arn:aws:unheard-of:::x", "no arn at all", ""]
)
def test_guesses_no_address(arn):
    """
    An unknown partition or service has no address.
    """
    assert console(arn, "AWS::SQS::Queue" if "sqs" in arn else "x", "eu-west-1") is None


def test_many_resources_are_no_single_one():
    """
    What stands for all resources of a kind leads to the service.
    """
    address = console("arn:aws:sqs:eu-west-1:111122223333:*", "AWS::SQS::Queue", "eu-west-1")

    assert "https://console.aws.amazon.com/sqs/v3/home?region=\ue003" == address
