import { Config } from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** A project as the plain CLI runs it: its main module exports a function. */
export = async () => {
  const length = new Config().getNumber("length") ?? 24;
  if (length > 100) throw new Error(`a length of ${length} is absurd`);
  const password = new random.RandomPassword("password", { length });
  return { password: password.result };
};
