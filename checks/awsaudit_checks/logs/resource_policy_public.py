import json

from collections.abc import Iterable, Iterator
from typing import Final

from awsaudit import Inventory, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import ZONE, Exposure, Level, Opening, exposure, zone_of
from awsaudit.access.policy import Form
from awsaudit.resources.logs import LogResourcePolicy
from awsaudit_checks.exposed import Mend, Shared, certain, policy_of, ways
from awsaudit_checks.repair import bound, closed


_PUT: Final = "aws logs put-resource-policy --region {region} --policy-name {name} --policy-document {new_policy}"
# Those that say for which account they write.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html
# https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
_TELLING: Final = frozenset({"delivery.logs.amazonaws.com", "route53.amazonaws.com", "es.amazonaws.com"})


@check(
    "logs-resource-policy-public",
    title="Log resource policies are not public",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Name the services that write logs, and bind each to your account by aws:SourceAccount, or to one resource by "
        "aws:SourceArn.",
        cli=_PUT,
        url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-identity-based-access-control-cwl.html",
    ),
    equivalents=("prowler:cloudwatch_log_group_not_publicly_accessible",),
)
def resource_policy_public(policy: LogResourcePolicy, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever may write to a log group can bury what happened under noise, or forge it, at your cost; with a subscription filter
    they read it. Statements pass that name a service, or are bound to your account, organization or one source. A service
    that says for whom it writes and is not bound is a lesser problem. Policies of the account are judged, not those of
    single log groups.
    """
    shared = Shared(policy.document, f"the policy {policy.name}", policy.arn, LogResourcePolicy.type)
    found = _exposure(shared, account)
    if found is None:
        return
    loose = [o for o in found.deputies if o.level is Level.PUBLIC]
    telling = [o for o in loose if _tells(o)]
    new = _mended(policy, found, telling)
    mend = Mend(lambda mended: {"new_policy": mended} if mended else {})
    yield from ways(shared, certain(found.public), mend, new, expected="named services, bound to the account")
    yield from ways(shared, telling, mend, new, expected="aws:SourceAccount or aws:SourceArn", severity=_lesser)
    for opening in loose:
        if opening not in telling:
            yield Note(f"{opening.statement.label} lets {opening.service} write on behalf of any account")


def _exposure(shared: Shared, account: Inventory) -> Exposure | None:
    document = policy_of(shared)
    if document is None:
        return None
    # It hangs on no log group: what its statements name is meant.
    found = exposure(document, owner=account.account, trusted=zone_of(account))
    if found.undecided:
        raise Undecided(found.undecided)

    return found


def _tells(opening: Opening) -> bool:
    """Tell whether all services that the statement names say for whom they write."""
    return all(named.form is Form.SERVICE and named.text in _TELLING for named in opening.statement.principals or ())


def _mended(policy: LogResourcePolicy, found: Exposure, telling: Iterable[Opening]) -> str | None:
    own = ("StringEquals", "aws:SourceAccount", policy.account)
    tied = bound(policy.document or {}, {opening.statement.number: own for opening in telling})

    return closed(json.loads(tied or "{}"), found.public, policy.account)


def _lesser(_: Opening) -> Severity:
    return Severity.LOW
