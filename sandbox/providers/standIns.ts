import { aws } from "./aws/types";
import { StandIn } from "./bridge/provider";
import { docker } from "./docker/types";
import { noCluster } from "./kubernetes/cluster";
import { KubernetesStandIn } from "./kubernetes/provider";
import { random } from "./random/types";
import { Router } from "./router";
import { tls } from "./tls/types";

/** One server for all of them. */
export const standIns = new Router({ kubernetes: new KubernetesStandIn(noCluster) }, new StandIn({ ...aws, ...docker, ...random, ...tls }));
