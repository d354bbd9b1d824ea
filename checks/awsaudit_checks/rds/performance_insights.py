from collections.abc import Iterator
from typing import Final

from awsaudit import Note, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBInstance
from awsaudit_checks.rds.member import INSTANCE, changed
from awsaudit_checks.rds.offer import refuse_unoffered
from awsaudit_checks.rds.scope import refuse_custom, refuse_outside_scope


# Seven days of history cost nothing.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.cost.html
_ON: Final = "--enable-performance-insights --performance-insights-retention-period 7 --apply-immediately"


@check(
    "rds-performance-insights",
    title="Performance Insights is on",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Turn on Performance Insights, which Database Insights builds on; name a KMS key of yours before you do, where "
        "queries hold personal data, since the key cannot be changed afterwards.",
        cli=f"{INSTANCE} {_ON}",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Enabling.html",
    ),
)
def performance_insights(instance: DBInstance) -> Iterator[Problem | Note]:
    """
    When a database stands still the question is which query holds what, and afterwards nobody can tell any more.
    Performance Insights keeps that for a week at no cost. Members of clusters are judged one by one; classes and versions
    that AWS offers it not for are not judged.
    """
    refuse_outside_scope(instance)
    refuse_custom(instance)
    if instance.insights:
        if instance.insights_key_id is None:
            yield Note("AWS does not say which key encrypts what it keeps")
        return
    refuse_unoffered(instance, [offer.insights for offer in instance.offers], "Performance Insights")
    command, fill = changed(instance)
    yield Problem("Performance Insights is off", expected="on", found="off", fill=fill, cli=f"{command} {_ON}")
