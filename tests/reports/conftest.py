"""A report with everything in it that a format may have to tell."""

import datetime

import pytest

from attrs import evolve

from awsaudit import Gap, GapKind, Severity, Status
from awsaudit.change import Baseline
from awsaudit.check import Suppression


DENIED = Gap(
    "111122223333",
    "eu-west-1",
    "sqs",
    "GetQueueAttributes",
    "AccessDenied",
    GapKind.DENIED,
    ("sqs:GetQueueAttributes",),
)
ACCEPTED = Suppression("Moved to SSE-KMS in SEC-412", datetime.date(2027, 3, 31), "queues@example.com")


@pytest.fixture
def eventful(make_report, make_finding):
    """
    Return a report in which orders is new, ledger unchanged and critical, fees accepted, and one queue each passed, did not
    apply and could not be seen; the earlier failures of rewards are fixed, those of payouts cannot be told.
    """
    ledger = make_finding("ledger", severity=Severity.CRITICAL, expected="SSE-SQS", found="none")
    begun = datetime.datetime(2026, 11, 1, 8, tzinfo=datetime.UTC)
    earlier = make_report(
        make_finding("rewards", severity=Severity.HIGH), make_finding("payouts"), ledger, started=begun, finished=begun
    )
    later = make_report(
        make_finding("orders", tags={"team": "trading"}),
        ledger,
        make_finding("fees", severity=Severity.LOW, suppression=ACCEPTED),
        make_finding("beacon", Status.PASS),
        make_finding("relay", Status.NOT_APPLICABLE),
        make_finding("rewards", Status.PASS),
        make_finding("payouts", Status.UNKNOWN, message=str(DENIED), gaps=(DENIED,)),
    )
    return Baseline.of(earlier).compare(later)


@pytest.fixture
def everything_hostile(make_report, make_finding):
    """Return a function that makes a report in which a name stands in every place."""

    def make(name, fix=None):
        from awsaudit import Hop

        more = {
            "account": name,
            "region": name,
            "message": name,
            "expected": name,
            "found": name,
            "sub_key": name,
            "notes": (name,),
            "terraform": name,
            "tags": {name: name, "note": name * 300},
            "path": (Hop(name, name, name),),
            **({} if fix is None else {"fix": fix}),
        }
        accepted = evolve(ACCEPTED, reason=name, owner=name)
        gap = evolve(DENIED, service=name, operation=name, code=name, resource=name)
        earlier = make_report(make_finding(f"{name}2", **more), make_finding(f"{name}3", **more))
        later = make_report(
            make_finding(name, **more),
            make_finding(f"{name}4", **more, suppression=accepted),
            make_finding(f"{name}3", Status.UNKNOWN, **{**more, "fix": None}, gaps=(gap,)),
            make_finding(f"{name}2", Status.PASS, **{**more, "fix": None}),
            tool_version=name,
            regions=(name,),
            account_names={name: name},
        )
        return Baseline.of(earlier).compare(later)

    return make
