"""Which image of a repository is judged, and what its scan says."""

from __future__ import annotations

import datetime

from collections.abc import Sequence

from awsaudit import NotApplicable
from awsaudit.resources.ecr import Image, ImageScan, Repository


_ONE_PUSH = datetime.timedelta(minutes=5)
_UNSUPPORTED = "UNSUPPORTED_IMAGE"


def newest_image(repository: Repository) -> tuple[Image, ImageScan]:
    """
    Return the newest image that can be run, and its scan.

    What is pushed along with an image to attest to it cannot be told from an image before its scan says that it is
    unsupported; the images of the same push are then looked at in its place.

    Raises:
        NotApplicable: There is no image.
    """
    images = repository.images
    first = repository.scan
    if not images or first is None:
        raise NotApplicable("it holds no image that can be run")
    if first.status == _UNSUPPORTED and _of_one_push(images, 1):
        second = repository.second_scan
        if second and second.status != _UNSUPPORTED:
            return images[1], second
        if _of_one_push(images, 2):
            third = repository.third_scan
            if third and third.status != _UNSUPPORTED:
                return images[2], third

    return images[0], first


def _of_one_push(images: Sequence[Image], position: int) -> bool:
    return len(images) > position and images[0].pushed_at - images[position].pushed_at <= _ONE_PUSH


def spoken(image: Image) -> str:
    """Return what people call *image*: its tag if it has one, else its digest, shortened."""
    return f"image {image.tags[0]}" if image.tags else f"image {image.digest[:19]}…"
