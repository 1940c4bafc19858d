import type { ServiceRow } from "../systems/declaration";

const WEEK = 7 * 86400;
/** Seconds from the epoch, a Thursday, to the first Sunday 00:00 UTC. */
const FIRST_SUNDAY = 3 * 86400;

/**
 * Wraps a program so that it is asked to stop (SIGTERM) at its weekly hour, UTC; the container's restart policy then starts it anew. Nothing needs
 * Docker's socket for it. `timeout` of busybox becomes the program itself, and coreutils' passes signals on: an ordinary stop stays graceful.
 *
 * @param program command and arguments of the image's own entry point
 * @returns entry point and command of the container; the image needs sh, date and timeout
 */
export function weeklyRestart(at: NonNullable<ServiceRow["weeklyRestart"]>, program: string[]): { entrypoint: string[]; command: string[] } {
  const first = FIRST_SUNDAY + at.hour * 3600;
  const remaining = `$((${WEEK} - ($(date +%s) - ${first}) % ${WEEK}))`;
  return { entrypoint: ["/bin/sh", "-c", `exec timeout -s TERM ${remaining} "$@"`, "weekly-restart"], command: program };
}
