"""Launch templates: which of their versions count, as something is started from them, and what is wrong with these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeVar

from awsaudit import Inventory, NotApplicable
from awsaudit.resources.autoscaling import Group, TemplateVersion
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.eks import Nodegroup
from awsaudit.resources.launch_template import LaunchTemplate, LaunchTemplateVersion
from awsaudit_checks.iam.certain import certain


LAUNCHERS: Final = (Group.name, Group.templates, Nodegroup.name, Nodegroup.launch_template_id,
                    Nodegroup.launch_template_version)  # fmt: skip
"""What starts instances from a template, for the ``uses`` of a check."""

HOSTS: Final = (Instance.id, Instance.tags)
"""What was started from one."""

VERSION: Final = (LaunchTemplateVersion.number, LaunchTemplateVersion.template_id)
"""What tells versions apart."""

_TEMPLATE_TAG: Final = "aws:ec2launchtemplate:id"
_VERSION_TAG: Final = "aws:ec2launchtemplate:version"

T = TypeVar("T")


def refuse_managed_template(template: LaunchTemplate) -> None:
    """Raise NotApplicable for templates that AWS runs."""
    if template.managed:
        raise NotApplicable("AWS runs it, and its owner cannot change it")


def found_in(
    template: LaunchTemplate,
    account: Inventory,
    judge: Callable[[LaunchTemplateVersion], T | None],
    *,
    newest: bool = False,
    hosts: bool = False,
) -> tuple[tuple[LaunchTemplateVersion, str, T], ...]:
    """
    Return what *judge* finds in each version of *template* that counts: the version, why it counts, and what was found.

    Args:
        template: The template.

        account: Where what uses it is looked up.

        judge: Returns None where it finds nothing.

        newest: Whether the newest version counts, though nothing names it.

        hosts: Whether versions count that nothing but running hosts was started from.

    Raises:
        EvidenceMissing, Undecided: It finds nothing, and it is not known of some version whether that holds, or counts.
    """
    known = _known(template, account, newest=newest, hosts=hosts)
    versions = account.children(template, LaunchTemplateVersion)

    def of(version: LaunchTemplateVersion) -> tuple[LaunchTemplateVersion, str, T] | None:
        found = judge(version)
        return None if found is None else (version, known[version.number], found)

    found = certain((version for version in versions if version.number in known), of)
    if not found and certain((version for version in versions if version.number not in known), judge, most=1):
        _see_everything(account, template.region, hosts=hosts)

    return found


def _known(template: LaunchTemplate, account: Inventory, *, newest: bool, hosts: bool) -> Mapping[int, str]:
    """Return why each version that is known to count does, by its number."""
    region = template.region
    known = {template.default: "its default version"}
    if newest:
        known.setdefault(template.latest, "its newest version")
    for group in account.seen(Group, region):
        for named in group.templates:
            if template.id == named.id or template.name == named.name:
                known.setdefault(_number(template, named.version), f"the one of the group {group.name}")
    for nodes in account.seen(Nodegroup, region):
        if nodes.know("launch_template_id") == template.id:
            version = nodes.know("launch_template_version")
            known.setdefault(_number(template, version), f"the one of the node group {nodes.know('name')}")
    if hosts:
        for number, ids in _started(template, account).items():
            known.setdefault(number, f"the one that {ids[0]} was started from")

    return known


def is_pinned(template: LaunchTemplate, number: int, account: Inventory) -> bool:
    """Tell whether a group that could be seen starts version *number* of *template* by that number."""
    groups = (named for group in account.seen(Group, template.region) for named in group.templates)
    by_group = any(named.id == template.id and named.version == str(number) for named in groups)
    by_nodes = any(
        nodes.know("launch_template_id") == template.id and nodes.know("launch_template_version") == str(number)
        for nodes in account.seen(Nodegroup, template.region)
    )

    return by_group or by_nodes


def subnets_of(template: LaunchTemplate, number: int, account: Inventory) -> tuple[str, ...]:
    """
    Return the subnets of the groups and node groups that start version *number* of *template*.

    Raises:
        EvidenceMissing: They could not all be listed.
    """
    region = template.region
    found: list[str] = []
    for group in account.every(Group, region):
        found += group.subnet_ids if any(is_named(template, number, each) for each in group.templates) else ()
    for nodes in account.every(Nodegroup, region):
        if nodes.launch_template_id == template.id and _number(template, nodes.launch_template_version) == number:
            found += nodes.subnet_ids

    return tuple(dict.fromkeys(found))


def is_named(template: LaunchTemplate, number: int, named: TemplateVersion) -> bool:
    """Tell whether *named*, as a group has it, is version *number* of *template*."""
    return (template.id == named.id or template.name == named.name) and _number(template, named.version) == number


def _number(template: LaunchTemplate, version: str | None) -> int:
    if version and version.isdigit():
        return int(version)

    return template.latest if version == "$Latest" else template.default


def _started(template: LaunchTemplate, account: Inventory) -> Mapping[int, list[str]]:
    """Return the ids of the hosts that were started from *template*, by the number of the version."""
    index = account.once(
        ("hosts by template", template.region), lambda: _by_template(account.seen(Instance, template.region))
    )
    return index.get(template.id, {})


def _by_template(instances: Iterable[Instance]) -> Mapping[str, Mapping[int, list[str]]]:
    found: dict[str, dict[int, list[str]]] = {}
    for instance in instances:
        id_, number = instance.tags.get(_TEMPLATE_TAG), instance.tags.get(_VERSION_TAG, "")
        if id_ and number.isdigit():
            found.setdefault(id_, {}).setdefault(int(number), []).append(instance.id)

    return found


def hosts_of(version: LaunchTemplateVersion, account: Inventory) -> Iterator[Instance]:
    """
    Yield the hosts that were started from *version*.

    Raises:
        EvidenceMissing: They could not all be listed.
    """
    for instance in account.every(Instance, version.region):
        tags = instance.tags
        if (tags.get(_TEMPLATE_TAG), tags.get(_VERSION_TAG)) == (version.template_id, str(version.number)):
            yield instance


def _see_everything(account: Inventory, region: str, *, hosts: bool) -> None:
    """
    Do nothing, unless what may use a template is hidden.

    Raises:
        EvidenceMissing: It is.
    """
    account.every(Group, region)
    for nodes in account.every(Nodegroup, region):
        _ = nodes.launch_template_id, nodes.launch_template_version
    if hosts:
        account.every(Instance, region)


def version_of(instance: Instance) -> tuple[str, int] | None:
    """Return the template and version that *instance* was started from; None for neither."""
    id_, number = instance.tags.get(_TEMPLATE_TAG), instance.tags.get(_VERSION_TAG, "")
    return (id_, int(number)) if id_ and number.isdigit() else None


def told(found: Iterable[tuple[LaunchTemplateVersion, str, object]]) -> str:
    """Return the versions of *found*, and why they count, as a phrase."""
    return ", ".join(f"version {version.number} ({why})" for version, why, _ in found)
