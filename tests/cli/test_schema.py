import json

import jsonschema


def test_prints_the_schema_that_reports_keep(cli, account, home):
    """
    What is printed is a JSON Schema, and what a scan writes keeps it.
    """
    schema = json.loads(cli("schema").out)
    cli("scan", "--region", "eu-west-1", "-c", "sqs-encryption", "-o", "r.json")

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((home / "r.json").read_text()), schema)
