"""Roles, users, groups and policies in short."""

from awsaudit.resources.iam import GROUPS, POLICIES, ROLES, USERS, Group, ManagedPolicy, Role, User
from awsaudit.resources.lambda_ import FUNCTIONS, Function
from awsaudit.resources.organizations import (
    CONTENT,
    ORGANIZATION,
    PLACE,
    SERVICE_CONTROL,
    TARGETS,
    Organization,
    OrganizationPlace,
    ServiceControlPolicy,
)
from awsaudit.testing import ACCOUNT, fake, run_check, statuses


ARN = f"arn:aws:iam::{ACCOUNT}"
ADMINISTRATOR = f"{ARN}:policy/everything"


def allow(action, resource="*", /, **conditions):
    """Return a statement that allows something, under conditions given as operator={key: value}."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": conditions} if conditions else statement


def deny(action, resource="*", /, **conditions):
    """Return one that denies it."""
    return {**allow(action, resource, **conditions), "Effect": "Deny"}


def document(*statements):
    """Return the policy with *statements*."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trusting(*services):
    """Return a trust policy for services; for the account without any."""
    principal = {"Service": [f"{name}.amazonaws.com" for name in services]} if services else {"AWS": ACCOUNT}
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def _details(kind, name, statements, attached, more):
    inline = [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else []
    return {
        "Arn": f"{ARN}:{kind.lower()}{more.get('Path', '/')}{name}",
        f"{kind}Name": name,
        "Path": "/",
        f"{kind}PolicyList": inline,
        "AttachedManagedPolicies": [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in attached],
        **more,
    }


def boundary(arn):
    """Return what makes the policy with *arn* a role's or user's boundary."""
    return {"PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}}


def role(name, *statements, trust=None, attached=(), **more):
    """Return a role with an inline policy of *statements*."""
    details = _details("Role", name, statements, attached, more)
    profiles = [{"Arn": f"{ARN}:instance-profile/{name}"}] if more.pop("profile", True) else []
    return fake(
        Role, {ROLES: {"AssumeRolePolicyDocument": trust or trusting(), "InstanceProfileList": profiles, **details}}
    )


def user(name, *statements, groups=(), attached=(), **more):
    """Return a user with an inline policy of *statements*."""
    return fake(User, {USERS: {"GroupList": list(groups), **_details("User", name, statements, attached, more)}})


def group(name, *statements, attached=(), **more):
    """Return a group with an inline policy of *statements*."""
    return fake(Group, {GROUPS: _details("Group", name, statements, attached, more)})


def policy(name, *statements, attachments=1, older=(), arn=None, **more):
    """Return a managed policy with *statements*, and older versions that are not in force."""
    versions = [{"VersionId": "v9", "IsDefaultVersion": True, "Document": document(*statements)}]
    versions += [
        {
            "VersionId": f"v{number}",
            "IsDefaultVersion": False,
            "Document": document(*(s if isinstance(s, tuple) else (s,))),
        }
        for number, s in enumerate(older, 1)
    ]
    found = {"Arn": arn or f"{ARN}:policy/{name}", "DefaultVersionId": "v9", "PolicyVersionList": versions}
    return fake(ManagedPolicy, {POLICIES: {**found, "AttachmentCount": attachments, **more}})


def function(name, role_name):
    """Return a function that acts as a role."""
    arn = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}"
    return fake(Function, {FUNCTIONS: {"FunctionArn": arn, "FunctionName": name, "Role": f"{ARN}:role/{role_name}"}})


def controls(*statements):
    """Return an organization with a service control policy of *statements*, next to one that allows all."""
    own, root = ACCOUNT, "r-1"
    listed = {"Id": "p-own", "Name": "fence", "Arn": "arn:aws:organizations::444455556666:policy/o-exampleorgid/p-own"}
    calls = {CONTENT: document(allow("*"), *statements), TARGETS: [{"TargetId": root}, {"TargetId": own}]}
    return (
        fake(Organization, {ORGANIZATION: {"Id": "o-exampleorgid", "MasterAccountId": "444455556666"}}),
        fake(OrganizationPlace, {PLACE: {"Id": own, "Paths": [f"o-exampleorgid/{root}/{own}/"]}}),
        fake(ServiceControlPolicy, {SERVICE_CONTROL: listed, **calls}),
    )


def verdict(check, *things, **more):
    """Return the one verdict of *check* on the first of *things*, with the others around."""
    (status,) = set(statuses(run_check(check, *things, **more)))
    return status


everything = policy("everything", allow("*"))
