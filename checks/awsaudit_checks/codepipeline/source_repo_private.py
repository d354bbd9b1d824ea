from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.codepipeline import Action, Pipeline
from awsaudit_checks.codepipeline.change import is_github
from awsaudit_checks.codepipeline.stage import Place, sources
from awsaudit_checks.iam.certain import certain


@check(
    "codepipeline-source-repo-private",
    title="Source repositories belong to allow-listed organizations",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Take the source from a repository of your organization: a fork of it, or a mirror whose changes you review.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html",
    ),
    equivalents=("prowler:codepipeline_project_repo_private",),
)
def source_repo_private(pipeline: Pipeline, *, owners: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    What a pipeline deploys is what the owner of its repository wants: one of a person or of strangers is out of your
    reviews and your control of who may push. Repositories below *owners* pass: organizations, workspaces, groups with or
    without subgroups. Without *owners* nobody is judged.
    """
    outside = [p for p in sources(pipeline) if is_github(p.action) or p.action.provider == "CodeStarSourceConnection"]
    if not outside:
        raise NotApplicable("no source of the pipeline is a repository outside of AWS")
    if not owners:
        raise NotApplicable("no owners are configured")
    yield from certain(outside, lambda place: _strange(place, owners))


def _strange(place: Place, owners: tuple[str, ...]) -> Problem | None:
    repository = _repository(place.action)
    # Names of owners and repositories have no case at any of the providers.
    if any(repository.lower().startswith(f"{owner.strip('/').lower()}/") for owner in owners):
        return None

    return Problem(
        f"the source {place.action.name} is {repository}",
        expected=f"a repository of {', '.join(owners)}",
        found=repository,
        sub_key=f"{place.stage.name}.{place.action.name}",
    )


def _repository(action: Action) -> str:
    """
    Return the repository of *action* with its owner.

    Raises:
        Undecided: AWS does not tell it, or variables do.
    """
    repository = action.configured("FullRepositoryId")
    if is_github(action):
        repository = f"{action.configured('Owner') or ''}/{action.configured('Repo') or ''}"
    if not repository or repository.startswith("/") or "#{" in repository:
        raise Undecided(f"whose the repository of the source {action.name} is cannot be told")

    return repository
