from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.ec2.host import refuse_managed


@check(
    "ec2-imdsv2",
    title="Instances require IMDSv2",
    severity=Severity.HIGH,
    equivalents=(
        "prowler:ec2_instance_imdsv2_enabled",
        "prowler:ec2_confidential_workload_host_imdsv2_not_enforced",
    ),
    remediation=Remediation(
        text="Update what still asks without a token (the metric MetadataNoToken counts it), then require tokens.",
        cli="aws ec2 modify-instance-metadata-options --region {region} --instance-id {id} --http-tokens required",
        terraform='resource "aws_instance" "this" {\n  metadata_options {\n    http_tokens = "required"\n  }\n}',
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
    ),
)
def imdsv2(instance: Instance) -> Iterator[Problem]:
    """
    Version 1 of the metadata service hands the role's credentials to every plain GET: a web server that fetches what
    strangers name is enough to lose them. Version 2 wants a token that such requests cannot get. Instances that require
    it pass, as do those whose metadata service is off; stopped ones are judged, as they come back as they were.
    """
    refuse_managed(instance)
    options = instance.metadata
    if options.endpoint == "disabled" or options.tokens == "required":
        return
    if options.endpoint is None or options.tokens is None:
        raise Undecided("AWS does not tell how it serves its metadata")
    keys = "; it may run an enclave, and signs with keys for it" if instance.enclave else ""
    yield Problem(f"IMDSv1 is allowed{keys}", expected="IMDSv2 required", found=f"tokens {options.tokens}")
