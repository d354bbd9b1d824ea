"""What a scan costs beside the calls that it makes; run with ``make bench``. Ratios within one run, never seconds."""
