import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registers it. */
export interface Registration {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** The resource option of that name. */
  protect: boolean;
}

/** What the random and tls providers would generate: a word that says so, in place of every secret. */
const generated = (name: string) => {
  const text = `generated: ${name}`;
  return { result: text, privateKeyPem: text, privateKeyPemPkcs8: text, certRequestPem: text, certPem: text };
};

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getProtect(): boolean;
}

/** What of the test runtime's monitor is not in its types. */
interface Monitor {
  registerResource(request: RegisterRequest, done: unknown): void;
  registerResourceHook(request: unknown, done: (error: null, reply: object) => void): void;
}

const key = (type: string, name: string) => `${type}::${name}`;

/** Lets the test runtime's monitor remember who is protected, which it does not hand over, and accept hooks, which it does not know. */
function observe(monitor: Monitor): Set<string> {
  const protect = new Set<string>();
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    if (request.getProtect()) protect.add(key(request.getType(), request.getName()));
    register(request, done);
  };
  monitor.registerResourceHook = (_, done) => done(null, {});
  return protect;
}

/**
 * Runs a program in Pulumi's test runtime, which makes nothing, and returns what it registers. What comes from a provider is a word that says so.
 *
 * @returns the program's own result, its outputs resolved, and every resource in the order of registration
 */
export async function registrations<T>(
  stack: string,
  program: () => T,
  project = "ultrathink-infrastructure",
): Promise<{ result: pulumi.Unwrap<T>; resources: Registration[] }> {
  const resources: Omit<Registration, "protect">[] = [];
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
    project,
    stack,
    // As in a preview, which asks for nothing that only a running system could tell.
    true,
  );
  const protect = observe(pulumi.runtime.getMonitor() as unknown as Monitor);
  const result = await new Promise<pulumi.Unwrap<T>>(resolve => pulumi.output(program()).apply(resolve));
  await pulumi.runtime.disconnect();
  return { result, resources: resources.map(each => ({ ...each, protect: protect.has(key(each.type, each.name)) })) };
}
