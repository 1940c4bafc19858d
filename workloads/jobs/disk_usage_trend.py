"""Print how full the disks are, how that changed in a week, and when they will be full."""

import argparse
import logging

import httpx

from common_utils import prometheus
from common_utils.config import settings

log = logging.getLogger(__name__)

DISKS = 'fstype!~"tmpfs|overlay|squashfs"'
SIZE = f"node_filesystem_size_bytes{{{DISKS}}}"
AVAILABLE = f"node_filesystem_avail_bytes{{{DISKS}}}"
USED = f"1 - {AVAILABLE} / {SIZE}"
CHANGE_PER_DAY = f"-deriv({AVAILABLE}[7d]) * 86400 / {SIZE}"


def line(mount: str, used: float, per_day: float | None) -> str:
    """One disk in words; `used` and `per_day` are parts of the whole."""
    text = f"{mount}: {used:.1%} used"
    if per_day is None:
        return text
    text += f", {per_day:+.2%} a day"
    return f"{text}, full in {(1 - used) / per_day:.0f} days" if per_day > 0 else text


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser("workload disk-usage-trend", description=__doc__).parse_args(arguments)
    url = settings().prometheus_url
    try:
        used = prometheus.instant(url, prometheus.PROMETHEUS, USED)
        change = {labels["mountpoint"]: value for labels, value in prometheus.instant(url, prometheus.PROMETHEUS, CHANGE_PER_DAY)}
    except httpx.HTTPError as error:
        log.error("disk usage: Prometheus does not answer: %r", error)
        return 1
    if not used:
        log.error("disk usage: Prometheus has no file systems; is the node exporter scraped?")
        return 1
    for labels, value in sorted(used, key=lambda series: -series[1]):
        log.info(line(labels["mountpoint"], value, change.get(labels["mountpoint"])))
    return 0
