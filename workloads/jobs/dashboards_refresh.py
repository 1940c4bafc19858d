"""Have Grafana read its provisioned dashboards again."""

import argparse
import logging

import httpx

from common_utils.config import read_secret, settings

log = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser("workload dashboards-refresh", description=__doc__).parse_args(arguments)
    now = settings()
    if now.grafana_url is None:
        log.info("dashboards refresh skipped: GRAFANA_URL is not set, there is no Grafana")
        return 0
    password = read_secret("GRAFANA_PASSWORD_FILE", now.grafana_password_file) or ""
    try:
        httpx.post(
            f"{now.grafana_url}/api/admin/provisioning/dashboards/reload", auth=(now.grafana_user, password), timeout=30
        ).raise_for_status()
    except httpx.HTTPError as error:
        log.error("dashboards refresh: error %r", error)
        return 1
    log.info("dashboards refreshed")
    return 0
