from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.ecr import Repository
from awsaudit.resources.inspector import Scanning
from awsaudit.resources.lambda_ import Function


_ON: Final = frozenset({"ENABLED", "ENABLING"})
# Code is scanned only of functions whose packages are.
# https://docs.aws.amazon.com/inspector/latest/user/scanning-lambda.html
_CODE: Final = "aws inspector2 enable --region {region} --account-ids {account} --resource-types LAMBDA {kind}"


@check(
    "inspector-enabled",
    title="Inspector scans EC2, ECR and Lambda",
    severity=Severity.MEDIUM,
    uses=(Instance.id, Instance.state, Repository.arn, Function.arn),
    equivalents=("prowler:inspector2_is_enabled",),
    remediation=Remediation(
        text="Switch the scan on, in an organization from its delegated administrator for all accounts at once.",
        cli="aws inspector2 enable --region {region} --account-ids {account} --resource-types {kind}",
        url="https://docs.aws.amazon.com/inspector/latest/user/getting_started_tutorial.html",
    ),
)
def enabled(scanning: Scanning, account: Inventory) -> Iterator[Problem]:
    """
    A package with a known hole is found by those who exploit it; Inspector finds it on hosts, in images and in functions as
    soon as the hole is known. One finding a kind of scan, where the region has instances, repositories or functions. Scans
    of code repositories are not judged.
    """
    kinds = tuple(_present(scanning, account))
    if not kinds:
        raise NotApplicable("the region has no instances, repositories or functions")
    if scanning.error:
        raise Undecided(f"Inspector could not tell the account's status: {scanning.error}")
    for kind, what, state in kinds:
        if state not in _ON:
            yield Problem(
                f"Inspector does not scan {what}",
                expected="ENABLED",
                found=state or "not told",
                sub_key=kind,
                fill={"kind": kind},
                cli=_CODE if kind == "LAMBDA_CODE" else None,
            )


def _present(scanning: Scanning, account: Inventory) -> Iterator[tuple[str, str, str | None]]:
    """
    Yield Inspector's name, the name in words, and the state of each kind of scan that has something to scan in the region.

    Raises:
        EvidenceMissing: Nothing of a kind was seen, and not all could be listed.
    """
    region = scanning.region
    if account.first(Instance, lambda instance: instance.state != "terminated", region):
        yield "EC2", "instances", scanning.ec2
    if account.first(Repository, lambda _: True, region):
        yield "ECR", "images", scanning.ecr
    if account.first(Function, lambda _: True, region):
        yield "LAMBDA", "packages of functions", scanning.functions
        yield "LAMBDA_CODE", "the code of functions", scanning.function_code
