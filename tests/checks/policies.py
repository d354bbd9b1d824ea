"""Policies of shared resources, and whom they let in: what every check of such policies has to tell apart."""

import json
import shlex

import pytest

from attrs import frozen

from awsaudit import Severity, Status
from awsaudit.resources.organizations import ACCOUNTS, ORGANIZATION, Organization, OrganizationAccount
from awsaudit.testing import ACCOUNT, fake, run_check, statuses
from awsaudit.trust import Trust


OWN = ACCOUNT
STRANGER = "444455556666"
OWN_ROLE = f"arn:aws:iam::{OWN}:role/validator"
OWN_ORGANIZATION = "o-exampleorgid"
OTHER_ORGANIZATION = "o-strangers00"
DELETED = "AROAEXAMPLEEXAMPLE001"


@frozen
class Case:
    """
    A policy in short.

    Args:
        name: What is special about it.

        statements: Its statements; what they leave out is filled in by `document`.

        who: Who gets in, as a finding has it.
    """

    name: str
    statements: tuple
    who: str = ""

    def __str__(self):
        return self.name


def allow(principal="*", /, **conditions):
    """Return a statement that allows something, under conditions given as operator={key: value}."""
    statement = {"Effect": "Allow", "Principal": principal}
    return {**statement, "Condition": conditions} if conditions else statement


def deny(principal="*", /, **conditions):
    """Return one that denies everything."""
    return {**allow(principal, **conditions), "Effect": "Deny"}


def document(case, action, resource="*"):
    """Return the policy of *case* for *action* on *resource*; without a resource for None."""
    statements = case.statements if isinstance(case, Case) else case
    on = {} if resource is None else {"Resource": resource}
    return {"Version": "2012-10-17", "Statement": [{"Action": action, **on, **s} for s in statements]}


def _account(id_):
    return {"AWS": f"arn:aws:iam::{id_}:root"}


_TOPIC = "arn:aws:sns:eu-west-1:{}:validator-exits"

