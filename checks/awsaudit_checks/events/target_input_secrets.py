from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import Rule, Target


@check(
    "events-target-input-secrets",
    title="Target inputs carry no secrets",
    severity=Severity.HIGH,
    uses=(Target.id, Target.secrets),
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may list targets has read it. Keep the new one in Secrets "
        "Manager and let the target read it there; for an HTTP target put it into the connection of its API destination. "
        "Then put the target again without it.",
        cli=None,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html",
    ),
)
def target_input_secrets(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    Inputs, templates, headers and statements of targets are shown to everybody who may list targets, and stand in
    templates and state files. A value in the shape of a known credential fails; a random-looking value under a telling
    name is a guess and fails with lower severity. ARNs and names of secrets and parameters pass, as do paths into the
    event.
    """
    targets = account.children(rule, Target)
    if not targets:
        raise NotApplicable("the rule has no target")
    for target in targets:
        for hit in target.secrets:
            found = f"a {hit.detector}" if hit.typed else "what looks like a secret"
            yield Problem(
                f"target {target.id} holds {found} in {hit.name}: {hit.masked}",
                expected="a reference to a secret",
                found=hit.masked,
                sub_key=f"{target.id}/{hit.name}/{hit.detector}",
                severity=None if hit.typed else Severity.LOW,
            )
