from awsaudit.resources.dlm import POLICIES, POLICY, LifecyclePolicy
from awsaudit.testing import call_faults, fake
from tests.test_collect import Session, collect


def test_details_are_read_of_policies_that_are_on():
    """
    Others take no snapshots.
    """
    session = Session()
    stub = session.stub("dlm")
    listed = [{"PolicyId": "policy-on", "State": "ENABLED"}, {"PolicyId": "policy-off", "State": "DISABLED"}]
    details = {"ResourceTypes": ["VOLUME"], "TargetTags": [{"Key": "backup", "Value": "daily"}]}
    stub.add_response("get_lifecycle_policies", {"Policies": listed}, {})
    stub.add_response("get_lifecycle_policy", {"Policy": {"PolicyDetails": details}}, {"PolicyId": "policy-on"})

    on, off = collect(session, LifecyclePolicy).every(LifecyclePolicy)

    assert (("VOLUME",), {("backup", "daily")}) == (on.resources, on.target_tags)
    assert ((), frozenset()) == (off.resources, off.target_tags)
    assert "arn:aws:dlm:eu-west-1:111122223333:policy/policy-on" == on.arn


def test_what_is_left_out_is_read():
    """
    Of policies with parameters and of default ones.
    """
    scratch = [{"Key": "scratch", "Value": "true"}]
    custom = {"Parameters": {"ExcludeBootVolume": True, "ExcludeDataVolumeTags": scratch}}
    default = {
        "ResourceType": "VOLUME",
        "Exclusions": {"ExcludeBootVolumes": True, "ExcludeTags": scratch, "ExcludeVolumeTypes": ["st1"]},
    }
    found = [fake(LifecyclePolicy, {POLICIES: {}, POLICY: details}) for details in (custom, default)]

    assert [True, True] == [each.without_boot for each in found]
    assert [{("scratch", "true")}] * 2 == [each.without_tags for each in found]
    assert [(), ("st1",)] == [each.without_kinds for each in found]
    assert ("VOLUME",) == found[1].resources


def test_the_calls_exist():
    """
    Operations, parameters and results, in botocore's service model.
    """
    assert [] == list(call_faults(LifecyclePolicy))
