from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance, MetadataDefaults


@check(
    "ec2-imds-account-default",
    title="The region's IMDS default is v2",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_instance_account_imdsv2_enabled",),
    uses=(Instance.id,),
    remediation=Remediation(
        text="Require tokens by default. Instances that run keep what they have; those whose launch says otherwise, too.",
        cli="aws ec2 modify-instance-metadata-defaults --region {region} --http-tokens required",
        terraform='resource "aws_ec2_instance_metadata_defaults" "this" {\n  http_tokens = "required"\n}',
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html",
    ),
)
def imds_account_default(defaults: MetadataDefaults, account: Inventory) -> Iterator[Problem | Note]:
    """
    Somebody always starts an instance without thinking of its metadata service. Where the region has no preference the AMI
    decides, and older ones allow IMDSv1, which hands credentials to every plain GET. A default of required tokens passes;
    regions without instances are not judged.
    """
    if not any(True for _ in account.seen(Instance, defaults.region)):
        account.every(Instance, defaults.region)
        raise NotApplicable("no instance was found in the region")
    by_policy = defaults.managed_by == "declarative-policy"
    if defaults.tokens != "required":
        yield Problem(
            f"instances may be started with IMDSv1: {defaults.tokens or 'no preference is set'}"
            + ("; a declarative policy of the organization sets it" if by_policy else ""),
            expected="required",
            found=defaults.tokens or "no preference",
        )
    elif defaults.enforced != "enabled":
        yield Note("a launch that asks for IMDSv1 is still possible, as the default is not enforced")
    elif by_policy:
        yield Note("a declarative policy of the organization sets it")
