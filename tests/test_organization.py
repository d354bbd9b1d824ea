import datetime
import threading
import time

import boto3
import moto
import pytest

from attrs import evolve, frozen
from moto.core import DEFAULT_ACCOUNT_ID as HUB

from awsaudit import ConfigError, CredentialsError, Report, Selection, SelectionError, Settings, run
from awsaudit.demo.front import Front, Refusal
from awsaudit.gap import CANCELLED, DEADLINE, NOT_RENEWED
from awsaudit.merge import ANYWHERE, merge
from awsaudit.organization import Accounts, members, open_organization
from awsaudit.partition import GLOBAL
from awsaudit.session import Entrance


REGIONS = ("eu-central-1", "eu-west-1")
CHOSEN = Settings(
    Selection(checks=("sqs-encryption", "sns-encryption", "iam-password-policy-min-length")),
    regions=REGIONS,
    workers=16,
)
ORG = Accounts(org=True)


@frozen
class Organization:
    """An organization in the fake AWS: the caller's account and three others, each with a queue of its name."""

    session: boto3.Session
    front: Front
    names: dict[str, str]

    @property
    def ids(self):
        return tuple(sorted(self.names))

    def scan(self, settings=CHOSEN, accounts=ORG, cancelled=None):
        return open_organization(settings, self.session, accounts, cancelled=cancelled)

    def enter(self, id_):
        return self.session if id_ == HUB else Entrance(self.session).open(f"arn:aws:iam::{id_}:role/awsaudit")

    def at_the_door(self, answerer):
        """Have *answerer* answer AssumeRole, given the account."""
        self.front.answer("sts", "AssumeRole", lambda asked, _: answerer(asked["RoleArn"].split(":")[4]))

    def refuse(self, *ids, code="AccessDenied"):
        def refuse(id_):
            if id_ in ids:
                raise Refusal(code, "User is not authorized to perform: sts:AssumeRole", 403)

        self.at_the_door(refuse)


@pytest.fixture(name="standing", scope="module")
def _standing(tmp_path_factory):
    """Return the names of the members by id, all of them standing."""
    with pytest.MonkeyPatch.context() as environment, moto.mock_aws():
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "MOTO_ACCOUNT_ID"):
            environment.delenv(name, raising=False)
        environment.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        session = boto3.Session(region_name="eu-west-1")
        client = session.client("organizations")
        client.create_organization(FeatureSet="ALL")
        made = [
            client.create_account(AccountName=name, Email=f"{name}@example.com") for name in ("blue", "green", "red")
        ]
        names = {status["AccountId"]: status["AccountName"] for status in (m["CreateAccountStatus"] for m in made)}
        for id_ in (HUB, *names):
            inside = Organization(session, Front(), names).enter(id_)
            for region in REGIONS:
                inside.client("sqs", region_name=region).create_queue(
                    QueueName=f"of-{id_}", Attributes={"SqsManagedSseEnabled": "false"}
                )
            inside.client("sns", region_name="eu-west-1").create_topic(Name=f"of-{id_}")
        yield names


@pytest.fixture(name="organization")
def _organization(standing):
    session, front = boto3.Session(region_name="eu-west-1"), Front()
    front.attach(session)
    return Organization(session, front, standing)


@pytest.fixture(name="whole", scope="module")
def _whole(standing):
    """Return what a scan of the organization left: the scan, what it yielded, its report."""
    scan = Organization(boto3.Session(region_name="eu-west-1"), Front(), standing).scan()
    return scan, list(scan), scan.report()


def finished(scan):
    for _ in scan:
        pass
    return scan.report()


def cells(report):
    return {(finding.account, finding.region) for finding in report.findings}


def untimed(report):
    """Return *report* without what differs from run to run."""
    then = datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC)
    parts = tuple(evolve(part, started=then, finished=then, requests=0) for part in report.coverage.parts)
    coverage = evolve(report.coverage, parts=parts, requests=0)
    return evolve(report, started=then, finished=then, coverage=coverage, account_names={})


def test_is_what_scans_one_by_one_add_up_to(organization, whole):
    """
    The report of the organization is that of its accounts, scanned alone and merged.
    """
    _, _, report = whole
    alone = [run(session=organization.enter(id_), settings=CHOSEN) for id_ in (HUB, *organization.ids)]

    assert untimed(merge(alone)) == untimed(report)
    assert (tuple(sorted((HUB, *organization.ids))), ()) == (report.accounts, report.missing)
    assert {"AWS::SQS::Queue": 8, "AWS::SNS::Topic": 4} == {
        type_: number for type_, number in report.coverage.resources.items() if type_.startswith("AWS::S")
    }
    assert organization.names.items() <= report.account_names.items()


def test_findings_arrive_and_the_report_has_them(whole):
    """
    Iterating yields what the report holds in the end, and the progress counts it.
    """
    scan, findings, report = whole
    now = scan.progress

    assert sorted(f.fingerprint for f in findings) == sorted(f.fingerprint for f in report.findings)
    assert (4, 4, len(findings)) == (now.accounts, now.accounts_done, now.findings)
    assert now.asked == now.answered > 0


