import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docker, untilWell } from "./harness/docker";
import { root } from "./harness/paths";
import { promQuery } from "./harness/prometheus";
import { run, succeed, type Outcome } from "./harness/shell";
import { leftOut } from "./harness/stack";
import { until } from "./harness/until";
import { commands, normalise } from "./runbook/commands";
import { standings } from "./runbook/corrections";
import { blocks, type Block } from "./runbook/markdown";

const page = readFileSync(join(root, "docs/runbook.md"), "utf8");
const originals = readFileSync(join(__dirname, "runbook/original-commands.txt"), "utf8").trim().split("\n");
const all = blocks(page);

/** The only reasons for which a command may not run on a machine. Each is asked of the machine, never assumed. */
const SKIPS: Record<string, { reason: string; applies: () => Promise<boolean> }> = {
  gpu: { reason: "this machine has no NVIDIA GPU", applies: async () => (await run("command -v nvidia-smi")).code !== 0 },
};

/** Seconds that a command runs which follows something for ever. */
const FOLLOW_SECONDS = 6;
/** Objects that the prunes may take: made by this test. */
const PRUNABLE = "dev.ultrathink.e2e=prunable";

const ran = new Set<string>();
const elsewhere = new Set<string>();
const skipped = new Map<string, string>();
let absent: string[];
let version: string;

beforeAll(async () => {
  absent = await leftOut();
  version = await until("a version of production_model", 300, async () => {
    const answer = (await (await fetch("http://127.0.0.1:5000/api/2.0/mlflow/registered-models/get?name=production_model")).json()) as {
      registered_model?: { latest_versions: { version: string }[] };
    };
    return answer.registered_model?.latest_versions[0]?.version;
  });
  await succeed("docker exec ultrathink-redis redis-cli set temp:e2e 1");
});

afterAll(() => {
  const found = standings(originals, page);
  const by = (kind: string) => found.filter(({ now, kind: its }) => its === kind && ran.has(now)).length;
  const notRun = found.filter(({ now }) => !ran.has(now));
  process.stderr.write(
    `\n${by("as-written") + by("corrected")} of ${found.length} runbook commands ran (as written ${by("as-written")}, corrected ${by("corrected")})\n`,
  );
  for (const { original, now } of notRun)
    process.stderr.write(`  not here: ${original}: ${skipped.get(now) ?? (elsewhere.has(now) ? "run by 90-down-and-purge.e2e.ts" : "NOT RUN")}\n`);
});

/** What stands for a real value in the page, or is not on this machine. */
function concrete(command: string): string {
  const present = absent.reduce((text, service) => (/^docker compose /.test(text) ? text.replace(new RegExp(` ${service}\\b`), "") : text), command);
  return present.replaceAll("PREVIOUS_VERSION", version);
}

/** A prune that can only take what this test made. */
const narrow = (command: string) => `${command} --filter "label=${PRUNABLE}"`;

