from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.ssm import Document
from awsaudit_checks.leak import leak


@check(
    "ssm-document-secrets",
    title="SSM documents hold no secrets",
    severity=Severity.HIGH,
    equivalents=("prowler:ssm_document_secrets",),
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may read the document has read it. Make a version that names a "
        "parameter instead, as {{ssm-secure:name}} or {{resolve:secretsmanager:name}}, make it the default, and "
        "delete the old versions.",
        cli=None,
        url="https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-version-control.html",
    ),
)
def document_secrets(document: Document) -> Iterator[Problem]:
    """
    Documents are read by everybody who may run commands or look at them, and are shared with other accounts. Their
    default version is judged, and the newest one, which is the next default. A value in the shape of a known credential
    fails; a random-looking value under a telling name is a guess and fails with lower severity. References pass.
    """
    default = dict.fromkeys(document.secrets)
    for hit in default:
        yield leak(hit, "its default version", Severity.MEDIUM)
    for hit in dict.fromkeys(document.newest_secrets):
        if hit not in default:
            yield leak(hit, "its newest version", Severity.MEDIUM)
