from collections.abc import Iterator

from awsaudit import Hop, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.codepipeline.change import is_github
from awsaudit_checks.codepipeline.stage import described, sources


@check(
    "codepipeline-github-oauth-v1",
    title="Sources use connections, not OAuth tokens",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Make a connection to GitHub, put a source of CodeStarSourceConnection with its ConnectionArn in the place of the "
        "old one, and revoke the token in GitHub.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/update-github-action-connections.html",
    ),
)
def github_oauth_v1(pipeline: Pipeline) -> Iterator[Problem]:
    """
    GitHub's first version holds a personal token, which reaches every repository of whoever made it, does not end and is
    in templates and Terraform state. A connection is an app of GitHub that is given single repositories, with no token to
    keep.
    """
    old = [place for place in sources(pipeline) if is_github(place.action)]
    if not old and not any(p.action.provider == "CodeStarSourceConnection" for p in sources(pipeline)):
        raise NotApplicable("no source of the pipeline is a repository outside of AWS")
    for place in old:
        name = place.action.name
        yield Problem(
            f"the source {name} reads {described(place.action).partition(': ')[2]} with a personal token",
            expected="CodeStarSourceConnection",
            found="GitHub, version 1",
            sub_key=f"{place.stage.name}.{name}",
            path=(
                Hop(f"{place.stage.name}/{name}", "source", described(place.action)),
                Hop(pipeline.arn, Pipeline.type, "it takes its source by a personal token", holds=False),
            ),
        )
