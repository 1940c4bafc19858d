import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { FileMount } from "./spec";

/**
 * Generated passwords, one per name. They exist in the encrypted state and in files that only the service reads, nowhere else. They are protected as the data
 * volumes are: a database that outlives its container remembers its passwords.
 */
export class Secrets extends pulumi.ComponentResource {
  private readonly made = new Map<string, pulumi.Output<string>>();

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:secrets:Secrets", name, {}, opts);
    this.registerOutputs({});
  }

  /** The password of `name`: 32 letters and digits, which need no quoting in any of the files that hold it. */
  password(name: string): pulumi.Output<string> {
    let password = this.made.get(name);
    if (!password) {
      password = new random.RandomPassword(name, { length: 32, special: false }, { parent: this, protect: true }).result;
      this.made.set(name, password);
    }
    return password;
  }
}

/**
 * How a client of libpq gets its password: a service file, which libpq adds to what the environment and the connection string say. Not a password
 * file, which libpq ignores unless the process owns it: secret files belong to root.
 */
export function databasePassword(password: pulumi.Input<string>): { env: Record<string, string>; file: FileMount } {
  const path = "/run/secrets/pg_service.conf";
  const content = pulumi.interpolate`[stack]\npassword=${password}\n`;
  return { env: { PGSERVICE: "stack", PGSERVICEFILE: path }, file: { path, kind: "secret", content } };
}
