import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registers it. */
export interface Registration {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** What the random and tls providers would generate: a word that says so, in place of every secret. */
const generated = (name: string) => {
  const text = `generated: ${name}`;
  return { result: text, privateKeyPem: text, certRequestPem: text, certPem: text };
};

/**
 * Runs a program in Pulumi's test runtime, which makes nothing, and returns what it registers. What comes from a provider is a word that says so.
 *
 * @returns the program's own result, its outputs resolved, and every resource in the order of registration
 */
export async function registrations<T>(stack: string, program: () => T): Promise<{ result: pulumi.Unwrap<T>; resources: Registration[] }> {
  const resources: Registration[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        resources.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: `rendered::${type}::${name}`, state: { ...(inputs as object), ...generated(name) } };
      },
      call({ token }) {
        throw new Error(`${token} would ask a provider, which rendering does not; compute it from the declaration`);
      },
    },
    "ultrathink-infrastructure",
    stack,
    // As in a preview, which asks for nothing that only a running system could tell.
    true,
  );
  const result = await new Promise<pulumi.Unwrap<T>>(resolve => pulumi.output(program()).apply(resolve));
  await pulumi.runtime.disconnect();
  return { result, resources };
}
