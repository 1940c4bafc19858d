import { spawnSync } from "node:child_process";

/** Whether bash reads the text as whole commands: quotes, loops and continuations are closed. */
function complete(text: string): boolean {
  return !/\\$/.test(text) && spawnSync("bash", ["-n"], { input: text }).status === 0;
}

/** The commands of a bash block, without the comment lines between them; a loop or a continued line is one command. */
export function commands(text: string): string[] {
  const found: string[] = [];
  let pending = "";
  for (const line of text.split("\n")) {
    if (pending === "" && (line.trim() === "" || line.startsWith("#"))) continue;
    pending = pending === "" ? line : `${pending}\n${line}`;
    if (complete(pending)) {
      found.push(pending);
      pending = "";
    }
  }
  if (pending !== "") throw new Error(`bash does not read this as a command:\n${pending}`);
  return found;
}

/** A command on one line, as two editions of a runbook are compared. */
export function normalise(command: string): string {
  return command.replace(/\\\n/g, " ").replace(/\s+/g, " ").trim();
}
