import pytest

from awsaudit.errors import DeclarationError
from awsaudit.gist import Gist, gist_of
from awsaudit.parser import gist
from awsaudit.projection import GIST, SECRET, WHOLE, covers, merge, project


TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9" * 2
OPAQUE = "q7Zr91xK" + "fM2wTbn4LsV8"


@pytest.mark.parametrize(
    ("text", "shown", "detectors"),
    [
        ("https://github.com/example/app.git", "https://github.com/example/app.git", []),
        (f"https://{TOKEN}@github.com/example/app", "https://github.com/example/app", ["github-token"]),
        (f"https://git:{OPAQUE}@example.com/app#main", "https://example.com/app", ["url-credentials"]),
        (f"https://{OPAQUE}@bitbucket.org/example/app", "https://bitbucket.org/example/app", ["name-and-entropy"]),
        ("https://alice-dev@bitbucket.org/example/app", "https://bitbucket.org/example/app", []),
        (f"https://example.com/app.git?access_token={OPAQUE}", "https://example.com/app.git", ["name-and-entropy"]),
        (f"tokens/{TOKEN}", None, ["github-token"]),
        ("releases/src/app.zip", "releases/src/app.zip", []),
        ("", "", []),
    ],
)
def test_shows_a_location_without_credentials(text, shown, detectors):
    """
    User and query go, whether or not they hold a secret; what cannot be cleaned is not shown at all.
    """
    found = gist_of(text, "location")

    assert (shown, detectors) == (found.shown, [hit.detector for hit in found.hits])
    assert found == Gist.from_json(found.as_json())


def test_keeps_of_a_document_only_which_words_it_has():
    """
    Words end where letters and digits end, and comments say nothing.
    """
    text = "version: 0.2\n# podman is gone\nphases:\n  build:\n    commands:\n      - Docker build .\n      - ./dockerize\n"

    assert Gist(None, ("docker",), ()) == gist_of(text, "buildspec", ("docker", "podman", "dockeri"))


@pytest.mark.parametrize(
    "text",
    [
        "version: 0.2\nenv:\n  secrets-manager:\n\n    GH_TOKEN: ci/gh:token-7x\n    A_TOKEN: ci/a9:t0k3n-Zq\n",
        '{"version": 0.2, "env": {"parameter-store": {"GH_TOKEN": "ci-gh:t0ken-7xQ"}}}',
    ],
)
def test_takes_no_name_of_a_secret_for_one(text):
    """
    What stands under secrets-manager and parameter-store refers to a secret.
    """
    assert () == gist_of(text, "buildspec").hits
    assert gist_of(text.replace("secrets-manager", "variables").replace("parameter-store", "variables"), "b").hits


def test_is_kept_in_evidence():
    """
    Evidence has the gist and not the text; reading it back gives the gist, and doing it twice changes nothing.
    """
    parse = gist(lambda found: found, "docker")
    kept = project({"spec": parse.tree}, {"spec": f"a: docker\nb: {TOKEN}\n"})

    assert TOKEN not in str(kept)
    assert ("docker",) == parse(kept["spec"]).words
    assert kept == project({"spec": parse.tree}, kept)
    assert parse(None) is None


def test_is_as_sensitive_as_a_secret():
    """
    No fact reads whole, or with other words, what another one takes the gist of.
    """
    for other in (WHOLE, SECRET, GIST + "podman"):
        with pytest.raises(DeclarationError, match="sensitive"):
            merge(GIST + "docker", other)
    assert not covers(WHOLE, {"a": GIST})
    assert covers({"a": GIST}, {"a": GIST})
