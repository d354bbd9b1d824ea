"""The accounts of AWS's own that write logs into buckets, where no service does it in its own name."""

from __future__ import annotations

from typing import Final


# Load balancers, in regions that were there before August 2022.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
_LOAD_BALANCERS: Final = (
    "127311923021", "033677994240", "027434742980", "797873946194", "098369216593", "754344448648", "589379963580",
    "718504428378", "383597477331", "600734575887", "114774131450", "783225319266", "582318560864", "985666609251",
    "054676820928", "156460612806", "652711504416", "635631232127", "009996457667", "897822967062", "076674570225",
    "507241528517", "048591011584", "190560391635", "638102146993", "037604701340",
)  # fmt: skip

# Audit logs of Redshift, before it did so as a service.
# https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html
_REDSHIFT: Final = (
    "193672423079", "391106570357", "262260360010", "902366379725", "365689465814", "313564881002", "865932855811",
    "090321488786", "760740231472", "361669875840", "762762565011", "404641285394", "907379612154", "053454850223",
    "210876761215", "307160386991", "945612479654", "915173422425", "729911121831", "013126148197", "075028567923",
    "665727464434", "111890595117", "660998842044",
)  # fmt: skip

# CloudTrail, in policies from before it did so as a service.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
_TRAILS: Final = (
    "086441151436", "475085895292", "388731089494", "113285607260", "819402241893", "977081816279", "492519147666",
    "765225791966", "903692715234", "284668455005", "216624486486", "035351147821", "829690693026", "859597730677",
    "282025262664", "262312530599", "814480443879", "681348832753", "608710470296",
)  # fmt: skip

LOG_ACCOUNTS: Final = frozenset({*_LOAD_BALANCERS, *_REDSHIFT, *_TRAILS})
LOG_ACTIONS: Final = frozenset({"s3:putobject", "s3:getbucketacl"})
"""What they need; they are no better known than others for more."""
