"""Tables by which Terraform locks its state."""

from __future__ import annotations

from awsaudit.resources.dynamodb import Table


# https://docs.aws.amazon.com/prescriptive-guidance/latest/terraform-aws-provider-best-practices/backend.html
def locks_state(table: Table) -> bool:
    """Tell whether *table* has the key that Terraform's backend asks for, and no other."""
    return [(part.name, part.kind) for part in table.key] == [("LockID", "HASH")]
