from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.autoscaling import LaunchConfiguration
from awsaudit_checks.autoscaling.configuration import USERS, graded, named, users_of


@check(
    "autoscaling-launch-config-imdsv2",
    title="Launch configurations require IMDSv2",
    severity=Severity.HIGH,
    equivalents=("prowler:autoscaling_group_launch_configuration_requires_imdsv2",),
    uses=USERS,
    remediation=Remediation(
        text="A launch configuration cannot be changed: make a launch template of it that requires tokens, let the groups use "
        "that, replace their instances, and delete it.",
        cli=None,
        url="https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html",
    ),
)
def launch_config_imdsv2(configuration: LaunchConfiguration, account: Inventory) -> Iterator[Problem]:
    """
    Where a launch configuration does not require tokens, its instances hand the role's credentials to every plain GET: not to
    say anything of it means IMDSv1, too. Required tokens pass, as does a metadata service that is off. Low where no group uses
    the configuration.
    """
    options = configuration.metadata
    if options.tokens == "required" or options.endpoint == "disabled":
        return
    users = users_of(configuration, account)
    yield Problem(
        f"its instances allow IMDSv1{named(users)}",
        expected="IMDSv2 required",
        found=f"tokens {options.tokens}" if options.tokens else "nothing is said of tokens",
        severity=graded(Severity.HIGH, users),
    )
