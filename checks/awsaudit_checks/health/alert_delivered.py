from collections.abc import Callable, Iterator
from functools import partial

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.events import EventBus, Rule
from awsaudit.resources.health import Account
from awsaudit_checks.events.delivery import Break
from awsaudit_checks.health.arrival import Arrival, best
from awsaudit_checks.health.notice import notices
from awsaudit_checks.health.path import WAY, told
from awsaudit_checks.health.place import global_region
from awsaudit_checks.health.rule import health_rules, is_enabled, refuse_other_bus, sought


@check(
    "health-alert-delivered",
    title="An alert of AWS Health reaches somebody",
    severity=Severity.HIGH,
    uses=WAY,
    remediation=Remediation(
        text="Mend the step at which the path breaks; where there is no rule, make one for the source aws.health and give it a "
        "topic that EventBridge may publish to and that somebody has subscribed to.",
        cli=None,
        url="https://docs.aws.amazon.com/health/latest/ug/creating-event-bridge-events-rule-for-aws-health.html",
    ),
)
def alert_delivered(place: EventBus | Account, account: Inventory) -> Iterator[Problem | Note]:
    """
    Between AWS Health and a person stand a rule, its state, a target, the target's policy and key, and a subscription that
    was confirmed; each breaks in silence, and that nobody was told is noticed after the outage. In each region with an
    enabled rule one way has to hold: to a confirmed subscriber who filters nothing out, a function, a state machine, an API
    destination, a queue that something reads, or a channel of User Notifications. Who reads a log group or a stream cannot be
    seen, and is unknown. The account itself is judged where no region has an enabled rule.
    """
    if isinstance(place, Account):
        yield from _nowhere(account)
        return
    refuse_other_bus(place)
    rules = health_rules(account, place.region)
    if not rules:
        raise NotApplicable("the region has no enabled rule for events of AWS Health")
    end = best((partial(told, rule, account) for rule in rules), Break("nobody is told", ()))
    if isinstance(end, Arrival):
        yield Note(f"told: {end.at}")
        return
    # A rule that could not be seen may tell somebody.
    account.every(Rule, place.region)
    yield Problem(
        f"no alert reaches anybody: {end.message}",
        expected=end.expected,
        found=end.message,
        fill=end.fill,
        cli=end.cli,
        path=end.path,
    )


def _nowhere(account: Inventory) -> Iterator[Problem]:
    ways: tuple[Callable[[], object], ...] = (partial(health_rules, account, None), partial(notices, account))
    if sought(ways, lambda way: bool(way())):
        raise NotApplicable("judged in each region that has an enabled rule")
    home = global_region(account.target.partition)
    if home and home not in account.regions:
        raise Undecided(f"no region that was scanned has an enabled rule for them, and {home} was not scanned")
    disabled = health_rules(account, None, lambda rule: not is_enabled(rule))
    begin = Hop("aws.health", "AWS Health")
    if disabled:
        names = ", ".join(sorted({f"{rule.name} in {rule.region}" for rule in disabled}))
        yield Problem(
            f"no alert reaches anybody: every rule for events of AWS Health is disabled: {names}",
            expected="an enabled rule",
            found="DISABLED",
            path=(begin, Hop(disabled[0].arn, Rule.type, "it is disabled", holds=False)),
        )
        return
    yield Problem(
        "no alert reaches anybody: no rule takes the events of AWS Health",
        expected="an enabled rule",
        found="none",
        path=(begin, Hop("default", EventBus.type, "no rule on it takes them", holds=False)),
    )
