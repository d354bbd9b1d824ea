"""
AWS Step Functions.

https://docs.aws.amazon.com/step-functions/latest/apireference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import secret_hits, text


LIST = Call("ListStateMachines", result="stateMachines[]")
# The definition may be encrypted with a customer's key: whoever asks for it has to be let decrypt it.
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
STATE_MACHINE = Call(
    "DescribeStateMachine",
    params={"stateMachineArn": "$stateMachineArn", "includedData": "METADATA_ONLY"},
    gone=("StateMachineDoesNotExist",),
)
DEFINITION = Call(
    "DescribeStateMachine", params={"stateMachineArn": "$stateMachineArn"}, gone=("StateMachineDoesNotExist",)
)


class StateMachine(Resource):
    """A state machine, standard or express."""

    service: ClassVar[str] = "stepfunctions"
    type: ClassVar[str] = "AWS::StepFunctions::StateMachine"
    listing: ClassVar[Call] = LIST

    arn = Fact(LIST, "stateMachineArn", text, "The state machine's ARN.")
    name = Fact(LIST, "name", text, "The state machine's name.")
    role_arn = Fact(STATE_MACHINE, "roleArn", text, "The role that it runs with.")
    secrets = Fact(DEFINITION, "definition", secret_hits, "Secrets in its definition.", sensitive=True)
