import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import INSTANCES, Instance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.kms.enclave_attestation import enclave_attestation
from tests.estate import OWN, allow, alone, key, role


PROFILE = f"arn:aws:iam::{OWN}:instance-profile/host"
MEASURE = "ab12" * 24


def instance(*, enclave=True, profile=PROFILE):
    item = {
        "InstanceId": "i-1",
        "EnclaveOptions": {"Enabled": enclave},
        "IamInstanceProfile": {"Arn": profile} if profile else None,
    }
    return fake(Instance, {INSTANCES: item})


def host(*statements, **more):
    return role("host", *statements, InstanceProfileList=[{"Arn": PROFILE}], **more)


def attested(name="ImageSha384", value=MEASURE, operator="StringEqualsIgnoreCase"):
    return allow("kms:Decrypt", Condition={operator: {f"kms:RecipientAttestation:{name}": value}})


def judge(holder, *others, of=None):
    return run_check(enclave_attestation, of or key("k-1"), holder, *(others or (instance(),)), *alone())


@pytest.mark.parametrize("name", ["ImageSha384", "PCR0", "PCR8", "NitroTPMPCR4"])
def test_an_attested_image_passes(name):
    """
    Each measure of what runs inside is good.
    """
    assert [Status.PASS] == statuses(judge(host(attested(name))))


def test_flags_a_key_that_opens_without_an_enclave():
    """
    Whoever is on the host asks with the same role.
    """
    [finding] = judge(host(allow("kms:Decrypt")))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "the host i-1 may kms:Decrypt without an enclave" in finding.message
    assert ["AWS::EC2::Instance", "AWS::IAM::Role", "AWS::KMS::Key"] == [hop.type for hop in finding.path]


def test_one_open_path_is_enough():
    """
    A statement of the key policy without the condition opens it beside one with it; so does a grant.
    """
    open_key = key("k-1", allow("kms:Decrypt", Principal={"AWS": f"arn:aws:iam::{OWN}:role/host"}))
    granted = {"GrantId": "g", "GranteePrincipal": f"arn:aws:iam::{OWN}:role/host", "Operations": ["Decrypt"]}

    assert [Status.FAIL] == statuses(judge(host(attested()), of=open_key))
    assert [Status.FAIL] == statuses(judge(host(attested()), of=key("k-1", grants=[granted])))


@pytest.mark.parametrize("operator", ["StringEqualsIfExists", "ForAllValues:StringEquals", "StringNotEquals"])
def test_conditions_that_an_absent_measure_meets_do_not_help(operator):
    """
    A request without attestation meets them.
    """
    assert [Status.FAIL] == statuses(judge(host(attested(operator=operator))))


def test_the_host_is_not_the_image():
    """
    PCR3 and PCR4 measure the host's role and id.
    """
    [finding] = judge(host(attested("PCR3")))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


def test_zeros_are_debug_mode():
    """
    An enclave in debug mode measures zeros, and shows its memory.
    """
    [finding] = judge(host(attested("PCR0", "0" * 96)))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)


@pytest.mark.parametrize(
    "others",
    [
        (instance(enclave=False),),
        (instance(profile=None),),
        (instance(profile=f"arn:aws:iam::{OWN}:instance-profile/x"),),
    ],
)
def test_does_not_apply_without_a_host(others):
    """
    No instance may run an enclave, or none with a role that may use the key.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(host(allow("kms:Decrypt")), *others))


def test_does_not_apply_to_keys_that_hosts_do_not_use():
    """
    A host that may only sign has nothing to attest; AWS's own keys are AWS's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(host(allow("kms:Sign"))))
    assert [Status.NOT_APPLICABLE] == statuses(judge(host(allow("kms:Decrypt")), of=key("k-1", manager="AWS")))


def test_unlisted_instances_are_unknown():
    """
    One of them may run an enclave.
    """
    findings = run_check(enclave_attestation, key("k-1"), host(allow("kms:Decrypt")), *alone(), unlisted=[Instance])

    assert [Status.UNKNOWN] == statuses(findings)
