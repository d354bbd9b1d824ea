from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.launch_template import LaunchTemplate, LaunchTemplateVersion
from awsaudit.user_data import UserData
from awsaudit_checks.ec2.boot import told
from awsaudit_checks.ec2.template import HOSTS, LAUNCHERS, VERSION, found_in, refuse_managed_template
from awsaudit_checks.ec2.template import told as versions
from awsaudit_checks.iam.certain import certain


@check(
    "ec2-launch-template-secrets",
    title="Launch template user data holds no secrets",
    severity=Severity.HIGH,
    equivalents=("prowler:ec2_launch_template_no_secrets",),
    uses=(*LAUNCHERS, *HOSTS, *VERSION, LaunchTemplateVersion.user_data),
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may describe launch templates has read it. Make a version "
        "without it, whose hosts fetch the new one at boot with their role, point groups and the default to it, and delete "
        "the old versions.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html",
    ),
)
def launch_template_secrets(template: LaunchTemplate, account: Inventory) -> Iterator[Problem]:
    """
    User data of a template is shown to everybody who may describe it, and to every process on what is started from it. The
    default version, the newest, and those that groups, node groups and hosts come from are judged. A value in the shape of a
    known credential fails; a random-looking value under a telling name is a guess and fails with lower severity.
    """
    refuse_managed_template(template)
    found = found_in(template, account, _leaking, newest=True, hosts=True)
    for hit in dict.fromkeys(hit for _, _, data in found for hit in data.hits):
        holders = [each for each in found if hit in each[2].hits]
        yield told(hit, f"the user data of {versions(holders)}")
    if not found and not certain(account.children(template, LaunchTemplateVersion), lambda version: version.user_data):
        raise NotApplicable("none of its versions has user data")


def _leaking(version: LaunchTemplateVersion) -> UserData | None:
    data = version.user_data
    if data and not data.hits and not data.readable:
        raise Undecided(f"a part of the user data of version {version.number} is packed in a way that cannot be read")

    return data if data and data.hits else None
