import type { ResourceTypes } from "../bridge/resource";
import { container } from "./container/container";
import { remoteImage } from "./image";
import { network } from "./network";
import { volume } from "./volume";

/** Stand in for the docker plugin 5.2.0. */
export const docker: ResourceTypes = {
  "docker:index/container:Container": container,
  "docker:index/network:Network": network,
  "docker:index/remoteImage:RemoteImage": remoteImage,
  "docker:index/volume:Volume": volume,
};
