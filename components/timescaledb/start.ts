import { passwordFile } from "./sql";
import { POSTGRES_DATA, RESTORED_MARKER } from "./paths";

/** The server's entry point, before the image's own. */
export const START = "/usr/local/bin/start-database";

/**
 * After a physical restore the superuser's password is that of a stack that is no more. It is set before anybody can connect; the schema job then
 * sets every other role's, as on each run. Interrupted, it is done again: the marker goes last.
 */
export function startScript(superuser: string): string {
  return [
    "#!/bin/bash",
    "set -euo pipefail",
    `if [ -e ${RESTORED_MARKER} ]; then`,
    '  echo "the database was restored: setting the password of its superuser"',
    // Through standard input: an argument could be read by anyone. What fails is not to be logged, and the prompts go nowhere.
    `  printf "ALTER ROLE ${superuser} PASSWORD '%s'\\n" "$(cat ${passwordFile(superuser)})" |`,
    // Its checkpoint recycles every segment that nobody archives, the first of the new timeline among them, unless archiving is on.
    `    postgres --single -D ${POSTGRES_DATA} -c archive_mode=on -c exit_on_error=on -c log_min_error_statement=panic postgres >/dev/null`,
    `  rm ${RESTORED_MARKER}`,
    "fi",
    'exec /docker-entrypoint.sh "$@"',
    "",
  ].join("\n");
}
