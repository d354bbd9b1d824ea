from collections.abc import Iterator

from attrs import evolve

from awsaudit import Inventory, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ecs import TaskFamily
from awsaudit.resources.task_definition import ContainerText, TaskText
from awsaudit.secrets import Hit
from awsaudit_checks.ecs.definition import TEXTS, judged, text_of
from awsaudit_checks.leak import leak


@check(
    "ecs-taskdef-env-secrets",
    title="Task definition environment holds no secrets",
    severity=Severity.CRITICAL,
    uses=TEXTS,
    equivalents=("prowler:ecs_task_definitions_no_environment_secrets",),
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may describe task definitions has read it, and old revisions keep "
        "it. Put the new one into Secrets Manager or Parameter Store, register a revision whose secrets name it there, let "
        "the service use that, then deregister and delete the old revisions.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
    ),
)
def taskdef_env_secrets(family: TaskFamily, account: Inventory) -> Iterator[Problem | Note]:
    """
    A revision is shown, for good, to everybody who may describe task definitions; so are commands, labels and the options of
    log drivers in it. A value in the shape of a known credential fails; a random-looking value under a telling name is a
    guess and fails with lower severity. Names of secrets and parameters pass. Files of variables in S3 are not read: with
    them, what is clean otherwise is unknown. Of a family that nothing uses the newest revision gets a remark.
    """
    yield from judged(family, account, text_of, _leaks)


def _leaks(text: TaskText) -> Iterator[Problem]:
    found = [(container, where, hit) for container in text.containers for where, hit in _hits(container)]
    for container, where, hit in found:
        problem = leak(hit, f"{where} of the container {container.name}", Severity.HIGH)
        yield evolve(problem, sub_key=f"{container.name}/{problem.sub_key}")
    files = next((container.files[0] for container in text.containers if container.files), None)
    if files and not found:
        raise Undecided(f"variables come from {files}, too, which is not read")


def _hits(container: ContainerText) -> Iterator[tuple[str, Hit]]:
    """Yield what holds a secret, in words, and the secret."""
    for variable in container.variables:
        for hit in variable.hits if variable else ():
            yield f"the variable {hit.name.removeprefix('environment.')}", hit
    for where, words in (("the entry point", container.entry_point), ("the command", container.command)):
        for hit in words.hits if words else ():
            yield where, hit
    for where, hits in (
        ("the health check", container.health_check),
        ("a label", container.labels),
        ("an option of the log driver", container.log_options),
        ("an option of the log router", container.router_options),
    ):
        for hit in hits:
            yield where, hit
