import { StandIn } from "./bridge/provider";
import { docker } from "./docker/types";
import { random } from "./random/types";
import { tls } from "./tls/types";

/** One server for all of them: the engine says by the resource's type which is meant. */
export const standIns = new StandIn({ ...docker, ...random, ...tls });
