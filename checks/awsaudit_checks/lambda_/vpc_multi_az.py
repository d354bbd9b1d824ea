from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Subnet
from awsaudit.resources.lambda_ import Function


@check(
    "lambda-vpc-multi-az",
    title="VPC functions span AZs",
    severity=Severity.MEDIUM,
    uses=(Subnet.id, Subnet.zone_id),
    equivalents=("prowler:awslambda_function_vpc_multi_az",),
    remediation=Remediation(
        text="Give the function a subnet in a second availability zone with the same routes: aws lambda "
        "update-function-configuration with all subnets and security groups under --vpc-config.",
        cli=None,
        url="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ),
)
def vpc_multi_az(function: Function, account: Inventory) -> Iterator[Problem]:
    """
    A function whose subnets are all in one zone does not run when that zone is down. Subnets in two zones pass. Functions
    outside a VPC run in several zones anyhow.
    """
    ids = set(function.subnet_ids)
    if not ids:
        raise NotApplicable("it is in no VPC")
    found = [subnet for subnet in account.every(Subnet, function.region) if subnet.id in ids]
    zones = {subnet.zone_id for subnet in found}
    if len(zones) > 1:
        return
    lost = ids - {subnet.id for subnet in found}
    if lost:
        raise Undecided(f"the zone of {min(lost)} is not known")
    yield Problem(f"it runs in {min(zones)} alone", expected="subnets in two availability zones", found=min(zones))
