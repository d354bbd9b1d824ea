import json

from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import Endpoint


_UPDATE = "aws events update-endpoint --region {region} --name {name} --replication-config State=ENABLED"
_WITH_NEW_ROLE = (
    "ROLE=$(aws iam create-role --role-name {role_name} --assume-role-policy-document {trust_policy} "
    "--query Role.Arn --output text) && "
    "aws iam put-role-policy --role-name {role_name} --policy-name replicate-events --policy-document {role_policy} && "
    f'{_UPDATE} --role-arn "$ROLE"'
)
_DELETE = "aws events delete-endpoint --region {region} --name {name}"


@check(
    "events-global-endpoint-replication",
    title="Global endpoints replicate events",
    severity=Severity.MEDIUM,
    equivalents=("prowler:eventbridge_global_endpoint_event_replication_enabled",),
    remediation=Remediation(
        text="Turn replication on; it needs a role that may put events on both buses. An endpoint that could not be "
        "created or deleted is deleted first and created again if it is wanted.",
        cli=f"{_UPDATE} --role-arn {{role_arn}}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-global-endpoints.html",
    ),
)
def global_endpoint_replication(endpoint: Endpoint) -> Iterator[Problem]:
    """
    Without replication, what was sent to the first region before it failed is missing in the second, and nothing switches
    back by itself, as that takes events that arrive. Replication passes, also by default. An endpoint whose creation,
    change or deletion failed does not do what it is there for.
    """
    if endpoint.state in {"CREATING", "UPDATING", "DELETING"}:
        raise NotApplicable(f"the endpoint is {endpoint.state}")
    if endpoint.state != "ACTIVE":
        reason = f": {endpoint.state_reason}" if endpoint.state_reason else ""
        yield Problem(
            f"the endpoint is {endpoint.state}{reason}",
            expected="ACTIVE",
            found=endpoint.state,
            cli=None if endpoint.state == "UPDATE_FAILED" else _DELETE,
        )
    elif endpoint.replication == "DISABLED":
        yield Problem(
            "events are not replicated to the second region",
            expected="ENABLED",
            found="DISABLED",
            fill=_new_role(endpoint),
            cli=None if endpoint.role_arn else _WITH_NEW_ROLE,
        )


def _new_role(endpoint: Endpoint) -> dict[str, str]:
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-ge-getting-started.html
    managed_rules = [
        f"arn:{endpoint.partition}:events:*:{endpoint.account}:rule/{path}GlobalEndpointManagedRule-*"
        for path in ("", "*/")
    ]
    changes = ["events:PutRule", "events:PutTargets", "events:DeleteRule", "events:RemoveTargets"]
    role_name = f"{endpoint.name[:44]}-replication"
    role_arn = f"arn:{endpoint.partition}:iam::{endpoint.account}:role/{role_name}"
    statements = [
        {"Effect": "Allow", "Action": changes, "Resource": managed_rules},
        {"Effect": "Allow", "Action": "events:PutEvents", "Resource": list(endpoint.bus_arns)},
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": role_arn},
    ]
    trust = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}

    return {
        "role_name": role_name,
        "trust_policy": json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        "role_policy": json.dumps({"Version": "2012-10-17", "Statement": statements}),
    }
