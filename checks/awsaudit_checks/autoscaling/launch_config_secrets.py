from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.autoscaling import LaunchConfiguration
from awsaudit_checks.ec2.boot import read, require_whole, told


@check(
    "autoscaling-launch-config-secrets",
    title="Launch configuration user data holds no secrets",
    severity=Severity.HIGH,
    equivalents=("prowler:autoscaling_find_secrets_ec2_launch_configuration",),
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may describe launch configurations has read it. Let groups use "
        "a launch template whose hosts fetch the new one at boot with their role, and delete the configuration.",
        cli=None,
        url="https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html",
    ),
)
def launch_config_secrets(configuration: LaunchConfiguration) -> Iterator[Problem]:
    """
    User data of a launch configuration is shown to everybody who may describe it, in use or not, and cannot be changed: the
    secret stays until the configuration is deleted. A value in the shape of a known credential fails; a random-looking value
    under a telling name is a guess and fails with lower severity. References and certificates pass.
    """
    data = read(configuration.user_data)
    for hit in dict.fromkeys(data.hits):
        yield told(hit, "its user data")
    if not data.hits:
        require_whole(data)