PUBLIC = (
    Case("everybody", (allow(),), "anybody"),
    Case("everybody, as AWS", (allow({"AWS": "*"}),), "anybody"),
    Case("everybody, among others", (allow({"AWS": [OWN_ROLE, "*"]}),), "anybody"),
    Case("everybody else", ({"Effect": "Allow", "NotPrincipal": _account(OWN)},), "anybody"),
    Case("an absent key passes", (allow(**{"ForAllValues:StringEquals": {"aws:PrincipalOrgID": OWN_ORGANIZATION}}),)),
    Case("if it exists", (allow(StringEqualsIfExists={"aws:PrincipalOrgID": OWN_ORGANIZATION}),)),
    Case("roles called so, of anybody", (allow(StringLike={"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}),)),
    Case("over TLS", (allow(Bool={"aws:SecureTransport": "true"}),)),
    Case("from everywhere", (allow(IpAddress={"aws:SourceIp": "0.0.0.0/0"}),)),
    Case("from both halves of everywhere", (allow(IpAddress={"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}),)),
    Case("all but one account", (allow(StringNotEquals={"aws:PrincipalAccount": STRANGER}),)),
    Case("any value", (allow(StringLike={"aws:PrincipalAccount": "*"}),)),
    Case("anybody's topic", (allow(ArnLike={"aws:SourceArn": "arn:aws:sns:*:*:validator-exits"}),)),
    Case("any source account", (allow(StringLike={"aws:SourceAccount": "*"}),)),
    Case("but not in clear", (allow(), deny(Bool={"aws:SecureTransport": "false"}))),
    Case("but not one account", (allow(), deny(StringEquals={"aws:PrincipalAccount": STRANGER}))),
)
"""Everybody gets in."""

UNSIGNED = Case("the account if it exists", (allow(StringEqualsIfExists={"aws:PrincipalAccount": OWN}),), "anybody")
"""Everybody gets in where AWS takes requests that nobody signed."""

CONTAINED = (
    Case("the account", (allow({"AWS": OWN}),)),
    Case("its root and a role", (allow({"AWS": [f"arn:aws:iam::{OWN}:root", OWN_ROLE]}),)),
    Case("a role of the account by condition", (allow(ArnEquals={"aws:PrincipalArn": OWN_ROLE}),)),
    Case("the account by condition", (allow(StringEquals={"aws:PrincipalAccount": OWN}),)),
    Case("its key in lower case", (allow(StringEquals={"AWS:principalaccount": OWN}),)),
    Case("the account's topics", (allow(ArnLike={"aws:SourceArn": _TOPIC.format(OWN)}),)),
    Case("the account as source", (allow(StringEquals={"aws:SourceAccount": OWN}),)),
    Case("a bucket", (allow(ArnLike={"aws:SourceArn": "arn:aws:s3:::northlight-exports"}),)),
    Case("the account as owner", (allow(StringEquals={"AWS:SourceOwner": OWN}),)),
    Case("an endpoint", (allow({"AWS": "*"}, StringEquals={"aws:SourceVpce": "vpce-0a1b2c3d"}),)),
    Case("a network", (allow(StringEquals={"aws:SourceVpc": "vpc-0a1b2c3d"}),)),
    Case("private addresses", (allow(IpAddress={"aws:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"]}),)),
    Case(
        "the account and TLS",
        (allow(Bool={"aws:SecureTransport": "true"}, StringEquals={"aws:PrincipalAccount": OWN}),),
    ),
    Case("all others denied", (allow(), deny(StringNotEquals={"aws:PrincipalAccount": OWN}))),
    Case("all others denied by name", (allow(), {"Effect": "Deny", "NotPrincipal": {"AWS": OWN}})),
    Case("everybody denied", (deny(),)),
)
"""Nobody from outside gets in, whoever is asked."""

STRANGERS = (
    Case("an account", (allow({"AWS": STRANGER}),)),
    Case("its root", (allow(_account(STRANGER)),)),
    Case("a role of it", (allow({"AWS": [OWN_ROLE, f"arn:aws:iam::{STRANGER}:role/watcher"]}),)),
    Case("a user of it", (allow({"AWS": f"arn:aws:iam::{STRANGER}:user/watcher"}),)),
    Case("a session of it", (allow({"AWS": f"arn:aws:sts::{STRANGER}:assumed-role/watcher/now"}),)),
    Case("it by condition", (allow(StringEquals={"aws:PrincipalAccount": STRANGER}),)),
    Case("it beside the own account", (allow(StringEquals={"aws:PrincipalAccount": [OWN, STRANGER]}),)),
    Case("its roles by condition", (allow(ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{STRANGER}:role/*"}),)),
    Case("its topic", (allow(ArnEquals={"aws:SourceArn": _TOPIC.format(STRANGER)}),)),
    Case("it as source", (allow(StringEquals={"aws:SourceAccount": STRANGER}),)),
    Case("it with the account's own", (allow({"AWS": [OWN, STRANGER]}), allow({"AWS": OWN}))),
)
"""The account `STRANGER` gets in."""

_SERVICE = {"Service": "events.amazonaws.com"}

DEPUTIES = (
    Case("a service for it", (allow(_SERVICE, StringEquals={"aws:SourceAccount": STRANGER}),)),
    Case("a service for one resource of it", (allow(_SERVICE, ArnLike={"aws:SourceArn": _TOPIC.format(STRANGER)}),)),
    Case("a service for both", (allow(_SERVICE, StringEquals={"aws:SourceAccount": [OWN, STRANGER]}),)),
    Case(
        "services for it, beside a role",
        (
            allow(
                {"AWS": OWN_ROLE, "Service": ["events.amazonaws.com", "sns.amazonaws.com"]},
                StringEquals={"aws:SourceAccount": STRANGER},
            ),
        ),
    ),
)
"""The account `STRANGER` gets in by an AWS service that acts for it."""

OWN_DEPUTIES = (
    Case("a service for the account", (allow(_SERVICE, StringEquals={"aws:SourceAccount": OWN}),)),
    Case("a service for a topic of it", (allow(_SERVICE, ArnEquals={"aws:SourceArn": _TOPIC.format(OWN)}),)),
    Case("a service for the organization", (allow(_SERVICE, StringEquals={"aws:SourceOrgID": OWN_ORGANIZATION}),)),
    Case("a service for a bucket", (allow(_SERVICE, ArnEquals={"aws:SourceArn": "arn:aws:s3:::northlight-exports"}),)),
    Case("a service for anybody", (allow(_SERVICE),)),
)
"""An AWS service acts for the account, or for nobody in particular, which is another check's matter."""

ORGANIZATIONS = (
    Case("an organization", (allow(StringEquals={"aws:PrincipalOrgID": OTHER_ORGANIZATION}),)),
    Case(
        "a unit of one",
        (allow(**{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{OTHER_ORGANIZATION}/r-1/ou-1/*"}}),),
    ),
    Case("one beside the own", (allow(StringEquals={"aws:PrincipalOrgID": [OWN_ORGANIZATION, OTHER_ORGANIZATION]}),)),
)
"""The organization `OTHER_ORGANIZATION` gets in."""

OWN_ORGANIZATIONS = (
    Case("the organization", (allow(StringEquals={"aws:PrincipalOrgID": OWN_ORGANIZATION}),)),
    Case("as the source", (allow(StringEquals={"aws:SourceOrgID": OWN_ORGANIZATION}),)),
    Case("a unit of it", (allow(**{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{OWN_ORGANIZATION}/*"}}),)),
)
"""The account's own organization gets in."""

STALE = Case("a deleted role", (allow({"AWS": [OWN_ROLE, DELETED]}),), DELETED)

ORGANIZATION_OF = fake(Organization, {ORGANIZATION: {"Id": OWN_ORGANIZATION, "MasterAccountId": OWN}})
MEMBER = fake(OrganizationAccount, {ACCOUNTS: {"Id": STRANGER}})
TRUSTED = (Trust(accounts=(STRANGER,)), Trust(vendors=(STRANGER,)))


def option(command, name):
    """Return what *command* gives to the option *name*."""
    words = shlex.split(command)
    return words[words.index(name) + 1]


def policy_in(command, name):
    """Return the policy that *command* gives to the option *name*."""
    return json.loads(option(command, name))


class PublicPolicies:
    """
    What every check of public policies does; the class of a test file names the check, and how its resource is made.

    `make` returns the resource with a policy or without, `mended` the policy that a finding's command puts in its place.
    """

    check = None
    action = ""
    resource = "*"
    severity = Severity.CRITICAL

    def found(self, case, **more):
        return run_check(self.check, self.make(document(case, self.action, self.resource)), ORGANIZATION_OF, **more)

    @pytest.mark.parametrize("case", PUBLIC, ids=str)
    def test_flags_what_lets_everybody_in(self, case):
        """
        What looks like a restriction and is none fails, with the way in; the command's policy passes.
        """
        (finding,) = self.found(case)

        assert (Status.FAIL, self.severity) == (finding.status, finding.severity)
        assert finding.found.startswith("anybody")
        assert "outside" == finding.path[0].type
        assert [Status.PASS] == statuses(run_check(self.check, self.make(self.mended(finding)), ORGANIZATION_OF))

    @pytest.mark.parametrize("case", CONTAINED, ids=str)
    def test_accepts_what_lets_nobody_in(self, case):
        """
        Conditions that bind who asks, and a Deny on all others, leave nobody.
        """
        assert [Status.PASS] == statuses(self.found(case))

    @pytest.mark.parametrize("case", [*STRANGERS, *ORGANIZATIONS, *OWN_ORGANIZATIONS, STALE], ids=str)
    def test_leaves_accounts_and_organizations_to_the_other_check(self, case):
        """
        Who is named, be it by a condition, is not everybody.
        """
        assert [Status.PASS] == statuses(self.found(case))

    def test_accepts_no_policy(self):
        """
        Without a policy nobody gets in.
        """
        assert [Status.PASS] == statuses(run_check(self.check, self.make(None)))


class SharedPolicies:
    """What every check of cross-account policies does; as `PublicPolicies`."""

    check = None
    action = ""
    resource = "*"
    severity = Severity.HIGH

    def found(self, case, *others, **more):
        return run_check(self.check, self.make(document(case, self.action, self.resource)), *others, **more)

    @pytest.mark.parametrize("case", STRANGERS, ids=str)
    def test_flags_an_account_that_nobody_knows(self, case):
        """
        However it is named it fails, once, and the command's policy passes.
        """
        (finding,) = self.found(case)

        assert (Status.FAIL, self.severity) == (finding.status, finding.severity)
        assert f"account {STRANGER}" == finding.found
        assert (f"account {STRANGER}", "outside") == (finding.path[0].resource, finding.path[0].type)
        assert [Status.PASS] == statuses(run_check(self.check, self.make(self.mended(finding))))

    @pytest.mark.parametrize("case", DEPUTIES, ids=str)
    def test_flags_a_service_that_acts_for_an_account_that_nobody_knows(self, case):
        """
        What the account tells the service to do is done; the command's policy passes.
        """
        (finding,) = self.found(case)

        assert (Status.FAIL, f"account {STRANGER}") == (finding.status, finding.found)
        assert f"account {STRANGER} through events.amazonaws.com" in finding.message
        assert [Status.PASS] == statuses(run_check(self.check, self.make(self.mended(finding))))
        assert [Status.PASS] == statuses(self.found(case, MEMBER))

    @pytest.mark.parametrize("case", OWN_DEPUTIES, ids=str)
    def test_accepts_services_that_act_for_the_own(self, case):
        """
        For the account and its organization, and for a bucket, whose name tells no account.
        """
        assert [Status.PASS] == statuses(self.found(case, ORGANIZATION_OF))

    @pytest.mark.parametrize("case", ORGANIZATIONS, ids=str)
    @pytest.mark.parametrize("unlisted", [(), (OrganizationAccount,)])
    def test_flags_an_organization_that_nobody_knows(self, case, unlisted):
        """
        Another organization than the account's own fails, also where a member account may not list its accounts.
        """
        (finding,) = self.found(case, ORGANIZATION_OF, unlisted=unlisted)

        assert (Status.FAIL, f"the organization {OTHER_ORGANIZATION}") == (finding.status, finding.found)
        after = run_check(self.check, self.make(self.mended(finding)), ORGANIZATION_OF)
        assert [Status.PASS] == statuses(after)

    @pytest.mark.parametrize("case", STRANGERS, ids=str)
    def test_accepts_accounts_of_the_organization(self, case):
        """
        An account that the organization lists is known.
        """
        assert [Status.PASS] == statuses(self.found(case, MEMBER))

    @pytest.mark.parametrize("trust", TRUSTED)
    def test_accepts_accounts_that_its_owner_named(self, trust):
        """
        Accounts and suppliers under [trust] are known.
        """
        assert {Status.PASS} == {f.status for case in STRANGERS for f in self.found(case, trust=trust)}

    @pytest.mark.parametrize("case", [*CONTAINED, *PUBLIC, *OWN_ORGANIZATIONS], ids=str)
    def test_accepts_the_own_and_leaves_everybody_to_the_other_check(self, case):
        """
        The account and its organization pass; what is public is reported once.
        """
        assert [Status.PASS] == statuses(self.found(case, ORGANIZATION_OF))

    def test_tells_deleted_principals_from_strangers(self):
        """
        A unique id is a leftover: low, and the command's policy is without it.
        """
        (finding,) = self.found(STALE)

        assert (Status.FAIL, Severity.LOW, DELETED) == (finding.status, finding.severity, finding.found)
        assert [Status.PASS] == statuses(run_check(self.check, self.make(self.mended(finding))))

    def test_does_not_guess_whose_an_account_is(self):
        """
        Where the organization's accounts could not be listed it is unknown; beside a stranger it is a remark.
        """
        case, other = STRANGERS[0], ORGANIZATIONS[0]
        both = Case("both", (*case.statements, *other.statements))

        assert [Status.UNKNOWN] == statuses(self.found(case, unlisted=(OrganizationAccount,)))
        (finding,) = self.found(both, ORGANIZATION_OF, unlisted=(OrganizationAccount,))
        assert (Status.FAIL, f"the organization {OTHER_ORGANIZATION}") == (finding.status, finding.found)
        assert f"it lets account {STRANGER} in too" in finding.notes[0]

    def test_accepts_no_policy(self):
        """
        Without a policy nobody gets in.
        """
        assert [Status.PASS] == statuses(run_check(self.check, self.make(None)))
