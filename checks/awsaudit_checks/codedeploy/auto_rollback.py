import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Note, Problem, Remediation, Severity, check
from awsaudit.resources.codedeploy import DeploymentGroup


_FAILURE: Final = "DEPLOYMENT_FAILURE"
_ALARM: Final = "DEPLOYMENT_STOP_ON_ALARM"


@check(
    "codedeploy-auto-rollback",
    title="Deployment groups roll back automatically",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Let CodeDeploy go back to the last revision that worked when a deployment fails.",
        cli="aws deploy update-deployment-group --region {region} --application-name {application} "
        "--current-deployment-group-name {name} --auto-rollback-configuration {rollback}",
        url="https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-configure-advanced-options.html",
    ),
)
def auto_rollback(group: DeploymentGroup) -> Iterator[Problem | Note]:
    """
    A deployment that fails halfway leaves servers or functions on two revisions until somebody notices and deploys the old
    one by hand. Groups pass that roll back after a failed deployment. Alarms that stop a deployment leave it where it
    stands, unless the group rolls back for that, too: it is noted.
    """
    found = group.auto_rollback
    events = found.events if found and found.enabled else ()
    stops = group.alarms is not None and group.alarms.enabled
    if _FAILURE not in events:
        wanted = [*events, _FAILURE, *([_ALARM] if stops and _ALARM not in events else [])]
        rollback = {"enabled": True, "events": wanted}
        yield Problem(
            "a deployment that fails is not rolled back"
            + (f": it rolls back for {', '.join(events)} only" if events else ""),
            expected=_FAILURE,
            found=", ".join(events) or "no automatic rollback",
            fill={"rollback": json.dumps(rollback, separators=(",", ":"))},
        )
    elif stops and _ALARM not in events:
        yield Note("a deployment that an alarm stops is not rolled back")
