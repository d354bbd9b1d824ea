import datetime
import json

import pytest

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from awsaudit import Coverage, Finding, Gap, GapKind, Report, ReportError, Severity, Status, Subject
from awsaudit.gap import DEADLINE, MISSING
from awsaudit.merge import ANYWHERE, Merger, absent, merge
from awsaudit.partition import GLOBAL
from awsaudit.report import CheckInfo, Part, Shortfall, sort_key


BEGUN = datetime.datetime(2026, 11, 27, 3, 0, tzinfo=datetime.UTC)
ACCOUNTS = ("111122223333", "222233334444")
REGIONS = ("eu-west-1", "us-east-1", GLOBAL)
CHECKS = ("iam-root", "s3-open", "sqs-encryption")
SMALL = settings(deadline=None, max_examples=60)


def info(id_, title="It is so"):
    return CheckInfo(id_, title, Severity.LOW, id_.partition("-")[0], "Test::Thing", "Because.", "Mend it.", "", {}, ())


def at(minute):
    return BEGUN + datetime.timedelta(minutes=minute)


def part(account=ACCOUNTS[0], region="eu-west-1", minute=0, **more):
    return Part(account, region, **{"version": "0.1.0", "started": at(minute), "finished": at(minute + 1), **more})


def verdict(account=ACCOUNTS[0], region="eu-west-1", check="sqs-encryption", name="orders", status=Status.FAIL):
    arn = f"arn:aws:sqs:{region}:{account}:{name}"
    return Finding(check, status, Severity.LOW, account, region, Subject(arn, "Test::Thing", name), status.value)


def refusal(account=ACCOUNTS[0], region="eu-west-1", code="AccessDenied", operation="ListQueues"):
    return Gap(account, region, "sqs", operation, code, GapKind.DENIED, (f"sqs:{operation}",))


def report(*parts, findings=(), shortfalls=(), checks=CHECKS, **more):
    """Return the report of one run of *parts*."""
    places = {each.cell for each in parts} | {each.cell for each in shortfalls}
    resources = {}
    for each in parts:
        for type_, number in each.resources.items():
            resources[type_] = resources.get(type_, 0) + number
    coverage = Coverage(resources, tuple(shortfalls), requests=sum(each.requests for each in parts), parts=parts)
    defaults = {
        "accounts": tuple(sorted({account for account, _ in places})),
        "partition": "aws",
        "regions": tuple(sorted({region for _, region in places} - {GLOBAL, ANYWHERE})),
        "started": min((each.started for each in parts), default=BEGUN),
        "finished": max((each.finished for each in parts), default=BEGUN),
        "checks": {id_: info(id_) for id_ in checks},
        "tool_version": "0.1.0",
        "coverage": coverage,
        "findings": tuple(sorted(findings, key=sort_key)),
    }
    return Report(**{**defaults, **more})


@st.composite
def runs(draw):
    """Draw the report of a shard: some parts of an account, or the refusal to let it in."""
    account = draw(st.sampled_from(ACCOUNTS))
    regions = draw(st.lists(st.sampled_from(REGIONS), unique=True, min_size=1))
    checks = draw(st.lists(st.sampled_from(CHECKS), unique=True, min_size=1))
    minute = draw(st.integers(0, 2))
    titles = {id_: info(id_, draw(st.sampled_from(("old", "new")))) for id_ in checks}
    names = draw(st.dictionaries(st.just(account), st.sampled_from(("a", "b"))))
    if draw(st.integers(0, 3)) == 0:
        code = draw(st.sampled_from(("AccessDenied", DEADLINE, MISSING)))
        where = draw(st.sampled_from(((ANYWHERE,), tuple(regions))))
        return evolve(
            absent([refusal(account, region, code) for region in where], "aws", titles, at(minute)),
            account_names=names,
        )
    parts, findings, shortfalls = [], [], []
    for region in regions:
        parts.append(
            part(
                account,
                region,
                minute,
                version=draw(st.sampled_from(("0.9.0", "0.10.0"))),
                resources=draw(st.dictionaries(st.sampled_from(("A::B", "C::D")), st.integers(1, 3))),
                requests=draw(st.integers(0, 3)),
                stopped=draw(st.sampled_from((None, None, DEADLINE, "Cancelled"))),
                narrowed=draw(st.booleans()),
            )
        )
        found = draw(st.lists(st.tuples(st.sampled_from(checks), st.sampled_from("xy")), unique=True, max_size=2))
        findings += [
            verdict(account, region, check, name, draw(st.sampled_from((Status.FAIL, Status.PASS))))
            for check, name in found
        ]
        if draw(st.booleans()):
            shortfalls.append(Shortfall(refusal(account, region), draw(st.integers(1, 2)), tuple(checks[:1])))
    if GLOBAL not in regions and draw(st.booleans()):
        shortfalls.append(Shortfall(refusal(account, GLOBAL, operation="ListRoles"), 1, (), regions[0]))
    drawn = report(*parts, findings=findings, shortfalls=shortfalls, checks=checks)

    return evolve(drawn, checks=titles, account_names=names)


