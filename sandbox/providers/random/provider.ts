import { StandIn } from "../bridge/provider";
import { randomPassword } from "./password";

/** Stands in for the random plugin 4.21.2. */
export const random = new StandIn("4.21.2", {
  "random:index/randomPassword:RandomPassword": randomPassword,
});
