from awsaudit import Status
from awsaudit.change import Baseline


def test_without_a_baseline(make_report):
    """
    A report that was not compared says so.
    """
    assert "no earlier report" in make_report().render("changes")


def test_worst_is_last(make_report, make_finding):
    """
    New failures are nearest the prompt, the worst of them last.
    """
    from awsaudit import Severity

    earlier = make_report(make_finding("fixed"), make_finding("hidden"))
    later = make_report(
        make_finding("minor", severity=Severity.LOW),
        make_finding("major", severity=Severity.HIGH),
        make_finding("hidden", Status.UNKNOWN),
    )
    text = Baseline.of(earlier).compare(later).render("changes")
    places = [text.index(word) for word in ("hidden", "fixed", "minor", "major", "2 new · 1 fixed · 1 not seen again")]

    assert sorted(places) == places


def test_nothing_changed(make_report, make_finding):
    """
    Without changes there is one line.
    """
    report = make_report(make_finding())
    text = Baseline.of(report).compare(report).render("changes")

    assert 1 == len(text.splitlines())
    assert text.startswith("0 new · 0 fixed · 1 unchanged")


def test_hostile_names(make_report, make_finding):
    """
    A control character in a name does not reach the terminal.
    """
    text = Baseline.of(make_report()).compare(make_report(make_finding("a\x1b[31m"))).render("changes")

    assert "\x1b" not in text
