"""
Elastic Load Balancing: application, network and gateway load balancers, and where they send traffic.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Kind, Resource
from awsaudit.parser import flag, many, optional_integer, optional_text, record, text, texts


LOAD_BALANCERS = Call("DescribeLoadBalancers", result="LoadBalancers[]")
LISTENERS = Call(
    "DescribeListeners",
    result="Listeners[]",
    params={"LoadBalancerArn": "$parent:LoadBalancerArn"},
    gone=("LoadBalancerNotFoundException", "LoadBalancerNotFound"),
)
# Listeners of network load balancers have no rules besides the default.
RULES = Call(
    "DescribeRules",
    result="Rules",
    params={"ListenerArn": "$ListenerArn"},
    when="$parent:Type == 'application'",
    gone=("ListenerNotFoundException", "ListenerNotFound"),
)
TARGET_GROUPS = Call("DescribeTargetGroups", result="TargetGroups[]")
# Targets of a group behind no load balancer get no traffic.
TARGETS = Call(
    "DescribeTargetHealth",
    result="TargetHealthDescriptions",
    params={"TargetGroupArn": "$TargetGroupArn"},
    when="$LoadBalancerArns[0]",
    gone=("TargetGroupNotFoundException", "TargetGroupNotFound"),
)


class LoadBalancer(Resource):
    """An application, network or gateway load balancer."""

    service: ClassVar[str] = "elbv2"
    type: ClassVar[str] = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    listing: ClassVar[Call] = LOAD_BALANCERS

    arn = Fact(LOAD_BALANCERS, "LoadBalancerArn", text, "The load balancer's ARN.")
    name = Fact(LOAD_BALANCERS, "LoadBalancerName", text, "The load balancer's name.")
    kind = Fact(LOAD_BALANCERS, "Type", text, "``application``, ``network`` or ``gateway``.")
    scheme = Fact(
        LOAD_BALANCERS,
        "Scheme",
        optional_text,
        "``internet-facing`` or ``internal``; unset for a gateway load balancer.",
    )
    state = Fact(LOAD_BALANCERS, "State.Code", optional_text, "``active``, ``provisioning`` and so on.")
    vpc_id = Fact(LOAD_BALANCERS, "VpcId", optional_text, "The VPC that it is in.")
    subnet_ids = Fact(LOAD_BALANCERS, "AvailabilityZones[].SubnetId", texts, "The subnets that it is in.")
    security_groups = Fact(
        LOAD_BALANCERS, "SecurityGroups", texts, "The ids of its security groups; without any it lets everybody in."
    )


@frozen
class Action:
    """
    What is done with a request or connection.

    Args:
        kind: ``forward``, ``redirect``, ``fixed-response``, ``authenticate-oidc``, ``jwt-validation`` and so on.

        groups: The ARNs of the target groups that it is sent to.

        protocol: The protocol of a redirect; None for something else.

        strangers: What is done with somebody who is not signed in: ``deny``, ``allow`` or ``authenticate``; None where
            nobody has to sign in, or it is not said.
    """

    kind: str
    groups: tuple[str, ...]
    protocol: str | None
    strangers: str | None


@frozen
class Rule:
    """
    A rule of a listener.

    Args:
        arn: The rule's ARN.

        is_default: Whether it holds where no other one does.

        actions: What is done, in order.

        sources: The CIDR blocks that a request has to come from; empty for anywhere.

        paths: The paths that it is about, with wildcards; empty for all.
    """

    arn: str
    is_default: bool
    actions: tuple[Action, ...]
    sources: tuple[str, ...]
    paths: tuple[str, ...]


_ACTIONS = many(
    record(
        Action,
        kind=("Type", text),
        groups=("[TargetGroupArn, ForwardConfig.TargetGroups[].TargetGroupArn][]", texts),
        protocol="RedirectConfig.Protocol",
        strangers="AuthenticateOidcConfig.OnUnauthenticatedRequest || AuthenticateCognitoConfig.OnUnauthenticatedRequest",
    )
)


class Listener(Resource):
    """What a load balancer listens on."""

    service: ClassVar[str] = "elbv2"
    type: ClassVar[str] = "AWS::ElasticLoadBalancingV2::Listener"
    listing: ClassVar[Call] = LISTENERS
    parent: ClassVar[Kind] = LoadBalancer

    arn = Fact(LISTENERS, "ListenerArn", text, "The listener's ARN.")
    balancer_arn = Fact(LISTENERS, "LoadBalancerArn", text, "The load balancer's ARN.")
    port = Fact(LISTENERS, "Port", optional_integer, "The port; unset for a gateway load balancer.")
    protocol = Fact(
        LISTENERS, "Protocol", optional_text, "``HTTP``, ``HTTPS``, ``TCP``, ``TLS``, ``UDP``, ``TCP_UDP`` and so on."
    )
    ssl_policy = Fact(LISTENERS, "SslPolicy", optional_text, "The TLS policy; unset without TLS.")
    certificates = Fact(LISTENERS, "Certificates[].CertificateArn", texts, "Its default certificate's ARN.")
    actions = Fact(
        LISTENERS,
        "DefaultActions[].Type",
        texts,
        "What is done by default: ``forward``, ``redirect``, ``authenticate-oidc`` …",
    )
    redirect_protocols = Fact(
        LISTENERS,
        "DefaultActions[].RedirectConfig.Protocol",
        texts,
        "The protocols that redirects of the default lead to.",
    )

    steps = Fact(LISTENERS, "DefaultActions", _ACTIONS, "What is done by default, in order.")
    client_certificates = Fact(
        LISTENERS,
        "MutualAuthentication.Mode",
        optional_text,
        "``verify`` where clients need a certificate, ``passthrough`` where they are not looked at, ``off``, or unset.",
    )
    rules = Fact(
        RULES,
        "@",
        many(
            record(
                Rule,
                arn=("RuleArn", text),
                is_default=("IsDefault", flag),
                actions=("Actions", _ACTIONS),
                sources=("Conditions[].SourceIpConfig.Values[]", texts),
                paths=("Conditions[?Field=='path-pattern'].[Values, PathPatternConfig.Values][] | [] | []", texts),
            )
        ),
        "Its rules, the default among them; none where it is not an application load balancer's.",
    )

    @property
    def name(self) -> str:
        """What people call it: its protocol and port."""
        return f"{self.protocol}:{self.port}"


@frozen
class Target:
    """
    Where a target group sends traffic.

    Args:
        id: The id of an instance, an IP address, or the ARN of a function or load balancer.

        port: The port; None for a function.
    """

    id: str
    port: int | None


class TargetGroup(Resource):
    """What load balancers send traffic to."""

    service: ClassVar[str] = "elbv2"
    type: ClassVar[str] = "AWS::ElasticLoadBalancingV2::TargetGroup"
    listing: ClassVar[Call] = TARGET_GROUPS

    arn = Fact(TARGET_GROUPS, "TargetGroupArn", text, "The target group's ARN.")
    name = Fact(TARGET_GROUPS, "TargetGroupName", text, "The target group's name.")
    protocol = Fact(TARGET_GROUPS, "Protocol", optional_text, "The protocol to targets; unset for functions.")
    port = Fact(TARGET_GROUPS, "Port", optional_integer, "The port of targets that name none; unset for functions.")
    kind = Fact(TARGET_GROUPS, "TargetType", optional_text, "``instance``, ``ip``, ``lambda`` or ``alb``.")
    balancer_arns = Fact(TARGET_GROUPS, "LoadBalancerArns", texts, "The load balancers that use it.")
    targets = Fact(
        TARGETS,
        "[].Target",
        many(record(Target, id=("Id", text), port=("Port", optional_integer))),
        "Its targets, healthy or not; none where no load balancer uses it.",
    )
