"""Roles, users, keys and secrets for tests of what is decided by policies."""

import json

from awsaudit.resources.ecr import LIST as REPOSITORIES
from awsaudit.resources.ecr import POLICY as REPOSITORY_POLICY
from awsaudit.resources.ecr import Repository
from awsaudit.resources.iam import GROUPS, POLICIES, ROLES, USERS, Group, ManagedPolicy, Role, User
from awsaudit.resources.kms import DESCRIBE, GRANTS, Key
from awsaudit.resources.kms import LIST as KEYS
from awsaudit.resources.kms import POLICY as KEY_POLICY
from awsaudit.resources.organizations import (
    ACCOUNTS,
    ORGANIZATION,
    PLACE,
    Organization,
    OrganizationAccount,
    OrganizationPlace,
)
from awsaudit.resources.secretsmanager import LIST as SECRETS
from awsaudit.resources.secretsmanager import OWN_POLICY, Secret
from awsaudit.testing import fake


OWN = "111122223333"
FOREIGN = "444455556666"


def allow(*actions, resource="*", **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def deny(*actions, resource="*", **more):
    return {**allow(*actions, resource=resource, **more), "Effect": "Deny"}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trusting(*services, **more):
    return document({"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole", **more})


GITHUB = "token.actions.githubusercontent.com"


def taking(subject, issuer=GITHUB, operator="StringEquals"):
    """Return a trust policy that takes tokens of *issuer* with *subject*, or with any if there is none."""
    condition = {operator: {f"{issuer}:sub": subject}} if subject else {}
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/{issuer}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {**condition, "StringEqualsIgnoreCase": {f"{issuer}:aud": "sts.amazonaws.com"}},
        }
    )


def _held(name, inline, attached):
    return {
        "AttachedManagedPolicies": [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in attached],
        "inline": [{"PolicyName": f"{name}-{n}", "PolicyDocument": document(s)} for n, s in enumerate(inline)],
    }


def role(name, *inline, trust=None, attached=(), boundary=None, path="/", **more):
    """Return a role with an inline policy for each statement, that EC2 assumes unless *trust* says otherwise."""
    held = _held(name, inline, attached)
    item = {
        "Arn": f"arn:aws:iam::{OWN}:role{path}{name}",
        "RoleName": name,
        "RoleId": f"AROA{name.upper().replace('-', ''):X<17.17}",
        "Path": path,
        "CreateDate": "2026-01-01T00:00:00+00:00",
        "AssumeRolePolicyDocument": trust or trusting("ec2.amazonaws.com"),
        "AttachedManagedPolicies": held["AttachedManagedPolicies"],
        "RolePolicyList": held["inline"],
        **({"PermissionsBoundary": {"PermissionsBoundaryArn": boundary}} if boundary else {}),
        **more,
    }
    return fake(Role, {ROLES: item})


def user(name, *inline, attached=(), groups=(), boundary=None, **more):
    """Return a user with an inline policy for each statement."""
    held = _held(name, inline, attached)
    item = {
        "Arn": f"arn:aws:iam::{OWN}:user/{name}",
        "UserName": name,
        "UserId": f"AIDA{name.upper():X<17.17}",
        "GroupList": list(groups),
        "AttachedManagedPolicies": held["AttachedManagedPolicies"],
        "UserPolicyList": held["inline"],
        **({"PermissionsBoundary": {"PermissionsBoundaryArn": boundary}} if boundary else {}),
        **more,
    }
    return fake(User, {USERS: item})


def group(name, *inline, attached=()):
    """Return a group with an inline policy for each statement."""
    held = _held(name, inline, attached)
    item = {
        "Arn": f"arn:aws:iam::{OWN}:group/{name}",
        "GroupName": name,
        "GroupId": "AGPAEXAMPLEGROUP",
        "AttachedManagedPolicies": held["AttachedManagedPolicies"],
        "GroupPolicyList": held["inline"],
    }
    return fake(Group, {GROUPS: item})


def managed(arn, *statements, attachments=1):
    """Return a managed policy."""
    versions = [{"IsDefaultVersion": True, "Document": document(*statements)}]
    item = {"Arn": arn, "PolicyVersionList": versions, "AttachmentCount": attachments, "DefaultVersionId": "v1"}
    return fake(ManagedPolicy, {POLICIES: item})


def alone():
    """Return what is read of an account that is in no organization."""
    return (fake(Organization, {ORGANIZATION: None}), fake(OrganizationPlace, {PLACE: None}))


def member_of(organization, *accounts):
    """Return what is read of an account in *organization*, whose accounts are *accounts* besides."""
    found = {"Id": organization, "MasterAccountId": accounts[0] if accounts else OWN}
    listed = [
        fake(
            OrganizationAccount,
            {ACCOUNTS: {"Id": id_, "Arn": f"arn:aws:organizations::{OWN}:account/x/{id_}", "Name": id_}},
        )
        for id_ in (OWN, *accounts)
    ]
    return (fake(Organization, {ORGANIZATION: found}), fake(OrganizationPlace, {PLACE: None}), *listed)


def key(id_, *statements, grants=(), state="Enabled", manager="CUSTOMER", usage="ENCRYPT_DECRYPT", **more):
    """Return a key with a policy; by default the one that delegates to the account."""
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN}:root"}, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps(document(*(statements or (root,))))
    own = manager == "CUSTOMER"
    return fake(
        Key,
        {
            KEYS: {"KeyId": id_, "KeyArn": f"arn:aws:kms:eu-west-1:{OWN}:key/{id_}"},
            DESCRIBE: {
                "KeyManager": manager,
                "KeyState": state,
                "KeyUsage": usage,
                "KeySpec": "SYMMETRIC_DEFAULT",
                **more,
            },
            KEY_POLICY: {"Policy": policy} if own else None,
            GRANTS: list(grants) if own else None,
        },
    )


def secret(name, *statements, key_id=None, **more):
    """Return a secret, with a resource policy if there are statements for one."""
    item = {
        "ARN": f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret:{name}-AbCdEf",
        "Name": name,
        "CreatedDate": "2026-01-01T00:00:00+00:00",
        **({"KmsKeyId": key_id} if key_id else {}),
        **more,
    }
    policy = {"ResourcePolicy": json.dumps(document(*statements))} if statements else {}
    return fake(Secret, {SECRETS: item, OWN_POLICY: policy})


def repository(name, *statements, **more):
    """Return an image repository, with a resource policy if there are statements for one."""
    item = {
        "repositoryName": name,
        "repositoryArn": f"arn:aws:ecr:eu-west-1:{OWN}:repository/{name}",
        "repositoryUri": f"{OWN}.dkr.ecr.eu-west-1.amazonaws.com/{name}",
        **more,
    }
    policy = {"policyText": json.dumps(document(*statements))} if statements else None
    return fake(Repository, {REPOSITORIES: item, REPOSITORY_POLICY: policy})