def test_services_without_regions_are_looked_at_once_an_account(organization, whole):
    """
    Each account has one part for them.
    """
    _, _, report = whole

    assert [*sorted((HUB, *organization.ids))] == [p.account for p in report.coverage.parts if p.region == GLOBAL]


def test_the_report_reads_back(whole):
    """
    The merged report is a report like any other.
    """
    _, _, report = whole

    assert report == Report.from_json(report.to_json())
    assert untimed(report) == untimed(merge([report]))


def test_an_account_that_refuses_is_a_gap(organization, whole):
    """
    It is named with the call and the permission, leaves every check unknown, and costs the others nothing; what an earlier
    report found there is not fixed.
    """
    _, _, earlier = whole
    shut, *others = organization.ids
    organization.refuse(shut)
    report = finished(organization.scan())

    assert {
        (shut, region, "sts", "AssumeRole", "AccessDenied", ("sts:AssumeRole",)) for region in (*REGIONS, GLOBAL)
    } == {
        (s.gap.account, s.gap.region, s.gap.service, s.gap.operation, s.gap.code, s.gap.actions)
        for s in report.coverage.shortfalls
    }
    assert ((shut,), tuple(sorted(report.checks))) == (report.missing, report.unanswered)
    assert {HUB, *others} == {account for account, _ in cells(report)}
    changes = earlier.diff(report)
    assert ({shut}, ()) == ({finding.account for finding in changes.unseen}, changes.fixed)


def test_a_gap_of_unknown_regions_is_of_any(organization):
    """
    Where every enabled region is asked for, nobody knows which the account has.
    """
    organization.refuse(organization.ids[0])
    chosen = evolve(CHOSEN, regions=(), exclude_regions=())
    accounts = Accounts(ids=organization.ids[:1])
    report = finished(organization.scan(chosen, accounts))

    assert [(organization.ids[0], ANYWHERE)] == [s.cell for s in report.coverage.missing]
    assert (organization.ids[:1], ()) == (report.accounts, report.regions)


def test_credentials_that_cannot_be_renewed(organization):
    """
    Where a role is refused in the middle, what was not answered by then says so; other accounts are whole.
    """
    stale, *others = organization.ids
    entered = []

    def count(id_):
        if id_ == stale:
            entered.append(id_)
            if len(entered) > 4:
                raise Refusal("AccessDenied", "no", 403)

    def expire(answer, asked, _):
        if stale in asked["RoleArn"]:
            soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=60)
            answer["Credentials"]["Expiration"] = soon

    organization.at_the_door(count)
    organization.front.amend("sts", "AssumeRole", expire)
    report = finished(organization.scan())

    assert {(stale, NOT_RENEWED)} == {(s.gap.account, s.gap.code) for s in report.coverage.shortfalls}
    assert {"renew the credentials"} == {s.gap.repair for s in report.coverage.shortfalls}
    assert {(id_, region) for id_ in (HUB, *others) for region in (*REGIONS, GLOBAL)} <= cells(report)
    assert report.unanswered
    assert 5 == len(entered)
    assert () == report.missing


@pytest.mark.parametrize("why", [CANCELLED, DEADLINE])
def test_an_account_that_hangs_at_the_door(organization, why):
    """
    When the scan is to end, an account that does not answer is a gap; those that were done by then are whole.
    """
    hung, *others = organization.ids
    let_go, cancelled = threading.Event(), threading.Event()
    organization.at_the_door(lambda id_: let_go.wait(60) and None if id_ == hung else None)
    scan = organization.scan(cancelled=cancelled)

    def watch():
        while scan.progress.accounts_done < len(others) + 1:
            time.sleep(0.05)
        if why == CANCELLED:
            cancelled.set()
        else:
            scan._deadline = time.monotonic()

    threading.Thread(target=watch, daemon=True).start()
    report = finished(scan)
    let_go.set()

    assert {(hung, why)} == {(s.gap.account, s.gap.code) for s in report.coverage.shortfalls}
    assert ((hung,), why, False) == (report.missing, report.coverage.stopped, report.complete)
    assert {HUB, *others} == {account for account, _ in cells(report)}


def test_a_deadline_ends_all_accounts(organization):
    """
    When the time is over, accounts that were not begun are gaps, and asked for nothing.
    """
    report = finished(organization.scan(evolve(CHOSEN, timeout=0.000001)))

    assert tuple(sorted((HUB, *organization.ids))) == report.missing
    assert {DEADLINE} == {s.gap.code for s in report.coverage.shortfalls}


def test_ctrl_c_keeps_what_was_found(organization):
    """
    After the event is set, what was found stays, and each account that was not reached is a gap.
    """
    cancelled = threading.Event()
    scan = organization.scan(evolve(CHOSEN, workers=1), cancelled=cancelled)
    kept = []
    for finding in scan:
        kept.append(finding)
        cancelled.set()
    report = scan.report()

    assert (CANCELLED, sorted(f.fingerprint for f in kept)) == (
        report.coverage.stopped,
        sorted(f.fingerprint for f in report.findings),
    )
    assert 3 == len(report.missing)
    assert {CANCELLED} == {s.gap.code for s in report.coverage.shortfalls}