@SMALL
@given(st.lists(runs(), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_and_the_grouping_do_not_matter(reports, chance):
    """
    However reports are shuffled, put in groups, merged group by group, and some of them given twice, the result is the same.
    """
    whole = merge(reports)
    pieces = [*reports, *chance.sample(reports, chance.randint(0, len(reports)))]
    chance.shuffle(pieces)
    while len(pieces) > 1:
        size = chance.randint(2, len(pieces))
        pieces = [*pieces[size:], merge(pieces[:size])]

    assert whole == merge(pieces)


@SMALL
@given(runs(), runs(), runs())
def test_it_is_associative_and_commutative(one, two, three):
    """
    The laws that a merge in the large hangs on, each by itself.
    """
    assert merge([merge([one, two]), three]) == merge([one, merge([two, three])])
    assert merge([one, two]) == merge([two, one])


@SMALL
@given(st.lists(runs(), min_size=1, max_size=4))
def test_a_merged_report_is_a_report(reports):
    """
    Merging again changes nothing, and neither does writing it down in between.
    """
    merged = merge(reports)

    assert merged == merge([merged]) == merge([merged, *reports])
    assert merged == Report.from_json(json.loads(json.dumps(merged.to_json())))


@SMALL
@given(st.lists(runs(), min_size=1, max_size=4))
def test_expectations_commute_too(reports):
    """
    It is the same whether what is expected is said before or after, once or twice.
    """
    expected = [(account, region) for account in ACCOUNTS for region in REGIONS]
    whole = merge(reports, expected)

    assert whole == merge([merge(reports[:1], expected), *reports[1:]]) == merge([whole, *reports], expected)
    seen = {each.cell for each in whole.coverage.parts}
    assert set(expected) - seen <= {each.cell for each in whole.coverage.missing}
    assert set(expected) >= seen


@SMALL
@given(st.lists(runs(), min_size=1, max_size=4))
def test_sums_are_those_of_the_parts(reports):
    """
    Resources and requests of the whole are what its parts add up to.
    """
    coverage = merge(reports).coverage

    assert coverage.requests == sum(each.requests for each in coverage.parts)
    assert sum(coverage.resources.values()) == sum(sum(each.resources.values()) for each in coverage.parts)


def test_the_later_run_of_a_part_wins_whole():
    """
    Of a region that was scanned twice the later findings and shortfalls stand, and none of the earlier; others stay.
    """
    early = report(
        part(resources={"A::B": 2}, requests=5),
        part(region="us-east-1", resources={"A::B": 1}, requests=7),
        findings=[verdict(name="gone"), verdict(region="us-east-1")],
        shortfalls=[Shortfall(refusal(), 3, ("s3-open",))],
    )
    late = report(part(minute=5, requests=1), findings=[verdict(name="orders")])
    merged = merge([late, early])

    assert [("eu-west-1", "orders"), ("us-east-1", "orders")] == [(f.region, f.resource.name) for f in merged.findings]
    assert () == merged.coverage.shortfalls
    assert ({"A::B": 1}, 8) == (merged.coverage.resources, merged.coverage.requests)
    assert (at(0), at(6)) == (merged.started, merged.finished)


def test_what_never_came_is_told():
    """
    An expected region without a report is a shortfall that leaves all checks unknown, and its account is expected.
    """
    merged = merge([report(part())], [(ACCOUNTS[0], "eu-west-1"), (ACCOUNTS[0], GLOBAL), (ACCOUNTS[1], ANYWHERE)])

    assert [(ACCOUNTS[0], GLOBAL, MISSING), (ACCOUNTS[1], ANYWHERE, MISSING)] == [
        (s.gap.account, s.gap.region, s.gap.code) for s in merged.coverage.missing
    ]
    assert (ACCOUNTS, (ACCOUNTS[1],)) == (merged.accounts, merged.missing)
    assert CHECKS == merged.unanswered


def test_a_reason_goes_before_silence():
    """
    Where it is known why a part is missing, that it never came is not told besides; what came later is all there is.
    """
    gap = refusal(ACCOUNTS[1], ANYWHERE)
    lost = absent([gap], "aws", {}, BEGUN)
    expected = [(ACCOUNTS[1], ANYWHERE)]

    assert [gap] == [s.gap for s in merge([lost], expected).coverage.shortfalls]
    assert () == merge([lost, report(part(ACCOUNTS[1]))], expected).coverage.shortfalls


def test_nothing_came_at_all():
    """
    With no report, all that was expected is missing, in the partition of its regions; without either there is no report.
    """
    merged = merge([], [(ACCOUNTS[0], "cn-north-1")])

    assert ("aws-cn", (ACCOUNTS[0],), ("cn-north-1",)) == (merged.partition, merged.missing, merged.regions)
    with pytest.raises(ReportError, match="there is no report to merge"):
        merge([])


def test_partitions_do_not_mix():
    """
    Reports of different partitions are refused, whichever comes first.
    """
    foreign = report(part(), partition="aws-cn")

    for reports in ([report(part()), foreign], [foreign, report(part())]):
        with pytest.raises(ReportError, match="the partitions aws and aws-cn cannot be merged"):
            merge(reports)


def test_versions_mix_and_say_so():
    """
    Each part keeps its version; the report has the newest, by number; a check that one version lacked is named.
    """
    old = report(part(version="0.9.0"), checks=CHECKS[:2])
    new = report(part(region="us-east-1", version="0.10.0"))
    merged = merge([old, new])

    assert "0.10.0" == merged.tool_version
    assert [("0.9.0", ("sqs-encryption",)), ("0.10.0", ())] == [(p.version, p.without) for p in merged.coverage.parts]


def test_one_part_that_ended_early_is_told():
    """
    A report of which one part was stopped is not complete.
    """
    merged = merge([report(part()), report(part(region=GLOBAL, stopped=DEADLINE))])

    assert (DEADLINE, False) == (merged.coverage.stopped, merged.complete)


def test_findings_belong_to_parts():
    """
    A report that has findings where it did not look is refused: which run they are of cannot be told.
    """
    with pytest.raises(ReportError, match="has no part for 111122223333 in us-east-1"):
        merge([report(part(), findings=[verdict(region="us-east-1")])])


def test_lines_of_a_killed_scan_merge(make_report, make_finding):
    """
    A scan that was killed never named its parts; they are its regions, and those it has findings of.
    """
    killed = make_report(make_finding(region=GLOBAL), coverage=Coverage(stopped="CutShort"))
    merged = merge([killed])

    assert [("eu-central-1", "CutShort"), ("eu-west-1", "CutShort"), (GLOBAL, "CutShort")] == [
        (p.region, p.stopped) for p in merged.coverage.parts
    ]
    assert killed.findings == merged.findings


def test_accounts_that_a_killed_scan_did_not_reach(make_report, make_finding):
    """
    Where its lines do not tell which regions it was to look at, an account without findings is missing, not forgotten.
    """
    lines = make_report(make_finding(), accounts=ACCOUNTS, regions=(), coverage=Coverage(stopped="CutShort"))
    merged = merge([lines])

    assert (ACCOUNTS, ACCOUNTS[1:], "CutShort") == (merged.accounts, merged.missing, merged.coverage.stopped)
    assert [(ACCOUNTS[1], ANYWHERE)] == [shortfall.cell for shortfall in merged.coverage.missing]


@pytest.mark.parametrize(
    ("later", "fixed"),
    [
        (report(part(minute=9)), True),
        (report(part(minute=9, stopped=DEADLINE)), False),
        (report(part(minute=9, narrowed=True)), False),
        (report(part(minute=9), checks=CHECKS[:2]), False),
        (report(part(minute=9, region="us-east-1")), False),
        (absent([refusal(region=ANYWHERE)], "aws", {}, at(9)), False),
        (absent([refusal()], "aws", {id_: info(id_) for id_ in CHECKS}, at(9)), False),
    ],
)
def test_what_a_merge_did_not_see_is_not_fixed(later, fixed):
    """
    A failure is fixed only if the run of its part looked for it; a part that is missing, cut short or without the check leaves
    it open, whatever the other parts say.
    """
    earlier = report(part(), findings=[verdict()])
    others = report(part(ACCOUNTS[1], minute=9), part(ACCOUNTS[0], GLOBAL, minute=9))
    changes = earlier.diff(merge([later, others]))

    assert (fixed, not fixed) == (bool(changes.fixed), bool(changes.unseen))


def test_reports_are_taken_in_one_by_one():
    """
    A merger that is asked in between goes on where it was.
    """
    merger = Merger()
    merger.add(report(part()))
    first = merger.report()
    merger.add(report(part(ACCOUNTS[1])))

    assert ((ACCOUNTS[0],), ACCOUNTS) == (first.accounts, merger.report().accounts)


def test_ids_of_many_accounts_stay_short():
    """
    The id of an organization's report names the first account and how many more there are.
    """
    accounts = [f"{number:012}" for number in range(1, 41)]
    merged = merge([report(*map(part, reversed(accounts)))])

    assert "000000000001+39-20261127T030000Z" == merged.id
