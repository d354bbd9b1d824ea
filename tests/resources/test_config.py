import pytest

from awsaudit.resources.config import RECORDER, RECORDING, Recording
from awsaudit.testing import call_faults, fake
from tests.test_collect import Session, collect


OWN = {"name": "default", "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True}}
SERVICE = {"name": "AWSConfigurationRecorderForSecurityHub", "servicePrincipal": "securityhub.amazonaws.com"}


def test_calls_exist():
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(Recording))


@pytest.mark.parametrize("recorders", [[OWN], [SERVICE, OWN]])
def test_reads_the_recorder_of_the_account(recorders):
    """
    Those that services made are passed over, whether or not AWS lists them.
    """
    session = Session()
    config = session.stub("config", "eu-west-1")
    config.add_response("describe_configuration_recorders", {"ConfigurationRecorders": recorders}, {})
    status = {"ConfigurationRecordersStatus": [{**SERVICE, "recording": False}, {"name": "default", "recording": True}]}
    config.add_response("describe_configuration_recorder_status", status, {})

    (found,) = collect(session, Recording).every(Recording)

    assert ("default", True, True, True) == (found.name, found.everything, found.identities, found.recording)


def test_a_region_without_a_recorder():
    """
    There is none where AWS lists none.
    """
    found = fake(Recording, {RECORDER: None, RECORDING: None})

    assert (None, False, (), False) == (found.name, found.everything, found.excluded, found.recording)
    assert "arn:aws:config:eu-west-1:111122223333:recorder" == found.arn
