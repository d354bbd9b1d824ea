from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.codedeploy import DeploymentGroup
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.codedeploy.fleet import has_others, members


_SLOWER: Final = {
    "Lambda": "CodeDeployDefault.LambdaCanary10Percent5Minutes",
    "ECS": "CodeDeployDefault.ECSCanary10Percent5Minutes",
    "Server": "CodeDeployDefault.OneAtATime",
}
_NETWORK: Final = ":listener/net/"
_AWS: Final = "CodeDeployDefault."


@check(
    "codedeploy-all-at-once",
    title="Production does not deploy all at once",
    severity=Severity.MEDIUM,
    uses=(Instance.state, Instance.tags),
    remediation=Remediation(
        text="Shift traffic in steps, or deploy to one server after the other, so that a bad revision meets few users "
        "before it is stopped.",
        cli="aws deploy update-deployment-group --region {region} --application-name {application} "
        "--current-deployment-group-name {name} --deployment-config-name {slower}",
        url="https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html",
    ),
)
def all_at_once(group: DeploymentGroup, account: Inventory, *, everywhere: bool = False) -> Iterator[Problem]:
    """
    All at once, a bad revision is in front of every user before the first alarm. Functions and services of ECS pass that
    take the traffic over in steps, servers where some are left as they were meanwhile; so does a group of one server,
    which has no steps. Configurations of your own are read. Groups count whose name, or whose application's, says
    production, see ``[trust] production``; with *everywhere* all do.
    """
    names = (group.name, group.application)
    if not everywhere and not any(account.target.trust.is_production(name, {}) for name in names):
        raise NotApplicable("it is not of production, and others are judged with everywhere only")
    if not _at_once(group):
        return
    if any(_NETWORK in arn for arn in group.listener_arns):
        raise NotApplicable("CodeDeploy knows no steps for a service behind a Network Load Balancer")
    platform = group.platform or "Server"
    if platform == "Server":
        hosts = members(group, account)
        if len(hosts) < 2:  # noqa: PLR2004 - a single one has no steps
            if has_others(group):
                raise Undecided("how many servers outside of EC2 it has cannot be told")
            return
    yield Problem(
        f"{group.configuration_name} deploys to {_everything(platform)} at once",
        expected="in steps",
        found=group.configuration_name,
        fill={"slower": _SLOWER[platform]},
    )


def _everything(platform: str) -> str:
    return {"Lambda": "all users of the function", "ECS": "all users of the service"}.get(platform, "all servers")


def _at_once(group: DeploymentGroup) -> bool:
    name = group.configuration_name or ""
    if name.startswith(_AWS):
        return name.endswith("AllAtOnce")
    pace = group.pace
    if pace is None:
        raise Undecided(f"its deployment configuration {name or 'without a name'} does not exist")
    if pace.traffic:
        return pace.traffic == "AllAtOnce"
    if pace.healthy is None:
        raise Undecided(f"its deployment configuration {name} does not say how many servers keep running")

    return pace.healthy == 0 and not pace.zonal
