from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.lambda_ import EventSourceMapping


_SETTLED: Final = frozenset({"Enabled", "Disabled"})
_BY_HAND: Final = frozenset({"USER_INITIATED", "User action"})
_ENABLE: Final = "aws lambda update-event-source-mapping --region {region} --uuid {id} --enabled"


@check(
    "lambda-esm-state",
    title="Event source mappings are enabled and healthy",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Mend what the message names, mostly rights of the function's role, its network or the source itself; then enable "
        "the mapping.",
        cli=None,
        url="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html",
    ),
)
def esm_state(mapping: EventSourceMapping) -> Iterator[Problem | Note]:
    """
    A mapping that Lambda switched off, or whose last attempt failed, leaves events at their source until they expire. One
    that is enabled and had no problem passes. That somebody switched it off by hand is a remark; one on its way to another
    state is not judged.
    """
    if mapping.state not in _SETTLED:
        raise NotApplicable(f"it is {mapping.state.lower()}")
    result = mapping.last_result or ""
    if mapping.state == "Disabled" and mapping.state_reason in _BY_HAND:
        yield Note("somebody switched it off")
    elif mapping.state == "Disabled":
        yield Problem(
            f"it is off: {mapping.state_reason or 'AWS does not say why'}",
            expected="Enabled",
            found="Disabled",
            cli=_ENABLE,
        )
    elif result.upper().startswith("PROBLEM"):
        yield Problem(f"its last attempt to process events failed: {result}", expected="OK", found=result)
