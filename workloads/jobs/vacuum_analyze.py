"""VACUUM ANALYZE every table of the database."""

import argparse
import logging

import psycopg
from psycopg import sql

from common_utils.config import settings
from common_utils.database import connection_info

log = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser("workload vacuum-analyze", description=__doc__).parse_args(arguments)
    refused: list[str] = []
    with psycopg.connect(connection_info(settings()), autocommit=True) as connection:
        # PostgreSQL skips what the role may not vacuum with a mere warning.
        connection.add_notice_handler(lambda notice: refused.append(notice.message_primary or ""))
        tables = connection.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename").fetchall()
        for schema, table in tables:
            connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(schema, table)))
    for warning in refused:
        log.error("%s; grant pg_maintain to the role", warning)
    log.info("vacuumed and analyzed %d of %d tables", len(tables) - len(refused), len(tables))
    return 1 if refused else 0
