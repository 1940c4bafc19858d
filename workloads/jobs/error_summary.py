"""Count the error lines of the last week by service, from Loki."""

import argparse
import logging

import httpx

from common_utils import prometheus
from common_utils.config import settings

log = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser("workload error-summary", description=__doc__).parse_args(arguments)
    query = f'sum by (service) (count_over_time({settings().log_selector} |~ "(?i)error" [7d]))'
    try:
        counts = prometheus.instant(settings().loki_url, prometheus.LOKI, query)
    except httpx.HTTPError as error:
        log.error("error summary: Loki does not answer: %r", error)
        return 1
    for labels, count in sorted(counts, key=lambda series: -series[1]):
        log.info("%s: %d lines with an error", labels.get("service", "?"), count)
    log.info("%d services logged errors in the last 7 days", len(counts))
    return 0
