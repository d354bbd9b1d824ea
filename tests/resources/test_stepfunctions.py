from awsaudit.declare import iam_actions
from awsaudit.resources.stepfunctions import LIST, STATE_MACHINE, StateMachine
from awsaudit.testing import fake


def test_state_machine_is_read():
    """
    Its role is in the details, which are asked for without the definition; IAM calls the service states.
    """
    arn = "arn:aws:states:eu-west-1:111122223333:stateMachine:payout"
    role = "arn:aws:iam::111122223333:role/payout"
    machine = fake(StateMachine, {LIST: {"stateMachineArn": arn, "name": "payout"}, STATE_MACHINE: {"roleArn": role}})

    assert (arn, "payout", role) == (machine.arn, machine.name, machine.role_arn)
    assert "METADATA_ONLY" == STATE_MACHINE.params["includedData"]
    assert ("states:DescribeStateMachine",) == iam_actions("stepfunctions", STATE_MACHINE)
