from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.partition import home_region
from awsaudit.resources.config import Recording
from awsaudit_checks.health.place import FOOTPRINT, is_used


_START: Final = "aws configservice start-configuration-recorder --region {region} --configuration-recorder-name {name}"
# The role and how often things are recorded stay as they are.
_PUT: Final = (
    'aws configservice put-configuration-recorder --region {region} --configuration-recorder "$(aws configservice '
    'describe-configuration-recorders --region {region} --configuration-recorder-names {name} --query {all} --output json)"'
)
_EXCLUSION: Final = "EXCLUSION_BY_RESOURCE_TYPES"
# What an intruder changes first, and what the data is in.
_NEEDED: Final = (
    "AWS::IAM::", "AWS::S3::", "AWS::KMS::", "AWS::RDS::", "AWS::Lambda::", "AWS::EKS::", "AWS::ECS::",
    "AWS::EC2::SecurityGroup", "AWS::EC2::VPC",
)  # fmt: skip


@check(
    "config-recorder",
    title="AWS Config records all resources in every used region",
    severity=Severity.MEDIUM,
    uses=FOOTPRINT,
    equivalents=("prowler:config_recorder_all_regions_enabled",),
    remediation=Remediation(
        text="Set up AWS Config in every region in use, with a bucket to deliver to, all types of resources, and in one region "
        "those of IAM, too.",
        cli=None,
        url="https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html",
    ),
)
def recorder(recording: Recording, account: Inventory) -> Iterator[Problem]:
    """
    After an incident the question is what it looked like before, and AWS Config alone has kept that. A recorder of the
    account has to record all types in each region that is in use; one that leaves out types passes unless those are of IAM,
    networks, S3, KMS, RDS, Lambda, EKS or ECS. Users and roles, which have no region, are needed from one region only.
    Recorders that services of AWS made for themselves do not count.
    """
    if not is_used(recording.region, account):
        raise NotApplicable("nothing was found in the region")
    if recording.name is None:
        yield Problem("AWS Config has no recorder", expected="a recorder for everything", found="none")
        return
    if not recording.recording:
        yield Problem(f"the recorder {recording.name} is stopped", expected="recording", found="stopped", cli=_START)
    left_out = _left_out(recording)
    if left_out:
        yield Problem(
            f"the recorder {recording.name} leaves out {left_out}",
            expected="all types",
            found=f"without {left_out}",
            sub_key="types",
            fill={"all": _everything(identities=recording.identities)},
            cli=_PUT,
        )
    elif recording.recording and _tells_of_identities(recording, account):
        yield Problem(
            "no recorder of the account records users, groups, roles and policies of IAM",
            expected="recorded in one region",
            found="in none",
            sub_key="identities",
            fill={"all": _everything(identities=True)},
            cli=_PUT,
        )


def _left_out(recording: Recording) -> str:
    """Return what is not recorded, in words; empty for nothing that matters."""
    if recording.everything or recording.strategy == "ALL_SUPPORTED_RESOURCE_TYPES":
        return ""
    if recording.strategy != _EXCLUSION:
        return "all types but those that it names"

    return ", ".join(kind for kind in recording.excluded if kind.startswith(_NEEDED))


def _tells_of_identities(recording: Recording, account: Inventory) -> bool:
    """Tell whether no recorder has identities, and *recording* is the one to say so: one for the whole account does."""
    if account.first(Recording, _has_identities):
        return False
    home = home_region(account.target.partition, "iam")
    there = [
        each for each in account.every(Recording) if each.name and each.recording and is_used(each.region, account)
    ]

    return min(there, key=lambda each: (each.region != home, each.region)).region == recording.region


def _has_identities(recording: Recording) -> bool:
    if not (recording.name and recording.recording):
        return False
    if recording.strategy == _EXCLUSION:
        return not any(kind.startswith("AWS::IAM::") for kind in recording.excluded)

    return recording.identities and not _left_out(recording)


def _everything(*, identities: bool) -> str:
    """Return the JMESPath expression of a recorder for everything."""
    group = f'`{{"allSupported":true,"includeGlobalResourceTypes":{str(identities).lower()}}}`'
    mode = "recordingMode && {recordingMode: recordingMode} || `{}`"

    return f"ConfigurationRecorders[0].merge({{name: name, roleARN: roleARN, recordingGroup: {group}}}, {mode})"
