import json

import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.iam import ManagedPolicy
from awsaudit.resources.lambda_ import Function
from awsaudit.resources.organizations import ServiceControlPolicy
from awsaudit.testing import fake_inventory, run_check, statuses
from awsaudit_checks.iam.policy_privilege_escalation import policy_privilege_escalation
from awsaudit_checks.iam.recipe import RECIPES, Target
from tests.checks.iam.people import (
    ADMINISTRATOR,
    ARN,
    allow,
    boundary,
    controls,
    deny,
    everything,
    function,
    group,
    policy,
    role,
    trusting,
    user,
    verdict,
)
from tests.checks.policies import option


CHECK = policy_privilege_escalation
PASSED = tuple(recipe for recipe in RECIPES if recipe.target is Target.PASSED)
LAMBDA = allow(["lambda:CreateFunction", "lambda:InvokeFunction"])


def admin(name="root-like", **more):
    """Return a role that may do everything."""
    return role(name, attached=[ADMINISTRATOR], **more)


def worker(*services, name="worker"):
    """Return a role that may do everything and that services may assume."""
    return admin(name, trust=trusting(*services))


def ways(holder, *others, **more):
    """Return the ways by which *holder* gets more rights."""
    findings = run_check(CHECK, holder, everything, *others, **more)
    assert Status.UNKNOWN not in statuses(findings)
    return {f.sub_key for f in findings if f.status is Status.FAIL}


@pytest.mark.parametrize("recipe", PASSED, ids=lambda recipe: recipe.id)
def test_flags_a_role_passed_to_a_service_that_runs_something_with_it(recipe):
    """
    For each service: the role trusts it, may do more, and something can be started; each set of actions alone does.
    """
    service = recipe.service.removesuffix(".amazonaws.com")
    for actions in recipe.starts:
        holder = role("deploy", allow("iam:PassRole", f"{ARN}:role/worker"), allow(list(actions)))

        assert {recipe.id} == ways(holder, worker(service))


@pytest.mark.parametrize("recipe", PASSED, ids=lambda recipe: recipe.id)
def test_accepts_half_of_a_set(recipe):
    """
    Passing without starting, starting without passing, and each set but for its last action.
    """
    service = recipe.service.removesuffix(".amazonaws.com")
    passing = allow("iam:PassRole", f"{ARN}:role/worker")
    starting = allow([action for actions in recipe.starts for action in actions])

    assert set() == ways(role("deploy", passing), worker(service))
    assert set() == ways(role("deploy", starting), worker(service))
    firsts = {actions[:-1] for actions in recipe.starts if len(actions) > 1}
    wholes = set(recipe.starts)
    for actions in firsts - wholes:
        assert set() == ways(role("deploy", passing, allow(list(actions))), worker(service))


PASS_TO_LAMBDA = (allow("iam:PassRole"), LAMBDA)


@pytest.mark.parametrize(
    "statements",
    [
        [allow("iam:PassRole", f"{ARN}:role/other"), LAMBDA],
        [allow("iam:PassRole"), deny("iam:PassRole", f"{ARN}:role/worker"), LAMBDA],
        [allow("iam:PassRole", StringEquals={"iam:PassedToService": "ec2.amazonaws.com"}), LAMBDA],
        [allow("iam:PassRole", StringEquals={"iam:ResourceTag/passable": "yes"}), LAMBDA],
        [*PASS_TO_LAMBDA, deny("lambda:InvokeFunction")],
        [*PASS_TO_LAMBDA, deny("iam:*", StringNotEquals={"iam:PassedToService": "ecs-tasks.amazonaws.com"})],
        [
            allow("iam:PassRole"),
            allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "arn:aws:lambda:*:999999999999:*"),
        ],
        [
            allow("iam:PassRole"),
            allow("lambda:*", "arn:aws:lambda:*:*:function:app"),
            deny("lambda:*", "arn:aws:lambda:*:*:function:app"),
        ],
        [allow("iam:PassRole", ArnEquals={"aws:PrincipalArn": f"{ARN}:role/somebody-else"}), LAMBDA],
    ],
)
def test_accepts_what_resources_conditions_and_denials_leave(statements):
    """
    Action names alone are no way: the scope has to cover the role, and every part has to be allowed.
    """
    assert set() == ways(role("deploy", *statements), worker("lambda", name="worker"))


