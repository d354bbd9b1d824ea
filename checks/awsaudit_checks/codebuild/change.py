"""
How one setting of a build project is changed: AWS takes a structure whole, so the rest of it is read back first.
"""

from __future__ import annotations


def change(option: str, query: str) -> str:
    """
    Return the command that gives a project a changed structure.

    Args:
        option: The structure's option of update-project.

        query: JMESPath that makes the changed structure of the project ``projects[0]``; a placeholder in it stands between
            two single quotes.
    """
    read = f"aws codebuild batch-get-projects --region {{region}} --names {{name}} --query '{query}' --output json"
    return f'aws codebuild update-project --region {{region}} --name {{name}} --{option} "$({read})"'
