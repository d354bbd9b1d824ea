"""
The ways in which rights over IAM, or over what acts as a role, become more rights.

Each is a set of actions with the sort of thing that they need; whether the thing is there is for `escalation` to see.
"""

from __future__ import annotations

import enum

from typing import Final

from attrs import frozen


class Target(enum.Enum):
    """What a recipe needs."""

    USER_ITSELF = "the user itself"
    ROLE_ITSELF = "the role itself, or one that it may assume"
    OWN_GROUP = "a group of the user"
    OTHER_GROUP = "a group that the user is not in"
    POLICY = "a policy that the principal has, or a role that it may assume"
    OLD_VERSION = "a version of such a policy that allows more"
    OTHER_USER = "another user"
    OTHER_ROLE = "another role"
    BOUNDED = "the principal itself, with a permissions boundary"
    NEW_ROLE = "a role that is made"
    NEW_USER = "a user that is made"
    PASSED = "a role that trusts a service"
    FUNCTION = "a function that acts as a role"


@frozen
class Recipe:
    """
    A way to more rights.

    Args:
        id: What the way is called, for good.

        target: What it needs.

        actions: What has to be allowed on the target.

        does: What is done with it, in words; ``{}`` stands for the target.

        service: The service that the role is passed to; empty where none is.

        starts: Sets of actions one of which has to be allowed too, whole: on what is made, else anywhere.

        partly: What is not known where some of *actions* are allowed only; empty where all are needed.
    """

    id: str
    target: Target
    actions: tuple[str, ...]
    does: str
    service: str = ""
    starts: tuple[tuple[str, ...], ...] = ()
    partly: str = ""


