import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { RunPluginResponse, type RunPluginRequest, type RunRequest, type RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall, type ServerWritableStream } from "@grpc/grpc-js";

/**
 * Stands in for Pulumi's Node language host, so that a plain `pulumi up` works with the sandbox's engine: the Automation
 * API's own server for inline programs, given the project's main module. Called by the engine with its address last; it
 * answers with its port on the first line of stdout and ends when its standard input closes.
 */
const engineAddress = process.argv.at(-1)!;

type Run = (call: ServerUnaryCall<RunRequest, RunResponse>, answer: sendUnaryData<RunResponse>) => void;
const load = createRequire(__filename);
// Internal to the SDK, whose version is pinned exactly.
const { LanguageServer } = load("@pulumi/pulumi/automation/server") as { LanguageServer: new (program: () => Promise<unknown>) => { run: Run } };

/** What the project's main module exports; called first where it is a function, as the official host does. */
async function program(main: string): Promise<unknown> {
  const exported = load(main) as unknown;
  return typeof exported === "function" ? (exported as () => unknown)() : exported;
}

const run: Run = (call, answer) => {
  const { request } = call;
  // The inline server looks for the engine's address here.
  request.setArgsList([engineAddress]);
  const info = request.getInfo()!;
  process.chdir(info.getProgramDirectory());
  new LanguageServer(() => program(resolve(info.getEntryPoint()))).run(call, answer);
};

/** Runs a plugin: here, a policy pack, by the SDK's own runner. */
function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const { request } = call;
  const pack = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const child = spawn(process.execPath, [load.resolve("@pulumi/pulumi/cmd/run-policy-pack"), ...request.getArgsList(), pack], {
    cwd: pack,
    env: Object.fromEntries(request.getEnvList().map(entry => entry.split(/=(.*)/s, 2) as [string, string])),
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk: Buffer) => call.write(new RunPluginResponse().setStdout(chunk)));
  child.stderr.on("data", (chunk: Buffer) => call.write(new RunPluginResponse().setStderr(chunk)));
  child.on("close", code => {
    call.write(new RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => child.kill());
}

const server = new Server();
const inline = new LanguageServer(() => Promise.resolve());
server.addService(LanguageRuntimeService as never, Object.assign(Object.create(inline as object), { run, runPlugin }));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(String(port));
});
process.stdin.on("close", () => process.exit(0)).resume();
