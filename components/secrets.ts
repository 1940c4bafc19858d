import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

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
