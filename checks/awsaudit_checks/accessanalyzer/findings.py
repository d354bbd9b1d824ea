from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.accessanalyzer import EXTERNAL, Analyzer


@check(
    "accessanalyzer-findings",
    title="No active external-access findings",
    severity=Severity.MEDIUM,
    equivalents=("prowler:accessanalyzer_enabled_without_findings",),
    remediation=Remediation(
        text="Take the access away, or archive what is meant to be, best by a rule that says why.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings-remediate.html",
    ),
)
def findings(analyzer: Analyzer) -> Iterator[Problem]:
    """
    AWS's own analyzer says that somebody outside of the zone of trust gets at these. Roles of IAM Identity Center, which
    the organization's provider of identities assumes by design, are info; what the checks of policies judge themselves
    they tell with a witness besides.
    """
    if analyzer.kind not in EXTERNAL or analyzer.status != "ACTIVE":
        raise NotApplicable("not an active analyzer of access from outside")
    for resource in dict.fromkeys(each.resource for each in analyzer.external):
        by_design = "/aws-reserved/sso.amazonaws.com/" in resource
        yield Problem(
            f"outsiders get at {resource}",
            expected="no active finding",
            found=resource,
            sub_key=resource,
            severity=Severity.INFO if by_design else None,
        )
