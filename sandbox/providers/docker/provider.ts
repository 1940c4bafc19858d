import { StandIn } from "../bridge/provider";
import { container } from "./container/container";
import { remoteImage } from "./image";
import { network } from "./network";
import { volume } from "./volume";

/** Stands in for the docker plugin 5.2.0. */
export const docker = new StandIn("5.2.0", {
  "docker:index/container:Container": container,
  "docker:index/network:Network": network,
  "docker:index/remoteImage:RemoteImage": remoteImage,
  "docker:index/volume:Volume": volume,
});
