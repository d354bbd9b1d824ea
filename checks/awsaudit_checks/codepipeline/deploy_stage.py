from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.codepipeline.stage import is_deploying, places


@check(
    "codepipeline-deploy-stage",
    title="The pipeline deploys",
    severity=Severity.INFO,
    remediation=Remediation(
        text="Add an action that deploys, or say in the pipeline's name that it only builds or tests.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/integrations-action-type.html",
    ),
)
def deploy_stage(pipeline: Pipeline) -> Iterator[Problem]:
    """
    What no pipeline deploys is deployed by hand, from somebody's machine and with somebody's rights. An action of category
    Deploy or Invoke passes, and a build or command that deploys by its name or that of its stage. Pipelines that only test
    pull requests are found here, too, and are well so.
    """
    every = places(pipeline)
    if not any(place.action.category in {"Deploy", "Invoke"} or is_deploying(place) for place in every):
        yield Problem(
            "no action of the pipeline deploys",
            expected="an action of category Deploy or Invoke",
            found=", ".join(dict.fromkeys(place.action.category for place in every)),
        )
