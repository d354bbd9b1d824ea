"""Gives a rule another pattern, and keeps everything else of it."""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.resources.events import Rule


REWRITING: Final = (Rule.arn, Rule.name, Rule.state, Rule.schedule, Rule.role_arn)
"""What `rewritten` looks at; for a check's uses=."""

# What put-rule is not told it forgets: the description is asked for as the command runs.
_PUT: Final = (
    "aws events put-rule --region {rule_region} --name {rule_name} --state {rule_state} --event-pattern {rule_pattern} "
    '--description "$(aws events describe-rule --region {rule_region} --name {rule_name} --query "Description || \'\'" '
    '--output text)"'
)
_SCHEDULE: Final = " --schedule-expression {rule_schedule}"
_ROLE: Final = " --role-arn {rule_role}"


def rewritten(rule: Rule, pattern: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the command that gives *rule*, one on the default bus, the *pattern*, with its values."""
    fill = {
        "rule_region": rule.region,
        "rule_name": rule.name,
        "rule_state": rule.state,
        "rule_pattern": json.dumps(pattern, separators=(",", ":")),
    }
    command = _PUT
    for part, name, value in ((_SCHEDULE, "rule_schedule", rule.schedule), (_ROLE, "rule_role", rule.role_arn)):
        if value:
            command, fill[name] = command + part, value

    return command, fill
