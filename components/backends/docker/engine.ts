import Docker from "dockerode";

/** Docker's engine, found as its own client finds it (DOCKER_HOST, or the local socket). */
export const engine = new Docker();
