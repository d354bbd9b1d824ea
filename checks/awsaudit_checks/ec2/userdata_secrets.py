from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.launch_template import LaunchTemplateVersion
from awsaudit_checks.ec2.boot import read, require_whole, told
from awsaudit_checks.ec2.host import refuse_managed, scaling_group
from awsaudit_checks.ec2.template import VERSION, version_of


@check(
    "ec2-userdata-secrets",
    title="Instance user data holds no secrets",
    severity=Severity.HIGH,
    equivalents=("prowler:ec2_instance_secrets_user_data",),
    uses=VERSION,
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may describe the instance, and every process on it, has read "
        "it. Let the host fetch the new one at boot, with its role, and start it again without.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
    ),
)
def userdata_secrets(instance: Instance, account: Inventory) -> Iterator[Problem]:
    """
    User data is shown to everybody who may describe the instance, and to every process that asks its metadata service.
    Scripts, cloud-init and all parts of both are read, compressed or not. A value in the shape of a known credential fails;
    a random-looking value under a telling name is a guess and fails with lower severity. References, certificates and
    variables pass. What a group started from a launch template is judged there.
    """
    refuse_managed(instance)
    refuse_template(instance, account)
    data = read(instance.user_data)
    for hit in dict.fromkeys(data.hits):
        yield told(hit, "its user data")
    if not data.hits:
        require_whole(data)


def refuse_template(instance: Instance, account: Inventory) -> None:
    """
    Raise NotApplicable for a host whose user data is that of a launch template's version that can be seen.

    Raises:
        Undecided: The version cannot be seen any more.
    """
    origin = version_of(instance)
    if scaling_group(instance) is None or origin is None:
        return
    every = account.every(LaunchTemplateVersion, instance.region)
    known = account.once(("template versions", instance.region), lambda: {(v.template_id, v.number) for v in every})
    if origin not in known:
        raise Undecided(f"a group started it from version {origin[1]} of {origin[0]}, which is not there any more")
    raise NotApplicable(f"a group started it, and it is judged at the launch template {origin[0]}, version {origin[1]}")
