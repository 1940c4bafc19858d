import type { ResourceTypes } from "../bridge/resource";
import { randomPassword } from "./password";

/** Stand in for the random plugin 4.21.2. */
export const random: ResourceTypes = {
  "random:index/randomPassword:RandomPassword": randomPassword,
};
