"""Event buses with their policies."""

from __future__ import annotations

from typing import Final

from awsaudit import NotApplicable
from awsaudit.resources.events import EventBus
from awsaudit_checks.exposed import Mend, Shared


PUT: Final = "aws events put-permission --region {region} --event-bus-name {name} --policy {new_policy}"
REMOVE: Final = "aws events remove-permission --region {region} --event-bus-name {name} --remove-all-permissions"
MEND: Final = Mend(lambda policy: {"new_policy": policy} if policy else {}, emptied=REMOVE)


def shared(bus: EventBus) -> Shared:
    """
    Return *bus* with its policy, which decides on its rules too.

    Raises:
        NotApplicable: A partner writes to it, not others.
    """
    if bus.name.startswith("aws.partner/"):
        raise NotApplicable("a partner writes to it, and it has no policy of yours")
    rules = f"arn:{bus.partition}:events:{bus.region}:{bus.account}:rule/"
    own = f"{rules}*" if bus.name == "default" else f"{rules}{bus.name}/*"

    return Shared(bus.policy, f"the event bus {bus.name}", bus.arn, EventBus.type, also=(own,))
