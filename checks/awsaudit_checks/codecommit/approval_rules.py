import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.codecommit import Repository, RepositoryApprovalTemplate
from awsaudit_checks.codecommit.branch import reference_of


_LONGEST: Final = 100
_PREFIX: Final = "one-approval-"


@check(
    "codecommit-approval-rules",
    title="Repositories require pull-request approval",
    severity=Severity.MEDIUM,
    uses=(RepositoryApprovalTemplate.name, RepositoryApprovalTemplate.rule),
    remediation=Remediation(
        text="Let an approval rule template ask for an approval of pull requests to the default branch. The command makes "
        "one that takes the approval of anybody but the author; name a pool of approvers in it where not everybody counts.",
        cli="aws codecommit create-approval-rule-template --region {region} --approval-rule-template-name {template} "
        "--approval-rule-template-content {content} && aws codecommit associate-approval-rule-template-with-repository "
        "--region {region} --approval-rule-template-name {template} --repository-name {name}",
        url="https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-create-template.html",
    ),
)
def approval_rules(repository: Repository, account: Inventory) -> Iterator[Problem]:
    """
    One person's mistake, or one stolen key, is in the release as soon as it is merged if nobody else has to look.
    Repositories pass with an approval rule template for all branches, or for the default one, that asks for an approval at
    least. Rules that authors put on single pull requests do not count: they can leave them out.
    """
    reference = reference_of(repository)
    if reference is None:
        raise NotApplicable("it has no default branch: nothing was pushed yet")
    templates = account.children(repository, RepositoryApprovalTemplate)
    asking = account.those_of(templates, lambda template: template.rule.approvals > 0)
    if any(not t.rule.references or reference in t.rule.references for t in asking):
        return
    wild = next((r for t in asking for r in t.rule.references if "*" in r), None)
    if wild:
        raise Undecided(f"whether the approval rule for {wild} is about {reference} is not documented")
    others = ", ".join(t.name for t in asking)
    yield Problem(
        f"pull requests to {repository.default_branch} need no approval"
        + (f": {others} asks for one on other branches" if others else ""),
        expected="an approval rule template",
        found=others or "none",
        fill={"template": f"{_PREFIX}{repository.name}"[:_LONGEST], "content": _content(reference)},
    )


def _content(reference: str) -> str:
    statement = {"Type": "Approvers", "NumberOfApprovalsNeeded": 1}
    template = {"Version": "2018-11-08", "DestinationReferences": [reference], "Statements": [statement]}

    return json.dumps(template, separators=(",", ":"))
