"""
Who publishes layers for everybody to use.

The accounts are those in the publishers' own pages, a region at a time where they differ; accounts of China and GovCloud are
among them. One that no such page could be found for is left out: its layers are a stranger's until the user names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-extension-versions.html
_INSIGHTS: Final = """
    012438385374 033019950311 122132214140 145023102084 158895979263 194566237122 285320876703
    339249233099 352183217350 439286490199 459530977127 488211338238 519774774795 580247275435
    590183865173 727646510379 732604637566 751350123760 761018874580 879381266642 891564319516
    946466191631
"""
# https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-integration-lambda-extensions-versions.html
_APP_CONFIG: Final = """
    000010852771 027255383542 039592058896 066940009817 080788657173 203683718741 282860088358
    307021474294 359756378197 418787028745 421114256042 434848589818 489524808438 493207061005
    554480029851 559955524753 574348263942 586093569114 615057806174 615084187847 630222743974
    646970417810 662846165436 706869817123 728743619870 758369105281 826293736237 946561847325
    946746059096 958113053741 980059726660
"""
# https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
_PARAMETERS: Final = """
    015030872274 044395824272 070087711984 127562683043 129776340158 133256977650 133490724326
    176022468876 177933569100 187925254637 200266452380 287114880934 287310001119 317013901791
    325218067255 345057560386 427196147048 490737872127 524103009944 576959938190 590474943231
    665172237481 738900069198 768336418462 772501565639 780235371811 832021897121 933737806257
    997803712105
"""
# https://aws-otel.github.io/docs/getting-started/lambda
_OPEN_TELEMETRY: Final = """
    039612877180 152034782359 156041407956 257394471194 490004653786 595944127152 610118373846
    615299751070 713881805771 739275441131 746669239226 796973505492 888577020596 901920570463
    904233096616 980416031188 980921751758
"""
_BY_NAME: Final[Mapping[str, str]] = {
    "CloudWatch Lambda Insights": _INSIGHTS,
    "AWS AppConfig": _APP_CONFIG,
    "AWS Parameters and Secrets": _PARAMETERS,
    "AWS Distro for OpenTelemetry": _OPEN_TELEMETRY,
    # https://docs.powertools.aws.dev/lambda/python/latest/#lambda-layer
    "Powertools for AWS Lambda (Python)": "017000801446",
    # https://docs.powertools.aws.dev/lambda/typescript/latest/getting-started/lambda-layers/
    "Powertools for AWS Lambda (TypeScript)": "094274105915",
    # https://aws-sdk-pandas.readthedocs.io/en/stable/layers.html
    "AWS SDK for pandas": "336392948345",
    # https://github.com/awslabs/aws-lambda-web-adapter
    "AWS Lambda Web Adapter": "753240598075",
    # https://github.com/open-telemetry/opentelemetry-lambda
    "OpenTelemetry": "184161586896",
    # https://docs.datadoghq.com/serverless/installation/python/
    "Datadog": "464622532012 002406178527",
    # https://layers.newrelic-external.com/
    "New Relic": "451483290750",
    # https://docs.sentry.io/platforms/node/guides/aws-lambda/layer/
    "Sentry": "943013980633",
    # https://github.com/elastic/apm-aws-lambda
    "Elastic": "267093732750",
    # https://github.com/hashicorp/vault-lambda-extension
    "HashiCorp Vault": "634166935893",
    # https://docs.dynatrace.com/docs/shortlink/aws-lambda-extension
    "Dynatrace": "725887861453",
    # https://github.com/lumigo-io/lumigo-cdk-constructs
    "Lumigo": "114300393969",
    # https://runtimes.bref.sh/
    "Bref": "534081306603",
}
PUBLISHERS: Final[Mapping[str, str]] = {account: name for name, ids in _BY_NAME.items() for account in ids.split()}
"""What an account publishes, or who it is, by the account's id."""
