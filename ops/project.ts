import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { StackPlan } from "../components/plan";
import type { RenderedFile } from "../components/rendering/render";

export type { ComposeProject } from "../components/compose";
export type { RenderedFile } from "../components/rendering/render";
export type { PlannedService, StackPlan } from "../components/plan";

/** The face that the program shows to the operations; `index.ts` exports it. */
export interface Project {
  program: PulumiFn;
  /** Makes no container; its output `compose`, a {@link ComposeProject}, is the same containers for Docker Compose. */
  composeProgram: PulumiFn;
  /**
   * @param settings stack config of the project's own namespace, parsed from `Pulumi.<stack>.yaml`
   * @param stack name of the stack, for the command that mends a fault
   * @throws an Error that names key, value, what is allowed and how to mend
   */
  plan(settings: Record<string, unknown>, stack: string): StackPlan;
  /**
   * What a stack declares as files, secrets redacted. After it this process cannot bring anything up.
   *
   * @param settings as `plan` takes them
   * @throws an Error that names key, value, what is allowed and how to mend
   */
  render(settings: Record<string, unknown>, stack: string): Promise<RenderedFile[]>;
}
