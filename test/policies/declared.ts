import type { PolicyResource } from "@pulumi/policy";
import type { Registration } from "../../components/rendering/registrations";
import type { CommittedStack } from "../committed";
import { UNKNOWN, resource } from "./support";

/** What the test runtime puts in place of a value that a preview does not know. */
const isUnknown = (value: unknown) => typeof value === "object" && value !== null && "__pulumiUnknown" in value;

/** What a stack declares, as the policies see it. */
export function asJudged({ stack, project }: Pick<CommittedStack, "stack" | "project">, registered: Registration[]): PolicyResource[] {
  return registered.map(({ type, name, inputs, protect }) => {
    const props = JSON.parse(JSON.stringify(inputs, (_, value: unknown) => (isUnknown(value) ? UNKNOWN : value))) as object;
    return resource(type, props, { name, stack, project, protect });
  });
}
