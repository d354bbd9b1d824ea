import json

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.elbv2 import Listener, LoadBalancer, Rule, Target, TargetGroup
from awsaudit_checks.elbv2.passage import balancer_of, rules_of
from awsaudit_checks.iam.certain import certain


_TLS: Final = frozenset({"HTTPS", "TLS"})
_TCP: Final = frozenset({"TCP", "TCP_UDP", "TCP_QUIC"})
_JUDGED: Final = frozenset({80, 443, 8080, 8545, 8546})
_PLAIN_PORTS: Final = frozenset({80, 3000, 8000, 8080, 8545, 8546})
_TLS_PORTS: Final = frozenset({443, 6443, 8443, 9443})
# Those who issue certificates ask for this path over HTTP. RFC 8555, 8.3.
_CHALLENGE: Final = "/.well-known/acme-challenge/"
_DEFAULT: Final = "aws elbv2 modify-listener --region {region} --listener-arn {arn} --default-actions {redirect}"
_RULE: Final = "aws elbv2 modify-rule --region {region} --rule-arn {rule} --actions {redirect}"


@check(
    "elbv2-listener-tls",
    title="Internet-facing listeners use TLS",
    severity=Severity.MEDIUM,
    equivalents=("prowler:elbv2_ssl_listeners",),
    uses=(
        LoadBalancer.arn, LoadBalancer.name, LoadBalancer.kind, LoadBalancer.scheme, TargetGroup.arn, TargetGroup.name,
        TargetGroup.kind, TargetGroup.port, TargetGroup.targets,
    ),
    remediation=Remediation(
        text="Let the HTTP listener redirect to an HTTPS one, and replace TCP listeners by TLS ones with a certificate of ACM.",
        cli=_DEFAULT,
        url="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
    ),
)  # fmt: skip
def listener_tls(listener: Listener, account: Inventory) -> Iterator[Problem]:
    """
    What goes over the internet in plain text is read and changed on its way, session cookies and RPC calls alike. HTTPS
    and TLS pass, and HTTP that redirects to HTTPS or answers itself, a path for ACME aside. TCP on ports of the web and of
    JSON-RPC is judged by the ports of the targets. Other ports over TCP, such as those for peers, are not judged.
    """
    balancer = balancer_of(listener)
    if balancer.scheme != "internet-facing":
        raise NotApplicable("its load balancer does not face the internet")
    if listener.protocol in _TLS:
        return
    if listener.protocol == "HTTP":
        yield from _plain_http(listener, balancer, account)
    elif listener.protocol in _TCP and listener.port in _JUDGED:
        yield from _plain_tcp(listener, account)
    else:
        raise NotApplicable(f"what is spoken on {listener.name} cannot be told by its port")


def _plain_http(listener: Listener, balancer: LoadBalancer, account: Inventory) -> Iterator[Problem]:
    plain = certain(rules_of(listener, balancer), lambda rule: rule if _is_plain(rule) else None)
    secure = (
        account.first_of(account.children(balancer, Listener), lambda each: each.protocol == "HTTPS") if plain else None
    )
    for rule in plain:
        what = "by default it" if rule.is_default else f"its rule {rule.arn.rpartition('/')[2]}"
        yield Problem(
            f"{what} passes HTTP on without TLS",
            expected="a redirect to HTTPS",
            found="HTTP",
            sub_key="" if rule.is_default else rule.arn.rpartition("/")[2],
            cli=_DEFAULT if rule.is_default else _RULE,
            fill={"rule": rule.arn, "redirect": _redirect(secure.port)} if secure else {},
        )


def _redirect(port: int | None) -> str:
    config = {"Protocol": "HTTPS", "Port": str(port), "StatusCode": "HTTP_301"}
    return json.dumps([{"Type": "redirect", "RedirectConfig": config}])


def _is_plain(rule: Rule) -> bool:
    if rule.paths and all(path.startswith(_CHALLENGE) for path in rule.paths):
        return False

    return any(action.groups or (action.kind == "redirect" and action.protocol != "HTTPS") for action in rule.actions)


@frozen
class _End:
    """
    Where traffic ends.

    Args:
        name: The target group, or the load balancer behind it.

        port: The port.

        plain: Whether plain text is spoken there; None where that cannot be told.
    """

    name: str
    port: int | None
    plain: bool | None


def _plain_tcp(listener: Listener, account: Inventory) -> Iterator[Problem]:
    arns = [arn for action in listener.steps for arn in action.groups]
    for end in certain(_ends(arns, account), _if_plain, most=1):
        yield Problem(
            f"it passes TCP on to port {end.port} of {end.name}, where plain text is spoken",
            expected="a TLS listener",
            found=str(listener.protocol),
        )


def _ends(arns: Iterable[str], account: Inventory) -> Iterator[_End]:
    for arn in dict.fromkeys(arns):
        group = account.by_arn(TargetGroup, arn)
        if group is None:
            continue
        if group.kind == "alb":
            for target in group.targets:
                yield from _behind(target, account)
        else:
            for port in {target.port for target in group.targets} or {group.port}:
                told = port in _PLAIN_PORTS | _TLS_PORTS
                yield _End(group.name, port, port in _PLAIN_PORTS if told else None)


def _behind(target: Target, account: Inventory) -> Iterator[_End]:
    balancer = account.by_arn(LoadBalancer, target.id)
    for listener in account.children(balancer, Listener) if balancer else ():
        if balancer and listener.port == target.port:
            plain = listener.protocol == "HTTP" and any(_is_plain(rule) for rule in rules_of(listener, balancer))
            yield _End(balancer.name, target.port, plain)


def _if_plain(end: _End) -> _End | None:
    if end.plain is None:
        raise Undecided(f"whether TLS is spoken on port {end.port} of {end.name} cannot be told")

    return end if end.plain else None