def test_an_error_of_ours_is_not_swallowed(organization):
    """
    What is no refusal ends the scan with its own error.
    """

    def crash(_):
        raise ZeroDivisionError

    organization.at_the_door(crash)

    with pytest.raises(ZeroDivisionError):
        list(organization.scan())


def test_who_stops_listening_stops_the_scan(organization):
    """
    Closing the iterator ends the accounts that are being scanned.
    """
    findings = iter(organization.scan())
    next(findings)
    findings.close()
    until = time.monotonic() + 20
    while any(t.name.startswith("awsaudit-account") for t in threading.enumerate()) and time.monotonic() < until:
        time.sleep(0.05)

    assert [] == [t.name for t in threading.enumerate() if t.name.startswith("awsaudit-account")]


def test_a_report_at_the_beginning_names_all_accounts(organization):
    """
    Before anything came, every account is expected and missing.
    """
    report = organization.scan().report()

    assert (tuple(sorted((HUB, *organization.ids))), REGIONS) == (report.accounts, report.regions)
    assert report.accounts == report.missing


# Which accounts


def test_lists_the_active_accounts(organization):
    """
    Each active account of the organization is a member with a role, the caller's own without; closed ones are left out.
    """

    def close(answer, *_):
        next(a for a in answer["Accounts"] if a["Id"] == organization.ids[0])["State"] = "CLOSED"

    organization.front.amend("organizations", "ListAccounts", close)
    found = {member.id: member for member in members(organization.session)}

    assert {HUB, *organization.ids[1:]} == found.keys()
    assert (None, f"arn:aws:iam::{organization.ids[1]}:role/awsaudit") == (
        found[HUB].role_arn,
        found[organization.ids[1]].role_arn,
    )
    with pytest.raises(SelectionError, match=rf"the account {organization.ids[0]} is not active but CLOSED"):
        members(organization.session, evolve(ORG, ids=organization.ids[:1]))


def test_asks_the_organization_for_nothing_but_its_accounts(organization):
    """
    Listing them is one call, and whose the credentials are another.
    """
    organization.front.calls.clear()
    members(organization.session)

    assert {("sts", "GetCallerIdentity"): 1, ("organizations", "ListAccounts"): 1} == dict(organization.front.calls)


@pytest.mark.parametrize(
    ("accounts", "ids", "role"),
    [
        (Accounts(org=True, ids=("{0}",), role="team/audit"), ("{0}",), "team/audit"),
        (Accounts(ids=("{1}", "{0}"), role="/audit"), ("{0}", "{1}"), "audit"),
        (Accounts(role_arns=("arn:aws:iam::{1}:role/x", "arn:aws:iam::{0}:role/x")), ("{0}", "{1}"), "x"),
    ],
)
def test_accounts_are_named(organization, accounts, ids, role):
    """
    Ids narrow the organization, or stand by themselves; roles name their own accounts.
    """

    def filled(texts):
        return tuple(text.format(*organization.ids) for text in texts)

    chosen = evolve(accounts, ids=filled(accounts.ids), role_arns=filled(accounts.role_arns))
    found = members(organization.session, chosen)

    assert [(id_, f"arn:aws:iam::{id_}:role/{role}") for id_ in filled(ids)] == [(m.id, m.role_arn) for m in found]


@pytest.mark.parametrize(
    ("accounts", "says"),
    [
        (Accounts(org=True, ids=("000000000000",)), "the organization has no account '000000000000'"),
        (Accounts(role_arns=("arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b")), "are of the same account"),
        (Accounts(role_arns=("arn:aws-cn:iam::1:role/a", "arn:aws:iam::2:role/b")), "is of the partition aws-cn"),
        (Accounts(role_arns=("audit", "arn:aws:iam::2:role/b")), "not the ARN of a role: 'audit'"),
    ],
)
def test_accounts_that_cannot_be(organization, accounts, says):
    """
    What is named wrongly is told before any account is entered.
    """
    with pytest.raises(ConfigError) as raised:
        members(organization.session, accounts)

    assert says in str(raised.value)


def test_who_may_not_list_accounts_is_told(organization):
    """
    A refused listing is an error that names the permission, and what does without it; no organization is another.
    """
    refusing = organization.front.refusing
    with (
        refusing("organizations", "ListAccounts", "AccessDeniedException"),
        pytest.raises(CredentialsError, match=r"with organizations:ListAccounts\. Or name --accounts"),
    ):
        members(organization.session)
    with (
        refusing("organizations", "ListAccounts", "AWSOrganizationsNotInUseException"),
        pytest.raises(ConfigError, match=f"the account {HUB} belongs to no organization"),
    ):
        members(organization.session)


def test_a_snapshot_holds_one_account(organization, tmp_path):
    """
    Several accounts have no snapshot.
    """
    with pytest.raises(ConfigError, match="--save-snapshot saves one account"):
        organization.scan(evolve(CHOSEN, save_snapshot=tmp_path / "s.gz"))
