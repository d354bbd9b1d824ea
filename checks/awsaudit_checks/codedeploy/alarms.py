import json

from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.codedeploy import AlarmStop, DeploymentGroup


_SET = (
    "aws deploy update-deployment-group --region {region} --application-name {application} "
    "--current-deployment-group-name {name} --alarm-configuration {alarm_stop}"
)


@check(
    "codedeploy-alarms",
    title="Deployments stop on alarm",
    severity=Severity.LOW,
    uses=(MetricAlarm.name, CompositeAlarm.name),
    remediation=Remediation(
        text="Name alarms on what the application's users would notice, and let the deployment stop where their state "
        "cannot be told. Which alarms these are, the owner knows: there is a command only where the group names some.",
        cli=_SET,
        url="https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-configure-advanced-options.html",
    ),
)
def alarms(group: DeploymentGroup, account: Inventory) -> Iterator[Problem]:
    """
    CodeDeploy knows whether a revision starts, not whether it works: errors and latency are seen by alarms alone. Groups
    pass whose deployments stop on alarms that exist in their region, and that stop as well where CloudWatch does not tell
    their state.
    """
    found = group.alarms
    if found is None or not found.enabled or not found.names:
        named = found.names if found else ()
        yield Problem(
            "no alarm stops its deployments"
            + (f": those that it names are switched off, {_list(named)}" if named else ""),
            expected="alarms",
            found="switched off" if named else "none",
            sub_key="none",
            fill=_stopping(found) if found and named else {},
        )
        return
    if found.ignores_failure:
        yield Problem(
            "its deployments go on where CloudWatch does not tell the state of the alarms",
            expected="ignorePollAlarmFailure false",
            found="true",
            sub_key="ignored",
            fill=_stopping(found),
        )
    missing = tuple(name for name in found.names if not _exists(name, group.region, account))
    if missing:
        yield Problem(
            f"there is no alarm {_list(missing)}, and one that does not exist stops no deployment",
            expected="alarms that exist",
            found=_list(missing),
            sub_key="missing",
        )


def _exists(name: str, region: str, account: Inventory) -> bool:
    composite = any(alarm.name == name for alarm in account.seen(CompositeAlarm, region))
    if composite or account.first(MetricAlarm, lambda alarm: alarm.name == name, region):
        return True
    account.every(CompositeAlarm, region)

    return False


def _stopping(stop: AlarmStop) -> dict[str, str]:
    """Return the configuration in which the same alarms stop a deployment, as the command takes it."""
    wanted = {
        "enabled": True,
        "ignorePollAlarmFailure": False,
        "alarms": [{"name": name} for name in stop.names],
    }
    return {"alarm_stop": json.dumps(wanted, separators=(",", ":"))}


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names)
