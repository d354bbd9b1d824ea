import re
import shlex

import jmespath
import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.v2_rollback import v2_rollback
from tests.checks.codepipeline.runs import BUILD, SOURCE, condition, deploy, run


@pytest.mark.parametrize(
    ("more", "found"), [({}, "nothing"), ({"onFailure": {"result": "FAIL"}}, "FAIL"), ({"onFailure": {}}, "nothing")]
)
def test_flags_stages_that_stay_where_they_fail(more, found):
    """
    What the command makes of the pipeline passes.
    """
    stages = [SOURCE, BUILD, deploy("Prod", **more)]
    (finding,) = run_check(v2_rollback, run(*stages))
    words = shlex.split(re.sub(r"\$\((.*?)\) &&", r"\1 &&", finding.fix))
    mended = jmespath.search(words[words.index("--query") + 1], {"pipeline": {"name": "release", "stages": stages}})

    assert (Status.FAIL, Severity.LOW, found) == (finding.status, finding.severity, finding.found)
    assert [True, True, False] == [hop.holds for hop in finding.path]
    assert ("release", stages[:2]) == (mended["name"], mended["stages"][:2])
    assert [Status.PASS] == statuses(run_check(v2_rollback, run(*mended["stages"])))


@pytest.mark.parametrize(
    "failure",
    [condition("FAIL"), {"result": "RETRY", "retryConfiguration": {"retryMode": "FAILED_ACTIONS"}}],
)
def test_gives_no_command_that_would_lose_what_is_set(failure):
    """
    Somebody thought of what happens there.
    """
    (finding,) = run_check(v2_rollback, run(SOURCE, deploy("Prod", onFailure=failure)))

    assert finding.fix is None


@pytest.mark.parametrize("more", [{"onFailure": {"result": "ROLLBACK"}}, {"onFailure": condition("ROLLBACK")}])
def test_accepts_a_rollback(more):
    """
    Also on a condition; stages that do not deploy need none.
    """
    assert [Status.PASS] == statuses(run_check(v2_rollback, run(SOURCE, BUILD, deploy("Prod", **more))))


def test_v1_passes_with_a_remark():
    """
    It cannot roll back.
    """
    (finding,) = run_check(v2_rollback, run(SOURCE, deploy("Prod"), pipelineType=None))

    assert (Status.PASS, ("stages of V1 pipelines cannot roll back; those of V2 can",)) == (
        finding.status,
        finding.notes,
    )


def test_does_not_apply_where_nothing_is_deployed():
    """
    And does not know what was refused.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(v2_rollback, run(SOURCE, BUILD)))
    assert [Status.UNKNOWN] == statuses(run_check(v2_rollback, fake(Pipeline)))