_POLICIES: Final = (
    Recipe("create-policy-version", Target.POLICY, ("iam:CreatePolicyVersion",), "rewrite {}"),
    Recipe("set-default-policy-version", Target.OLD_VERSION, ("iam:SetDefaultPolicyVersion",), "put back {}"),
    Recipe("put-user-policy", Target.USER_ITSELF, ("iam:PutUserPolicy",), "write a policy for {}"),
    Recipe("attach-user-policy", Target.USER_ITSELF, ("iam:AttachUserPolicy",), "attach any policy to {}"),
    Recipe("put-role-policy", Target.ROLE_ITSELF, ("iam:PutRolePolicy",), "write a policy for {}"),
    Recipe("attach-role-policy", Target.ROLE_ITSELF, ("iam:AttachRolePolicy",), "attach any policy to {}"),
    Recipe("put-group-policy", Target.OWN_GROUP, ("iam:PutGroupPolicy",), "write a policy for {}"),
    Recipe("attach-group-policy", Target.OWN_GROUP, ("iam:AttachGroupPolicy",), "attach any policy to {}"),
    Recipe("delete-user-boundary", Target.BOUNDED, ("iam:DeleteUserPermissionsBoundary",), "take the boundary from {}"),
    Recipe("delete-role-boundary", Target.BOUNDED, ("iam:DeleteRolePermissionsBoundary",), "take the boundary from {}"),
)
_PRINCIPALS: Final = (
    Recipe("add-user-to-group", Target.OTHER_GROUP, ("iam:AddUserToGroup",), "join {}"),
    Recipe("create-access-key", Target.OTHER_USER, ("iam:CreateAccessKey",), "make an access key of {}"),
    # Which of the two a user needs hangs on whether it has a password, which IAM's own list does not tell.
    Recipe(
        "set-password", Target.OTHER_USER, ("iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
        "set the password of {}", partly="whether it has a password already is not known",
    ),
    Recipe("update-assume-role-policy", Target.OTHER_ROLE, ("iam:UpdateAssumeRolePolicy",), "let itself assume {}"),
    Recipe(
        "create-role", Target.NEW_ROLE, ("iam:CreateRole",), "make {} that it may assume, and give it any policy",
        starts=(("iam:AttachRolePolicy",), ("iam:PutRolePolicy",)),
    ),
    Recipe(
        "create-user", Target.NEW_USER, ("iam:CreateUser", "iam:CreateAccessKey"), "make {}, and give it any policy",
        starts=(("iam:AttachUserPolicy",), ("iam:PutUserPolicy",)),
    ),
)  # fmt: skip


def _passed(id_: str, service: str, does: str, *starts: tuple[str, ...]) -> Recipe:
    return Recipe(f"pass-role-{id_}", Target.PASSED, ("iam:PassRole",), does, f"{service}.amazonaws.com", starts)


# Which service takes a role by which action: the service authorization reference, column "dependent actions".
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_PASSED: Final = (
    _passed(
        "lambda", "lambda", "run a function as {}",
        ("lambda:CreateFunction", "lambda:InvokeFunction"),
        ("lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
        ("lambda:CreateFunction", "lambda:AddPermission"),
        ("lambda:CreateFunction", "lambda:CreateFunctionUrlConfig", "lambda:InvokeFunctionUrl"),
    ),
    _passed("ec2", "ec2", "start an instance with {}", ("ec2:RunInstances",)),
    _passed(
        "ecs", "ecs-tasks", "run a task as {}",
        ("ecs:RegisterTaskDefinition", "ecs:RunTask"),
        ("ecs:RegisterTaskDefinition", "ecs:CreateService"),
    ),
    _passed(
        "cloudformation", "cloudformation", "create a stack as {}",
        ("cloudformation:CreateStack",),
        ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    ),
    _passed(
        "codebuild", "codebuild", "run a build as {}",
        ("codebuild:CreateProject", "codebuild:StartBuild"),
        ("codebuild:CreateProject", "codebuild:StartBuildBatch"),
    ),
    # A pipeline runs as soon as it is made.
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create.html
    _passed("codepipeline", "codepipeline", "run a pipeline as {}", ("codepipeline:CreatePipeline",)),
    _passed(
        "glue", "glue", "run a job as {}",
        ("glue:CreateJob", "glue:StartJobRun"),
        ("glue:CreateJob", "glue:CreateTrigger"),
        ("glue:CreateSession", "glue:RunStatement"),
        ("glue:CreateDevEndpoint",),
    ),
    _passed(
        "sagemaker", "sagemaker", "run code in SageMaker as {}",
        ("sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
        ("sagemaker:CreateTrainingJob",),
        ("sagemaker:CreateProcessingJob",),
    ),
    _passed("ssm", "ssm", "run an automation as {}", ("ssm:CreateDocument", "ssm:StartAutomationExecution")),
    _passed(
        "states", "states", "run a state machine as {}",
        ("states:CreateStateMachine", "states:StartExecution"),
        ("states:TestState",),
    ),
    # A target of a schedule may be almost any call to AWS.
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
    _passed("scheduler", "scheduler", "schedule calls to AWS as {}", ("scheduler:CreateSchedule",)),
    _passed("apprunner", "tasks.apprunner", "run a service as {}", ("apprunner:CreateService",)),
    _passed(
        "eks", "pods.eks", "give pods the credentials of {}",
        ("eks:CreatePodIdentityAssociation",),
    ),
)  # fmt: skip

_FUNCTIONS: Final = (
    Recipe("update-function-code", Target.FUNCTION, ("lambda:UpdateFunctionCode",), "put code of its own into {}"),
    Recipe(
        "update-function-layers",
        Target.FUNCTION,
        ("lambda:UpdateFunctionConfiguration",),
        "put a layer of its own into {}",
    ),
)

RECIPES: Final = (*_POLICIES, *_PRINCIPALS, *_PASSED, *_FUNCTIONS)

TAKING_A_ROLE: Final = tuple(r for r in RECIPES if r.target is Target.PASSED)
"""Those that pass a role to a service."""

# What EC2 asks for besides the instance.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html
KINDS: Final = {
    "ec2:RunInstances": ("instance", "image", "network-interface", "security-group", "subnet", "volume"),
}
"""The kinds of resources, all of which an action needs, where it needs several."""
