import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Registration } from "../components/rendering/registrations";
import { checkout, readStackFile, settingsOf } from "../ops/workspace";

/** A committed stack of one of the two projects. */
export interface CommittedStack {
  stack: string;
  project: string;
  file: ReturnType<typeof readStackFile>;
  /** Settings of its file, by bare key. */
  settings: Record<string, unknown>;
  /** @param overrides settings instead of the committed ones */
  declare(overrides?: Record<string, unknown>): Promise<Registration[]>;
}

interface Program {
  declaredResources(settings: Record<string, unknown>, stack: string): Promise<Registration[]>;
}

function stacksIn(folder: string, load: () => Promise<Program>): CommittedStack[] {
  const { name: project } = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as { name: string };
  return readdirSync(folder)
    .flatMap(name => /^Pulumi\.(\w+)\.yaml$/.exec(name)?.[1] ?? [])
    .map(stack => {
      const file = readStackFile(folder, stack);
      const settings = settingsOf(file, project);
      return { stack, project, file, settings, declare: async overrides => (await load()).declaredResources({ ...settings, ...overrides }, stack) };
    });
}

/** Every committed stack of the platform. */
export const platforms = stacksIn(checkout, () => import("../index"));

/** Every committed stack of the vault. */
export const vaults = stacksIn(join(checkout, "vault"), () => import("../vault"));

/** @throws Error where there is none of that name */
export function named(name: string, among = platforms): CommittedStack {
  const found = among.find(({ stack }) => stack === name);
  if (!found) throw new Error(`there is no committed stack "${name}"; there are ${among.map(({ stack }) => stack).join(", ")}`);
  return found;
}
