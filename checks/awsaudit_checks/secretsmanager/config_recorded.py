import json

from collections.abc import Iterator
from typing import Any, Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.config import Recording
from awsaudit.resources.secretsmanager import Secret


_TYPE: Final = Secret.type
_BY_NAME: Final = "INCLUSION_BY_RESOURCE_TYPES"
_EXCEPT: Final = "EXCLUSION_BY_RESOURCE_TYPES"


@check(
    "secretsmanager-config-recorded",
    title="AWS Config records secrets",
    severity=Severity.LOW,
    uses=(Secret.arn,),
    remediation=Remediation(
        text="Let the recorder record secrets, too; the role and how often things are recorded stay as they are.",
        cli='aws configservice put-configuration-recorder --region {region} --configuration-recorder "$(aws configservice '
        "describe-configuration-recorders --region {region} --configuration-recorder-names {name} --query {recorder} "
        '--output json)"',
        url="https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html",
    ),
)
def config_recorded(recording: Recording, account: Inventory) -> Iterator[Problem]:
    """
    AWS Config keeps when a secret's rotation, key or policy was changed; its rules for secrets judge nothing that is not
    recorded. A recorder for everything passes, one that names secrets, and one that leaves out other types. Regions without
    secrets are not judged; config-recorder tells of those without a recorder that runs.
    """
    if not any(True for _ in account.seen(Secret, recording.region)) and not account.every(Secret, recording.region):
        raise NotApplicable("the region has no secrets")
    if recording.name is None or not recording.recording:
        raise NotApplicable("no recorder runs, which config-recorder tells of")
    if recording.everything or recording.strategy == "ALL_SUPPORTED_RESOURCE_TYPES":
        return
    left_out = _TYPE in recording.excluded if recording.strategy == _EXCEPT else _TYPE not in recording.included
    if left_out:
        yield Problem(
            f"the recorder {recording.name} does not record secrets",
            expected=_TYPE,
            found=f"all types but {', '.join(recording.excluded)}" if recording.strategy == _EXCEPT
            else ", ".join(recording.included) or "none",
            fill={"recorder": _recorder(recording)},
        )  # fmt: skip


def _recorder(recording: Recording) -> str:
    """Return the JMESPath expression of the recorder with secrets, out of the answer of DescribeConfigurationRecorders."""
    group: dict[str, Any] = {"allSupported": False, "includeGlobalResourceTypes": False}
    if recording.strategy == _EXCEPT:
        kept = [kind for kind in recording.excluded if kind != _TYPE]
        group |= {"exclusionByResourceTypes": {"resourceTypes": kept}, "recordingStrategy": {"useOnly": _EXCEPT}}
        if not kept:
            group = {"allSupported": True, "includeGlobalResourceTypes": recording.identities}
    else:
        kinds = [*recording.included, _TYPE]
        group |= {"resourceTypes": kinds, "recordingStrategy": {"useOnly": _BY_NAME}}
    mode = "recordingMode && {recordingMode: recordingMode} || `{}`"
    told = json.dumps(group, separators=(",", ":"))

    return f"ConfigurationRecorders[0].merge({{name: name, roleARN: roleARN, recordingGroup: `{told}`}}, {mode})"
