from pathlib import Path

from awsaudit.article import Article, Recommendation, articles, coverage_page


DATA = Path(__file__).parent.parent / "docs/coverage.toml"


def test_each_recommendation_has_a_check_or_a_reason():
    """
    Of the ten articles no recommendation is left without a check that looks at it, or a reason why none can.
    """
    found = articles(DATA)

    assert list(range(1, 11)) == [article.number for article in found]
    assert [] == [
        each.text for article in found for each in article.recommendations if not (each.checks or each.reason)
    ]


def test_tells_checks_that_exist_from_others():
    """
    A check that is not there is named as not yet written, and counts for nothing.
    """
    seen = Recommendation("Encrypt | everything", ("sqs-encryption", "sqs-later"))
    unseen = Recommendation("Write clear messages", (), "A habit.")

    page = coverage_page([Article(3, "Queues", (seen, unseen))], {"sqs-encryption"})

    assert "| Encrypt \\| everything | [sqs-encryption](checks/sqs-encryption.md) | Not yet: `sqs-later`. |" in page
    assert "| Write clear messages | – | A habit. |" in page
    assert "2 things in all" in page
    assert "1 have checks, 1 no check can see" in page