@pytest.mark.parametrize(
    "statements",
    [
        PASS_TO_LAMBDA,
        [allow("iam:Pass*", f"{ARN}:role/work*"), LAMBDA],
        [
            allow("iam:PassRole", StringEquals={"iam:PassedToService": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}),
            LAMBDA,
        ],
        [allow("iam:PassRole", StringEquals={"iam:ResourceTag/team": "x"}), LAMBDA],
        [allow("iam:PassRole", Bool={"aws:MultiFactorAuthPresent": "true"}), LAMBDA],
        [allow("iam:PassRole"), allow("lambda:*", "arn:aws:lambda:*:*:function:app-*")],
        [allow("iam:PassRole"), allow("lambda:*"), deny("lambda:*", "arn:aws:lambda:*:*:function:prod-*")],
        [
            allow("iam:PassRole"),
            allow("lambda:*"),
            deny("lambda:*", StringNotEquals={"aws:RequestedRegion": "eu-west-1"}),
        ],
        [{"Effect": "Allow", "NotAction": "iam:Create*", "Resource": "*"}, deny(["iam:A*", "iam:P*Policy", "sts:*"])],
    ],
)
def test_flags_what_is_left_all_the_same(statements):
    """
    Patterns, tags that the role has, circumstances that whoever asks can bring about, and a Deny beside the point.
    """
    tagged = role("worker", attached=[ADMINISTRATOR], trust=trusting("lambda"), Tags=[{"Key": "team", "Value": "x"}])

    assert "pass-role-lambda" in ways(role("deploy", *statements), tagged)


def test_needs_a_target_that_is_there_and_may_do_more():
    """
    No role that trusts the service, one that may do no more, one of AWS's own, one without an instance profile.
    """
    holder = role("deploy", *PASS_TO_LAMBDA, allow("ec2:RunInstances"))
    plain = role("app", allow("s3:GetObject", "arn:aws:s3:::app/*"), trust=trusting("lambda"))
    linked = admin("AWSServiceRoleForX", trust=trusting("lambda"), Path="/aws-service-role/lambda.amazonaws.com/")
    bare = admin("bare", trust=trusting("ec2"), profile=False)

    assert set() == ways(holder)
    assert set() == ways(holder, worker("ecs-tasks"))
    assert set() == ways(holder, plain, linked, bare)
    assert {"pass-role-ec2"} == ways(holder, admin("machine", trust=trusting("ec2")))


def test_more_rights_are_rights_over_anything():
    """
    A role that reads one secret is what deploying is about; one that reads all of them is a gain.
    """
    holder = role("deploy", *PASS_TO_LAMBDA)
    one = role(
        "app",
        allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:app-*"),
        trust=trusting("lambda"),
    )
    every = role("backup", allow("secretsmanager:GetSecretValue"), trust=trusting("lambda"))
    reader = role("reader", *PASS_TO_LAMBDA, allow("secretsmanager:GetSecretValue"))
    (finding,) = run_check(CHECK, holder, one, every)

    assert "it can run a function as the role backup, and gains secretsmanager:GetSecretValue" in finding.message
    assert set() == ways(reader, one, every)


PASSED_TO_LAMBDA = (
    "iam:PassRole: the inline policy own of deploy, statement 1; lambda.amazonaws.com may assume it: "
    "the trust policy of worker, statement 1"
)


def test_shows_the_path_and_takes_the_way():
    """
    Principal, what it starts, the role with its trust, what is gained; the command denies passing that role only.
    """
    holder = role("deploy", *PASS_TO_LAMBDA)
    target = worker("lambda")
    (finding,) = run_check(CHECK, holder, target, everything)
    denied = json.loads(option(finding.fix, "--policy-document"))["Statement"]

    assert (Status.FAIL, Severity.HIGH, "pass-role-lambda") == (finding.status, finding.severity, finding.sub_key)
    assert (
        "with iam:PassRole, lambda:CreateFunction, lambda:InvokeFunction it can run a function as the role worker, and gains "
        "every right" == finding.message
    )
    assert [
        (f"{ARN}:role/deploy", "AWS::IAM::Role", ""),
        ("lambda:CreateFunction, lambda:InvokeFunction", "action", "the inline policy own of deploy, statement 2"),
        (
            f"{ARN}:role/worker",
            "AWS::IAM::Role",
            PASSED_TO_LAMBDA,
        ),
        ("every right", "rights", "the policy everything, statement 1"),
    ] == [(hop.resource, hop.type, hop.by) for hop in finding.path]
    assert finding.fix.startswith("aws iam put-role-policy --role-name deploy --policy-name no-pass-role-lambda ")
    assert [deny(["iam:PassRole"], [f"{ARN}:role/worker"])] == denied
    assert set() == ways(role("deploy", *PASS_TO_LAMBDA, *denied), target)


