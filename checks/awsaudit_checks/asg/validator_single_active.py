from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.autoscaling import Group
from awsaudit_checks.asg.fleet import STARTED, refuse_leaving, role_of_group
from awsaudit_checks.ec2.role import NodeRole


_UPDATE: Final = "aws autoscaling update-auto-scaling-group --region {region} --auto-scaling-group-name {name} "
_IN_TURN: Final = _UPDATE + "--instance-maintenance-policy MinHealthyPercentage=0,MaxHealthyPercentage=100"
_WARM: Final = "aws autoscaling delete-warm-pool --region {region} --auto-scaling-group-name {name}"


@check(
    "asg-validator-single-active",
    title="A validator Auto Scaling group cannot run two instances",
    severity=Severity.HIGH,
    uses=STARTED,
    remediation=Remediation(
        text="Let the group have one instance, end it before the next one starts, and keep none in reserve that runs. A missed "
        "duty costs little, two signatures cost the stake. Where two run, stop one by hand first.",
        cli=None,
        url="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-maintenance-policy.html",
    ),
)
def validator_single_active(group: Group, account: Inventory) -> Iterator[Problem]:
    """
    Instances of one group start from one template, and so with the same validator keys: two that run sign twice sooner or
    later, and the chain slashes the stake. A group of validators may have one instance at most, must not start the next one
    before that has ended (maintenance policy, capacity rebalancing), and keep no warm pool that runs. Validators are told by
    tags and names, of the group and its launch template, and by what the user data starts.
    """
    refuse_leaving(group)
    if role_of_group(group, account) is not NodeRole.VALIDATOR:
        raise NotApplicable("nothing tells that its instances are validators")
    if group.max_size > 1:
        yield Problem(
            f"it may run {group.max_size} validators with the same keys, and is to run {group.desired}",
            expected="one instance at most",
            found=str(group.max_size),
            sub_key="size",
            fill={"least": str(min(group.min_size, 1))},
            # Where two run, the owner has to choose which one is to go.
            cli=_UPDATE + "--max-size 1 --min-size {least}" if group.desired <= 1 else None,
        )
    if group.max_healthy is not None and group.max_healthy > 100:  # noqa: PLR2004 - per cent
        yield Problem(
            f"it starts the next instance before the last one has ended: {group.max_healthy}% may run",
            expected="100% at most",
            found=f"{group.max_healthy}%",
            sub_key="replacement",
            cli=_IN_TURN,
        )
    if group.rebalances:
        yield Problem(
            "it starts the next instance before AWS takes back the last one",
            expected="no capacity rebalancing",
            found="capacity rebalancing",
            sub_key="rebalancing",
            cli=_UPDATE + "--no-capacity-rebalance",
        )
    if group.warm_state == "Running" and group.warm_status != "PendingDelete":
        yield Problem(
            "its warm pool runs instances in reserve",
            expected="no warm pool",
            found="Running",
            sub_key="warm-pool",
            cli=_WARM,
        )
