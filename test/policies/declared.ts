import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { PolicyResource } from "@pulumi/policy";
import { parse } from "yaml";
import type { Registration } from "../../components/rendering/registrations";
import { UNKNOWN, resource } from "./support";

const root = join(__dirname, "../..");

/** A committed stack of one of the two projects. */
export interface CommittedStack {
  stack: string;
  project: string;
  /** @param overrides settings instead of the committed ones */
  declare(overrides?: Record<string, unknown>): Promise<Registration[]>;
}

interface Program {
  declaredResources(settings: Record<string, unknown>, stack: string): Promise<Registration[]>;
}

function stacksIn(folder: string, load: () => Promise<Program>): CommittedStack[] {
  const read = (file: string) => parse(readFileSync(join(root, folder, file), "utf8")) as { name: string; config?: Record<string, unknown> };
  const { name: project } = read("Pulumi.yaml");
  return readdirSync(join(root, folder))
    .flatMap(file => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1] ?? [])
    .map(stack => {
      const config = Object.entries(read(`Pulumi.${stack}.yaml`).config ?? {});
      const settings = Object.fromEntries(config.map(([key, value]) => [key.replace(`${project}:`, ""), value]));
      return { stack, project, declare: async overrides => (await load()).declaredResources({ ...settings, ...overrides }, stack) };
    });
}

/** Every committed stack: of the platform, and of the vaults. */
export const committedStacks: CommittedStack[] = [...stacksIn(".", () => import("../../index")), ...stacksIn("vault", () => import("../../vault"))];

/** What the test runtime puts in place of a value that a preview does not know. */
const isUnknown = (value: unknown) => typeof value === "object" && value !== null && "__pulumiUnknown" in value;

/** What a stack declares, as the policies see it. */
export function asJudged({ stack, project }: Pick<CommittedStack, "stack" | "project">, registered: Registration[]): PolicyResource[] {
  return registered.map(({ type, name, inputs, protect }) => {
    const props = JSON.parse(JSON.stringify(inputs, (_, value: unknown) => (isUnknown(value) ? UNKNOWN : value))) as object;
    return resource(type, props, { name, stack, project, protect });
  });
}
