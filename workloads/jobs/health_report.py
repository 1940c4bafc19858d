"""Report what is not healthy: targets that are down and alerts that fire. Mailed where a mail server is set, else logged."""

import argparse
import logging
import smtplib
from email.message import EmailMessage

import httpx

from common_utils import prometheus
from common_utils.config import Settings, settings

log = logging.getLogger(__name__)

Series = list[tuple[dict[str, str], float]]


def report(up: Series, alerts: Series) -> tuple[str, str]:
    """Subject and body of the report."""
    down = sorted(f"{labels.get('job', '?')} ({labels.get('instance', '?')})" for labels, value in up if value == 0)
    # The watchdog fires always: it shows that alerting works.
    firing = sorted(
        f"{a['alertname']} [{a.get('severity', '?')}] {a.get('service', '')}".rstrip() for a, _ in alerts if a["alertname"] != "Watchdog"
    )
    healthy = len(up) - len(down)
    subject = f"Health: {healthy} of {len(up)} targets up, {len(firing)} alerts firing"
    body = "\n".join(["Down:", *(f"  {line}" for line in down or ["none"]), "Firing:", *(f"  {line}" for line in firing or ["none"])])
    return subject, body


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser("workload health-report", description=__doc__).parse_args(arguments)
    now = settings()
    try:
        up = prometheus.instant(now.prometheus_url, prometheus.PROMETHEUS, "up")
        alerts = prometheus.instant(now.prometheus_url, prometheus.PROMETHEUS, 'ALERTS{alertstate="firing"}')
        subject, body = report(up, alerts)
        code = 0
    except httpx.HTTPError as error:
        subject, body = "Health: unknown, Prometheus does not answer", repr(error)
        code = 1
    if now.smtp_host:
        _mail(now, subject, body)
    else:
        log.info("%s\n%s", subject, body)
    return code


def _mail(now: Settings, subject: str, body: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = now.report_from, now.report_to, subject
    message.set_content(body)
    with smtplib.SMTP(now.smtp_host, now.smtp_port, timeout=30) as server:
        server.send_message(message)
    log.info("mailed to %s: %s", now.report_to, subject)
