from collections.abc import Iterator
from typing import Final

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project
from awsaudit_checks.codebuild.change import change
from awsaudit_checks.codebuild.source import key_of, sources_of, word_of


_ON: Final = "{insecureSsl: `false`}"
_OTHERS: Final = change("secondary-sources", f"projects[0].secondarySources[].merge(@, {_ON})")


@check(
    "codebuild-insecure-ssl",
    title="TLS to the source is verified",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Verify the certificate; where it is of an authority of your own, give its certificate to the project.",
        cli=change("source", f"merge(projects[0].source, {_ON})"),
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/sample-github-enterprise.html",
    ),
)
def insecure_ssl(project: Project) -> Iterator[Problem]:
    """
    Where the certificate of the repository's host is not verified, whoever sits in between hands the build other sources,
    and takes the credential that they are read with. AWS means it for tests alone.
    """
    for source in sources_of(project):
        if source.insecure_ssl:
            yield Problem(
                f"the certificate of the host of {word_of(source)} is not verified",
                expected="verified",
                found="insecureSsl",
                sub_key=key_of(source),
                cli=_OTHERS if source.identifier else None,
            )
