import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { keyOf, obtain, ROOT, type Artifact } from "./artifacts";
import { importDebian } from "./base";
import { exclusively, isCached } from "./cache";
import { RECIPES, TOOLS, type Recipe, type ToolName } from "./catalogue";
import { hashOf, TAR_EXCLUDES } from "../../ops/content-hash";
import { need, needDocker } from "./prerequisites";
import { run, step, type Log } from "./run";

/** Marks images of the sandbox, so that they can be told from real ones and removed together. */
export const SANDBOX_LABEL = "dev.ultrathink.sandbox";
/** Hash of the recipe that an image was made by. */
export const RECIPE_LABEL = "dev.ultrathink.recipe";

const byTag = new Map(RECIPES.map(recipe => [recipe.tag, recipe]));

/** Where a recipe's Dockerfile and what goes with it lie, relative to the checkout. */
const folderOf = (recipe: Recipe) => join("sandbox", "images", recipe.name);

/** The sandbox's images that a recipe starts from or copies from, read from its Dockerfile. */
async function basesOf(recipe: Recipe): Promise<Recipe[]> {
  if (recipe.name === "debian") return [];
  const dockerfile = await readFile(join(ROOT, folderOf(recipe), "Dockerfile"), "utf8");
  return [...dockerfile.matchAll(/^FROM (\S+)/gm)].flatMap(([, image]) => byTag.get(image!) ?? []);
}

/** Hash over everything that decides an image: its folder, what it copies, its bases; in that order. */
async function recipeHash(recipe: Recipe): Promise<string> {
  const artifacts = await Promise.all(recipe.artifacts.map(keyOf));
  const bases = await Promise.all((await basesOf(recipe)).map(recipeHash));
  const code = recipe.name === "debian" ? [join("sandbox", "images", "base.ts")] : [];
  return hashOf(ROOT, [folderOf(recipe), ...code, ...recipe.sources], recipe.tag, ...artifacts, ...bases);
}

/** The recipe label of a local image, or undefined if there is no such image or it is not ours. */
async function labelOf(tag: string): Promise<string | undefined> {
  return run("docker", ["image", "inspect", "--format", `{{index .Config.Labels "${RECIPE_LABEL}"}}`, tag]).catch(() => undefined);
}

/** Whether the local image of a recipe is there and up to date. */
export async function isReady(recipe: Recipe): Promise<boolean> {
  return (await labelOf(recipe.tag)) === (await recipeHash(recipe));
}

async function buildImage(recipe: Recipe, log: Log): Promise<void> {
  const labels = { [SANDBOX_LABEL]: "true", [RECIPE_LABEL]: await recipeHash(recipe) };
  if (recipe.name === "debian") return step("import a minimal Debian", recipe.seconds, log, () => importDebian(recipe.tag, labels, log));
  const artifacts: string[] = [];
  for (const artifact of recipe.artifacts) artifacts.push(await obtain(artifact, log));
  await step(`docker build ${recipe.tag}`, recipe.seconds, log, async () => {
    const context = ["-C", join(ROOT, folderOf(recipe)), ".", ...artifacts.flatMap(folder => ["-C", folder, "artifacts"])];
    const sources = recipe.sources.length > 0 ? ["-C", ROOT, ...recipe.sources] : [];
    // Owned by root whoever runs this: what lies in an image is not to be changed by the user it runs as.
    const tar = spawn("tar", ["-c", "--owner=0", "--group=0", "--mode=go-w", ...TAR_EXCLUDES, ...context, ...sources], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const options = Object.entries(labels).map(([name, value]) => `--label=${name}=${value}`);
    // The classic builder: it is in every engine and client. The host's network: apt in the build uses what the host uses.
    const env = { ...process.env, DOCKER_BUILDKIT: "0" };
    await run("docker", ["build", "--network=host", "--force-rm", ...options, "-t", recipe.tag, "-"], { env, input: tar.stdout });
  });
}

/** The recipes of some names and everything they start from, in the order to build them. */
async function closure(names: string[] | "all"): Promise<Recipe[]> {
  const wanted = new Set<Recipe>();
  const add = async (recipe: Recipe): Promise<void> => {
    for (const base of await basesOf(recipe)) await add(base);
    wanted.add(recipe);
  };
  for (const name of names === "all" ? RECIPES.map(recipe => recipe.name) : names) {
    const recipe = RECIPES.find(candidate => candidate.name === name);
    if (!recipe) throw new Error(`no image ${name} in the sandbox; there are: ${RECIPES.map(candidate => candidate.name).join(", ")}`);
    await add(recipe);
  }
  return RECIPES.filter(recipe => wanted.has(recipe));
}

/**
 * Makes the stack's images from packages, under the names that the stack writes: what is missing or outdated, nothing else.
 * Can be interrupted and run again.
 *
 * @param names recipes of catalogue.ts (as in images.lock.json), or all of them
 * @throws naming the image and the step that failed
 */
export async function buildImages(names: string[] | "all", log: Log): Promise<void> {
  const recipes = await closure(names);
  await needDocker();
  await need("tar", log);
  const missing = async () => {
    const ready = await Promise.all(recipes.map(isReady));
    return recipes.filter((_, index) => !ready[index]);
  };
  if ((await missing()).length === 0) return;
  await exclusively(log, async () => {
    // Asked again: another process may have built them while this one waited.
    const todo = await missing();
    for (const [index, recipe] of todo.entries()) {
      const prefix = `[${index + 1}/${todo.length}] ${recipe.name}`;
      await buildImage(recipe, line => log(`${prefix}: ${line}`)).catch((error: Error) => {
        throw new Error(`image ${recipe.name} (${recipe.tag}): ${error.message}`);
      });
    }
    // What the new images replaced.
    await run("docker", ["image", "prune", "--force", "--filter", `label=${SANDBOX_LABEL}=true`]);
  });
}

/** The folder of what this machine uses itself, made now if the cache has none. */
export async function buildArtifact(artifact: Artifact, log: Log): Promise<string> {
  const get = () => obtain(artifact, log);
  const folder = isCached(await keyOf(artifact)) ? await get() : await exclusively(log, get);
  return join(folder, "artifacts");
}

/**
 * A program for the host, compiled once from the same module as the image's.
 *
 * @returns the program's path in the cache
 */
export async function buildTool(name: ToolName, log: Log): Promise<string> {
  return join(await buildArtifact(TOOLS[name], log), name);
}

async function main(): Promise<void> {
  const started = Date.now();
  const log: Log = line => console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(5)} s  ${line}`);
  const names = process.argv.slice(2);
  await buildImages(names.length > 0 ? names : "all", log);
  log("the images are ready");
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