OWN = f"{ARN}:policy/own"
DEVELOPERS = f"{ARN}:group/developers"
MIGHTY = user("boss", attached=[ADMINISTRATOR])


@pytest.mark.parametrize(
    ("way", "holder", "others"),
    [
        ("create-policy-version", role("ci", allow("iam:CreatePolicyVersion", OWN), attached=[OWN]), []),
        ("create-policy-version", user("ada", allow("iam:CreatePolicyVersion", OWN), attached=[OWN]), []),
        (
            "create-policy-version",
            user("ada", allow("iam:CreatePolicyVersion", OWN), groups=["developers"]),
            [group("developers", attached=[OWN])],
        ),
        (
            "create-policy-version",
            role("ci", allow("iam:CreatePolicyVersion", OWN), allow("sts:AssumeRole")),
            [role("app", attached=[OWN])],
        ),
        ("set-default-policy-version", role("ci", allow("iam:SetDefaultPolicyVersion", OWN), attached=[OWN]), []),
        ("put-user-policy", user("ada", allow("iam:PutUserPolicy", f"{ARN}:user/ada")), []),
        ("put-user-policy", user("ada", allow("iam:PutUserPolicy", f"{ARN}:user/${{aws:username}}")), []),
        ("attach-user-policy", user("ada", allow("iam:AttachUserPolicy")), []),
        ("put-role-policy", role("ci", allow("iam:PutRolePolicy", f"{ARN}:role/ci")), []),
        ("attach-role-policy", role("ci", allow("iam:AttachRolePolicy")), []),
        (
            "put-role-policy",
            user("ada", allow(["iam:PutRolePolicy", "sts:AssumeRole"], f"{ARN}:role/app")),
            [role("app")],
        ),
        (
            "put-group-policy",
            user("ada", allow("iam:PutGroupPolicy", DEVELOPERS), groups=["developers"]),
            [group("developers")],
        ),
        (
            "attach-group-policy",
            user("ada", allow("iam:AttachGroupPolicy"), groups=["developers"]),
            [group("developers")],
        ),
        ("add-user-to-group", user("ada", allow("iam:AddUserToGroup")), [group("bosses", attached=[ADMINISTRATOR])]),
        ("create-access-key", role("desk", allow("iam:CreateAccessKey")), [MIGHTY]),
        ("set-password", role("desk", allow("iam:*LoginProfile", f"{ARN}:user/boss")), [MIGHTY]),
        ("update-assume-role-policy", role("ci", allow("iam:UpdateAssumeRolePolicy")), [admin("boss")]),
        ("create-role", role("ci", allow(["iam:CreateRole", "iam:PutRolePolicy"], f"{ARN}:role/app-*")), []),
        ("create-user", role("ci", allow(["iam:CreateUser", "iam:CreateAccessKey", "iam:AttachUserPolicy"])), []),
        (
            "update-function-code",
            role("ci", allow("lambda:UpdateFunctionCode")),
            [worker("lambda"), function("job", "worker")],
        ),
        (
            "update-function-layers",
            role("ci", allow("lambda:UpdateFunctionConfiguration", "arn:aws:lambda:eu-west-1:*:function:j*")),
            [worker("lambda"), function("job", "worker")],
        ),
    ],
)
def test_flags_ways_over_iam_and_functions(way, holder, others):
    """
    Each of the known ways alone, on a target that is there; the command's denial takes it, where there is one.
    """
    own = policy("own", allow("s3:GetObject"), older=[allow("*")])
    (finding,) = run_check(CHECK, holder, own, everything, *others)

    assert (Status.FAIL, way) == (finding.status, finding.sub_key)
    assert "gains every right" in finding.message
    if way in {"create-role", "create-user"}:
        assert finding.fix is None
        return
    denied = json.loads(option(finding.fix, "--policy-document"))["Statement"]
    make = user if "user" in finding.fix.split()[2] else role
    more = {"groups": holder.groups} if make is user else {}
    after = make(
        holder.name, *holder.inline[0].document["Statement"], *denied, attached=[a.arn for a in holder.attached], **more
    )
    assert set() == ways(after, own, *others)


