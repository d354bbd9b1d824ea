"""
The schema registry of Amazon EventBridge.

https://docs.aws.amazon.com/eventbridge/latest/schema-reference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import document, optional_text, text


DISCOVERERS = Call("ListDiscoverers", result="Discoverers[]")
# Those that AWS fills with the schemas of its own services belong to nobody else.
REGISTRIES = Call("ListRegistries", result="Registries[]", params={"Scope": "LOCAL"})
POLICY = Call("GetResourcePolicy", params={"RegistryName": "$RegistryName"}, absent=("NotFoundException",))


class Discoverer(Resource):
    """What infers schemas from the events of a bus."""

    service: ClassVar[str] = "schemas"
    type: ClassVar[str] = "AWS::EventSchemas::Discoverer"
    listing: ClassVar[Call] = DISCOVERERS
    label: ClassVar[str] = "id"

    arn = Fact(DISCOVERERS, "DiscovererArn", text, "The discoverer's ARN.")
    id = Fact(DISCOVERERS, "DiscovererId", text, "The discoverer's id.")
    source_arn = Fact(DISCOVERERS, "SourceArn", text, "The event bus.")
    state = Fact(DISCOVERERS, "State", optional_text, "``STARTED`` or ``STOPPED``.")


class SchemaRegistry(Resource):
    """A registry of schemas, the account's own or the one that discovered schemas go to."""

    service: ClassVar[str] = "schemas"
    type: ClassVar[str] = "AWS::EventSchemas::Registry"
    listing: ClassVar[Call] = REGISTRIES

    arn = Fact(REGISTRIES, "RegistryArn", text, "The registry's ARN.")
    name = Fact(REGISTRIES, "RegistryName", text, "The registry's name.")
    policy = Fact(POLICY, "Policy", document, "Its resource policy; unset without one.")
