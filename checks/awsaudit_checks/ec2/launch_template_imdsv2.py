import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import MetadataDefaults
from awsaudit.resources.launch_template import LaunchTemplate, LaunchTemplateVersion
from awsaudit_checks.ec2.template import LAUNCHERS, VERSION, found_in, is_pinned, refuse_managed_template, told


_NEW_DEFAULT: Final = (
    "VERSION=$(aws ec2 create-launch-template-version --region {region} --launch-template-id {id} "
    "--source-version {number} --launch-template-data {data} --query LaunchTemplateVersion.VersionNumber --output text) "
    '&& aws ec2 modify-launch-template --region {region} --launch-template-id {id} --default-version "$VERSION"'
)


@check(
    "ec2-launch-template-imdsv2",
    title="Launch templates require IMDSv2",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_launch_template_imdsv2_required",),
    uses=(
        *LAUNCHERS,
        *VERSION,
        LaunchTemplateVersion.metadata,
        LaunchTemplateVersion.metadata_settings,
        LaunchTemplateVersion.image_id,
        LaunchTemplateVersion.image_name,
        LaunchTemplateVersion.image_tokens,
        MetadataDefaults.tokens,
    ),
    remediation=Remediation(
        text="Make a version that requires tokens, the default of the template, and let groups that name another one use it. "
        "What runs keeps what it has until it is replaced.",
        cli=None,
        terraform='resource "aws_launch_template" "this" {\n  metadata_options {\n    http_endpoint = "enabled"\n    '
        'http_tokens   = "required"\n  }\n}',
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html",
    ),
)
def launch_template_imdsv2(template: LaunchTemplate, account: Inventory) -> Iterator[Problem]:
    """
    Whatever is started from the template hands the role's credentials to every plain GET, where IMDSv1 is left on. What the
    version says counts; else the region's default, else the AMI. The default version is judged, and those of groups and node
    groups. Required tokens pass, as does a metadata service that is off.
    """
    refuse_managed_template(template)
    found = found_in(template, account, lambda version: _allowed(version, account))
    if found:
        version, _, why = found[0]
        yield Problem(
            f"{told(found)} allows IMDSv1: {why}",
            expected="IMDSv2 required",
            found=why,
            fill={"number": str(version.number), "data": _data(version)},
            # Groups that name a version by its number have to be told; each in its own way.
            cli=None if any(is_pinned(template, each.number, account) for each, _, _ in found) else _NEW_DEFAULT,
        )


def _allowed(version: LaunchTemplateVersion, account: Inventory) -> str | None:
    """Return how *version* lets IMDSv1 be used; None if it does not."""
    options = version.metadata
    if options.endpoint == "disabled" or options.tokens == "required":
        return None
    if options.tokens:
        return f"tokens are {options.tokens}"
    default = next((each.tokens for each in account.every(MetadataDefaults, version.region)), None)
    if default == "required":
        return None
    if default == "optional":
        return "it leaves tokens to the region's default, which is optional"
    if version.image_tokens == "v2.0":
        return None
    if version.image_name is None:
        image = version.image_id or "an AMI that is chosen when it is started"
        raise Undecided(f"version {version.number} leaves tokens to {image}, which cannot be seen")

    return f"it leaves tokens to the AMI {version.image_name}, which does not require them"


def _data(version: LaunchTemplateVersion) -> str:
    """Return the metadata options of *version* as the API takes them, with tokens required."""
    kept = {name: value for name, value in (version.metadata_settings or {}).items() if name != "State"}
    return json.dumps({"MetadataOptions": {**kept, "HttpTokens": "required"}})
