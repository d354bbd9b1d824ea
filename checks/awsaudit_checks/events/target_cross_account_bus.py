from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, zone_of
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.events import Rule, Target
from awsaudit_checks.events.place import account_of
from awsaudit_checks.events.rule import refuse_managed


@check(
    "events-target-cross-account-bus",
    title="Events leave only to known accounts",
    severity=Severity.HIGH,
    uses=(Target.id, Target.destination, *ZONE),
    remediation=Remediation(
        text="Take the target off the rule, or name its account under [trust] accounts if it is yours.",
        cli="aws events remove-targets --region {region} --rule {name} --event-bus-name {bus_name} --ids {target}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html",
    ),
)
def target_cross_account_bus(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    A target in another account gets a copy of every event that matches: a quiet way to read along, and one that outlives
    the access by which it was set. Your own account, those of your organization and those under ``[trust]`` pass. Of a
    disabled rule the severity is low; rules of AWS services are not judged.
    """
    refuse_managed(rule)
    zone = zone_of(account)
    targets = [target for target in account.children(rule, Target) if account_of(target.destination)]
    if not targets:
        raise NotApplicable("no target is in an account")
    hidden = False
    for target in targets:
        owner = account_of(target.destination)
        known = zone.has(owner)
        hidden = hidden or known is None
        if known is False:
            yield Problem(
                f"target {target.id} is in the account {owner}: {target.destination}",
                expected="known accounts only",
                found=owner,
                sub_key=target.id,
                severity=Severity.LOW if rule.state == "DISABLED" else None,
                path=(Hop(rule.arn, Rule.type), Hop(target.destination, "outside", f"target {target.id}")),
                fill={"target": target.id},
            )
    if hidden and zone.unseen:
        raise EvidenceMissing(zone.unseen)
