import re

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.ec2.host import refuse_idle


_IDENTITY: Final = ("validator-keys", "validator-key-set", "key-set", "validator-id")
_STANDING: Final = ("state", "status", "mode", "role")
_WAITING: Final = frozenset({"standby", "cold", "passive"})
_NO: Final = frozenset({"false", "no", "0", "off"})


@check(
    "ec2-node-double-sign-risk",
    title="A validator key set is not active on two hosts",
    severity=Severity.HIGH,
    uses=(Instance.id, Instance.state, Instance.tags),
    remediation=Remediation(
        text="Stop one of the hosts now: a missed duty costs little, two signatures cost the stake. Move keys only with the "
        "database of the slashing protection, and tag what waits with standby=true.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html",
    ),
)
def node_double_sign_risk(instance: Instance, account: Inventory) -> Iterator[Problem]:
    """
    Two hosts that sign with the same validator keys sign two blocks for one slot sooner or later: the chain slashes the
    stake, and no backup brings it back. Key sets are told by the tags validator-keys, key-set or validator-id, in all
    regions; hosts tagged standby do not sign. A key set on one running host passes. Keys that no tag names are not judged.
    """
    keys = _keys(instance)
    if keys is None:
        raise NotApplicable("no tag tells whose keys it signs with")
    refuse_idle(instance)
    if _waits(instance):
        raise NotApplicable("its tags say that it stands by")
    signing = account.once("hosts by validator keys", lambda: _by_keys(account.seen(Instance)))
    others = [other for other in signing.get(keys, ()) if other.arn != instance.arn]
    if not others:
        account.every(Instance)
        return
    told = ", ".join(f"{other.id} in {other.region}" for other in others)
    yield Problem(
        f"it signs with the keys {keys}, and so does {told}",
        expected="one running host for each key set",
        found=f"{len(others) + 1} hosts",
        path=(
            Hop(instance.arn, Instance.type),
            Hop(keys, "key set", "its tag names the keys"),
            *(Hop(other.arn, Instance.type, "runs with the same keys", holds=False) for other in others),
        ),
    )


def _by_keys(instances: Iterable[Instance]) -> Mapping[str, list[Instance]]:
    """Return the running hosts that sign, by the keys that their tags name."""
    found: dict[str, list[Instance]] = {}
    for instance in instances:
        keys = _keys(instance)
        if keys and instance.state == "running" and not _waits(instance):
            found.setdefault(keys, []).append(instance)

    return found


def _keys(instance: Instance) -> str | None:
    tags = {key.lower(): value for key, value in instance.tags.items()}
    return next((tags[key] for key in _IDENTITY if tags.get(key)), None)


def _waits(instance: Instance) -> bool:
    tags = {key.lower(): value.lower() for key, value in instance.tags.items()}
    return tags.get("standby", "no") not in _NO or any(
        _WAITING & set(re.split(r"\W+", tags.get(key, ""))) for key in _STANDING
    )