@pytest.mark.parametrize(
    ("holder", "others"),
    [
        (role("ci", allow("iam:CreatePolicyVersion", OWN)), []),
        (role("ci", allow("iam:CreatePolicyVersion", f"{ARN}:policy/other"), attached=[OWN]), []),
        (role("ci", allow("iam:CreatePolicyVersion", OWN)), [role("app", attached=[OWN])]),
        (role("ci", allow("iam:SetDefaultPolicyVersion", OWN), attached=[OWN]), []),
        (role("ci", allow("iam:PutUserPolicy")), [user("ada")]),
        (user("ada", allow("iam:PutUserPolicy", f"{ARN}:user/bob")), [user("bob")]),
        (user("ada", allow("iam:PutUserPolicy", f"{ARN}:user/${{aws:username}}x")), []),
        (user("ada", allow("iam:AttachUserPolicy", ArnEquals={"iam:PolicyARN": OWN})), []),
        (role("ci", allow("iam:PutRolePolicy", f"{ARN}:role/app")), [role("app")]),
        (user("ada", allow("iam:PutGroupPolicy", DEVELOPERS)), [group("developers")]),
        (
            user("ada", allow("iam:AddUserToGroup", DEVELOPERS)),
            [group("bosses", attached=[ADMINISTRATOR]), group("developers")],
        ),
        (role("ci", allow("iam:AddUserToGroup")), [group("bosses", attached=[ADMINISTRATOR])]),
        (user("ada", allow("iam:CreateAccessKey", f"{ARN}:user/${{aws:username}}")), [MIGHTY]),
        (role("desk", allow("iam:CreateAccessKey")), [user("ada", allow("s3:GetObject", "arn:aws:s3:::a/*"))]),
        (role("ci", allow("iam:UpdateAssumeRolePolicy")), [role("app")]),
        (role("ci", allow("iam:UpdateAssumeRolePolicy"), deny("sts:AssumeRole")), [admin("boss")]),
        (role("ci", allow("iam:UpdateAssumeRolePolicy")), [admin("sso", Path="/aws-reserved/sso.amazonaws.com/")]),
        (role("ci", allow("iam:CreateRole")), []),
        (role("ci", allow("iam:CreateRole", f"{ARN}:role/a-*"), allow("iam:PutRolePolicy", f"{ARN}:role/b-*")), []),
        (
            role(
                "ci",
                allow(
                    ["iam:CreateRole", "iam:PutRolePolicy"],
                    f"{ARN}:role/a-*",
                    StringEquals={"iam:PermissionsBoundary": OWN},
                ),
            ),
            [],
        ),
        (
            role("ci", allow("lambda:UpdateFunctionCode")),
            [role("app", trust=trusting("lambda")), function("job", "app")],
        ),
        (
            role("ci", allow("lambda:UpdateFunctionCode", "arn:aws:lambda:*:*:function:other")),
            [worker("lambda"), function("job", "worker")],
        ),
    ],
)
def test_accepts_ways_that_lead_nowhere(holder, others):
    """
    The same actions on targets that are not there, are not one's own, or give nothing.
    """
    own = policy("own", allow("s3:GetObject"), older=[allow("s3:ListBucket", "arn:aws:s3:::x")])

    assert [Status.PASS] == statuses(run_check(CHECK, holder, own, everything, *others))


def test_says_unknown_where_a_password_decides():
    """
    One of the two actions alone serves users with a password, the other those without; the list of users does not tell.
    """
    (finding,) = run_check(CHECK, role("desk", allow("iam:UpdateLoginProfile")), everything, MIGHTY)

    assert Status.UNKNOWN is finding.status
    assert "set the password of the user boss" in finding.message


def test_a_boundary_bounds_what_is_gained():
    """
    Who rewrites their own policy gains what the boundary leaves; who may take it away gains the rest.
    """
    fence = policy("fence", allow("s3:*"), allow("iam:PutRolePolicy", f"{ARN}:role/ci"), attachments=0)
    loose = policy("loose", allow("*"), attachments=0)
    bound = boundary(f"{ARN}:policy/fence")
    writing = role("ci", allow("iam:PutRolePolicy", f"{ARN}:role/ci"), allow("s3:*"), **bound)
    leaving = role("ci", allow("*"), **boundary(f"{ARN}:policy/half"))
    half = policy("half", allow(["s3:*", "iam:DeleteRolePermissionsBoundary"]), attachments=0)

    assert set() == ways(writing, fence)
    assert {"put-role-policy"} == ways(role("ci", allow("iam:PutRolePolicy"), **boundary(f"{ARN}:policy/loose")), loose)
    assert {"delete-role-boundary"} == ways(leaving, half)


def test_control_policies_take_rights_away():
    """
    A Deny of the organization closes the way; where control policies could not be read the failure stands and says so.
    """
    holder, target = role("deploy", *PASS_TO_LAMBDA), worker("lambda")
    (finding,) = run_check(CHECK, holder, target, everything, *controls()[:2], unlisted=[ServiceControlPolicy])

    assert set() == ways(holder, target, *controls(deny("iam:PassRole")))
    assert {"pass-role-lambda"} == ways(holder, target, *controls(deny("s3:*")))
    assert "; the organization's service control policies could not be read" in finding.message


