import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { prepareEngine } from "./main";

/**
 * Runs a command with the sandbox's engine on PATH and its providers attached: `run.ts pulumi up -s dev`. Ends with the
 * command's exit code.
 */
async function main([command, ...args]: string[]): Promise<number> {
  if (!command) throw new Error("usage: node --import tsx sandbox/run.ts COMMAND [ARGUMENT…], for example: pulumi preview -s dev");
  const engine = await prepareEngine(line => console.error(line));
  const PATH = [join(__dirname, "engine", "host"), engine.env.PATH].join(delimiter);
  const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ...engine.env, PATH } });
  // Ctrl-C is the command's to handle; this process stays for it and its providers.
  process.on("SIGINT", () => {});
  const code = await new Promise<number>((done, fail) => child.on("error", fail).on("close", status => done(status ?? 1)));
  await engine.stop();
  return code;
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
