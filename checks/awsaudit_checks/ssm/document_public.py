from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.ssm import Document


@check(
    "ssm-document-public",
    title="SSM documents are not public",
    severity=Severity.CRITICAL,
    equivalents=("prowler:ssm_documents_set_as_public",),
    remediation=Remediation(
        text="Share the document with the accounts that use it, and block public sharing for the account in each region.",
        cli="aws ssm modify-document-permission --region {region} --name {name} --permission-type Share "
        "--account-ids-to-remove all",
        url="https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html",
    ),
)
def document_public(document: Document) -> Iterator[Problem]:
    """
    A document that is shared with everybody shows every AWS account how hosts are set up: users, paths, addresses, and
    whatever else stands in its scripts. Shared with no other account, or with some that are named, it passes.
    """
    if "all" in document.shared_with:
        yield Problem("every AWS account may use it", expected="accounts that are named", found="all")
