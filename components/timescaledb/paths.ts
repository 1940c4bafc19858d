/** Where the data volume is mounted: the server's data is a folder below, so that a restore can lie beside it on the same disk. */
export const POSTGRES_VOLUME = "/home/postgres/pgdata";
export const POSTGRES_DATA = `${POSTGRES_VOLUME}/data`;
export const POSTGRES_SOCKET = "/var/run/postgresql";
/** Volume of the socket, shared with the backup sidecar. */
export const SOCKET_VOLUME = "timescale_socket";
/** Left by a physical restore: the next start sets the superuser's password. */
export const RESTORED_MARKER = `${POSTGRES_VOLUME}/restored`;
