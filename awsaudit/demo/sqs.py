"""
The company's queues.
"""

from __future__ import annotations

from awsaudit.demo.company import Company


def build(company: Company) -> None:
    """Build the queues."""
    sqs = company.client("sqs")
    sqs.create_queue(QueueName="deposits", Attributes={"SqsManagedSseEnabled": "true"})
    sqs.create_queue(QueueName="withdrawals", Attributes={"SqsManagedSseEnabled": "false"})