/** Exit codes that are in order beside 0: a search that may find nothing, and files that vanish while they are counted. */
function inOrder(command: string, outcome: Outcome, block: Block): boolean {
  if (outcome.code === 0) return outcome.stages.slice(0, -1).every(code => code === 0);
  if (block.treatment.mayFindNothing && /\| grep (-\S+ )*("[^"]*"|\S+)$/.test(command) && outcome.code === 1)
    return outcome.stages.slice(0, -1).every(code => code === 0);
  const complaints = outcome.stderr
    .trim()
    .split("\n")
    .filter(line => line !== "");
  return /\bdu -/.test(command) && outcome.stdout !== "" && complaints.every(line => /No such file or directory$/.test(line));
}

const startedAt = async (container: string) => (await docker.getContainer(container).inspect()).State.StartedAt;

async function runCommand(command: string, block: Block): Promise<void> {
  const { treatment } = block;
  const before = treatment.ends ? await startedAt(treatment.ends) : "";
  const typed = treatment.narrowed ? narrow(command) : concrete(command);
  const began = Date.now();
  const outcome = await run(typed, { cwd: root, seconds: treatment.follow ? FOLLOW_SECONDS : 600 });
  process.stderr.write(`[${Math.round((Date.now() - began) / 1000)} s] ${normalise(typed).slice(0, 120)}\n`);
  const shown = `${typed}\nexit code ${outcome.code} (stages ${outcome.stages.join(" ")})\n${outcome.stdout.slice(-2000)}\n${outcome.stderr.slice(-2000)}`;
  if (treatment.follow) {
    if (outcome.code !== 124 || outcome.stdout === "") throw new Error(`did not follow: ${shown}`);
  } else if (treatment.ends) {
    // Killed with its container, or left without an answer by it: what counts is that the container ended.
    await until(`${treatment.ends} started anew after ${shown}`, 120, async () => ((await startedAt(treatment.ends!)) > before ? true : undefined));
  } else if (!inOrder(command, outcome, block)) {
    throw new Error(shown);
  }
  if (treatment.expect && !treatment.expect.test(outcome.stdout)) throw new Error(`expected ${treatment.expect} in the output of ${shown}`);
  ran.add(normalise(command));
}

/** Types a python block into an interactive command, on a terminal of its own. */
async function typeInto(command: string, python: string): Promise<void> {
  const outcome = await run(`script -qec '${command}' /dev/null`, { input: `${python}\nprint("state:", cb.state.value)\nexit()\n`, seconds: 60 });
  if (outcome.code !== 0 || !/state: closed/.test(outcome.stdout)) throw new Error(`${command}\n${outcome.stdout}${outcome.stderr}`);
  ran.add(normalise(command));
}

/** Objects for the prunes: of each kind one that no stack owns and, where it matters, one that a Compose project owns. */
async function makePrunable(): Promise<void> {
  const image = await succeed("docker inspect --format '{{.Image}}' ultrathink-redis");
  for (const [name, owner] of [
    ["free", ""],
    ["owned", "--label com.docker.compose.project=t-e2e-other"],
  ]) {
    await succeed(`docker create --name t-e2e-${name} --label ${PRUNABLE} ${owner} ${image.trim()}`);
    await succeed(`docker volume create --label ${PRUNABLE} ${owner} t-e2e-${name}`);
  }
}

async function prunableLeft(): Promise<string[]> {
  const containers = await succeed("docker ps -a --filter name=t-e2e- --format 'container {{.Names}}'");
  const volumes = await succeed("docker volume ls --filter name=t-e2e- --format 'volume {{.Name}}'");
  return `${containers}${volumes}`
    .trim()
    .split("\n")
    .filter(line => line !== "")
    .sort();
}

const removePrunable = () =>
  succeed("docker rm -f t-e2e-free t-e2e-owned 2>/dev/null; docker volume rm -f t-e2e-free t-e2e-owned >/dev/null 2>&1; true");

async function runBlock(block: Block, next: Block | undefined): Promise<void> {
  const { treatment } = block;
  const skip = treatment.skip ? SKIPS[treatment.skip] : undefined;
  if (treatment.skip && !skip) throw new Error(`skip=${treatment.skip} has no reason in this file's list`);
  if (treatment.in) return commands(block.text).forEach(command => elsewhere.add(normalise(command)));
  if (skip && (await skip.applies())) {
    for (const command of commands(block.text)) {
      skipped.set(normalise(command), skip.reason);
      process.stderr.write(`SKIPPED: ${command}: ${skip.reason}\n`);
    }
    return;
  }
  const saved = treatment.restores ? readFileSync(join(root, treatment.restores), "utf8") : undefined;
  try {
    if (treatment.narrowed) await makePrunable();
    for (const command of commands(block.text)) await (treatment.repl ? typeInto(command, next!.text) : runCommand(command, block));
    if (treatment.narrowed) {
      const left = await prunableLeft();
      expect(left).toEqual(expect.arrayContaining(["container t-e2e-owned", "volume t-e2e-owned"]));
      expect(left).not.toContain("container t-e2e-free");
      expect(left.includes("volume t-e2e-free")).toBe(!block.text.includes("volume prune"));
    }
  } finally {
    if (treatment.narrowed) await removePrunable();
    if (saved !== undefined) {
      writeFileSync(join(root, treatment.restores!), saved);
      await succeed("make up", { seconds: 600 });
    }
  }
  if (treatment.recovers.length > 0) await untilWell(treatment.recovers);
}

describe("the runbook's commands run", () => {
  const bash = all.filter(({ language }) => language === "bash");
  it.each(bash.map((block, index) => [`${index + 1}. ${block.heading}: ${commands(block.text)[0]!.split("\n")[0]!.slice(0, 70)}`, block] as const))(
    "%s",
    async (_, block) => {
      await runBlock(block, all[all.indexOf(block) + 1]);
    },
  );
});

it("every command of the first edition has run, but for those that are skipped with their reason or left to another file", () => {
  const left = standings(originals, page).filter(({ now }) => !ran.has(now) && !skipped.has(now) && !elsewhere.has(now));
  expect(left.map(({ original }) => original)).toEqual([]);
});

describe("the runbook's PromQL", () => {
  const queries = all
    .filter(({ language }) => language === "promql")
    .flatMap(({ text }) => text.split("\n").filter(line => line !== "" && !line.startsWith("#")));
  it.each(queries)("%s has an answer", async query => {
    const answers = await promQuery(query);
    // A platform that never failed has no 5xx series; the label must exist nevertheless.
    expect(/5\.\./.test(query) ? (await promQuery('http_requests_total{status=~"2.."}')).length : answers.length).toBeGreaterThan(0);
  });
});

describe("the runbook's Python", () => {
  it("runs as a service's code", async () => {
    const sample = all.filter(({ language }) => language === "python").at(-1)!.text;
    const code = `${sample}\nprint("called:", call_flaky_service())\n`;
    expect(await succeed("docker exec -i ultrathink-inference-service python -", { input: code })).toContain("called: None");
  });
});

afterAll(async () => {
  await removePrunable();
  // What the runbook restarted is well again before the next file starts.
  await untilWell(["all"]);
  expect(await docker.listContainers({ all: true, filters: { name: ["t-e2e-"] } })).toEqual([]);
});