def test_does_not_concern_administrators_nor_service_linked_roles_nor_policies_by_themselves():
    """
    Who may do everything gains nothing; AWS's roles nobody edits; policies of nobody are nobody's rights.
    """
    called = role("break-glass", *PASS_TO_LAMBDA)
    linked = role("AWSServiceRoleForX", *PASS_TO_LAMBDA, Path="/aws-service-role/x.amazonaws.com/")
    trust = Trust(administrators=("arn:aws:iam::*:role/break-glass",))
    unused = policy("unused", *PASS_TO_LAMBDA, attachments=0)

    assert Status.NOT_APPLICABLE is verdict(CHECK, admin(), everything)
    assert Status.NOT_APPLICABLE is verdict(CHECK, called, worker("lambda"), everything, trust=trust)
    assert Status.NOT_APPLICABLE is verdict(CHECK, linked, worker("lambda"), everything)
    assert Status.PASS is verdict(CHECK, role("plain"), worker("lambda"), everything, unused)


def test_missing_evidence_is_unknown_and_hides_no_failure():
    """
    A way that hangs on functions that were not listed is unknown; a way that was seen fails all the same.
    """
    coder = role("ci", allow("lambda:UpdateFunctionCode"))
    both = role("ci", allow("lambda:UpdateFunctionCode"), allow("iam:PutRolePolicy"))
    unread = role("ci", allow("s3:GetObject"), attached=[OWN])
    target = role("app", attached=[OWN], trust=trusting("lambda"))

    assert Status.UNKNOWN is verdict(CHECK, coder, worker("lambda"), everything, unlisted=[Function])
    assert {"put-role-policy"} == ways(both, worker("lambda"), unlisted=[Function])
    assert Status.PASS is verdict(CHECK, role("plain"), everything, unlisted=[Function])
    assert Status.UNKNOWN is verdict(CHECK, unread, unlisted=[ManagedPolicy])
    assert Status.UNKNOWN is verdict(CHECK, role("deploy", *PASS_TO_LAMBDA), target, unlisted=[ManagedPolicy])


def test_counts_targets_and_prefers_administrators():
    """
    One finding a way; the target that gives most stands in the path, the command denies all of them.
    """
    backup = role("backup", allow("kms:Decrypt"), trust=trusting("lambda"))
    (finding,) = run_check(CHECK, role("deploy", *PASS_TO_LAMBDA), backup, worker("lambda"), everything)

    assert "as the role worker, and gains every right; 1 more such target" in finding.message
    assert {f"{ARN}:role/backup", f"{ARN}:role/worker"} == set(
        json.loads(option(finding.fix, "--policy-document"))["Statement"][0]["Resource"]
    )


def test_prints_no_command_that_would_be_too_long():
    """
    An inline policy has a limit; with many targets the action itself is to be narrowed.
    """
    many = [worker("lambda", name=f"worker-{'x' * 50}-{number}") for number in range(30)]
    (finding,) = run_check(CHECK, role("deploy", *PASS_TO_LAMBDA), everything, *many)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_judges_a_thousand_roles():
    """
    A large account's roles pass, and those among them that pass mightier roles on do not.
    """
    team = policy("team", allow(["s3:GetObject", "logs:*", "sqs:*"]), attachments=1000)
    roles = [
        role(
            f"app-{n}",
            allow("s3:*", f"arn:aws:s3:::app-{n}/*"),
            attached=[f"{ARN}:policy/team"],
            trust=trusting("ecs-tasks"),
        )
        for n in range(1000)
    ]
    passers = [
        role(f"deploy-{n}", *PASS_TO_LAMBDA, allow("ecs:*"), allow("iam:PutRolePolicy", f"{ARN}:role/app-{n}"))
        for n in range(20)
    ]
    account = fake_inventory([*roles, *passers, team, everything, worker("lambda")], CHECK.needs)
    findings = [finding for holder in (*roles, *passers) for finding in CHECK.run(holder, account)]

    assert 1000 == statuses(findings).count(Status.PASS)
    assert {holder.name for holder in passers} == {f.resource.name for f in findings if f.status is Status.FAIL}


def test_ways_have_ids_of_their_own():
    """
    Findings are known by them.
    """
    ids = [recipe.id for recipe in RECIPES]

    assert len(ids) == len(set(ids))
