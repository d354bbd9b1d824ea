from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, zone_of
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.codecommit import Repository, Trigger


@check(
    "codecommit-trigger-cross-account",
    title="Triggers notify own targets",
    severity=Severity.MEDIUM,
    uses=ZONE,
    remediation=Remediation(
        text="Take the trigger away, or name the account of its target under [trust] accounts if it is yours. The command "
        "puts back all triggers but those to this target.",
        cli="aws codecommit put-repository-triggers --region {region} --repository-name {name} --triggers "
        '"$(aws codecommit get-repository-triggers --region {region} --repository-name {name} --query {others} '
        '--output json)"',
        url="https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-notify-delete.html",
    ),
)
def trigger_cross_account(repository: Repository, account: Inventory) -> Iterator[Problem | Note]:
    """
    A trigger tells its topic or function of every push: who pushed what, to which branch, with the data that its owner added.
    A function of another account learns when to look, and one that was forgotten is never missed. Targets pass in the
    account itself, in its organization, and in accounts under ``[trust]``.
    """
    if not repository.triggers:
        raise NotApplicable("it has no triggers")
    zone = zone_of(account)
    strangers = [trigger for trigger in repository.triggers if _owner(trigger) not in zone.accounts]
    if strangers and zone.unseen:
        raise EvidenceMissing(zone.unseen)
    for arn in dict.fromkeys(trigger.destination_arn for trigger in strangers):
        told = [trigger for trigger in strangers if trigger.destination_arn == arn]
        yield _problem(repository, told)


def _owner(trigger: Trigger) -> str:
    return (trigger.destination_arn.split(":") + [""] * 5)[4]


def _problem(repository: Repository, triggers: list[Trigger]) -> Problem:
    arn, names = triggers[0].destination_arn, ", ".join(trigger.name for trigger in triggers)
    owner = _owner(triggers[0])
    kind = "AWS::Lambda::Function" if arn.split(":")[2:3] == ["lambda"] else "AWS::SNS::Topic"
    return Problem(
        f"the trigger {names} tells {arn}, of the account {owner}",
        expected="known accounts only",
        found=owner,
        sub_key=arn,
        # An ARN of a topic or function holds no quote, which would end the literal.
        fill={} if "'" in arn else {"others": f"triggers[?destinationArn!='{arn}']"},
        path=(
            Hop(repository.arn, Repository.type),
            Hop(arn, kind, f"the trigger {names}, to the account {owner}", holds=False),
        ),
    )
