import { CONTAINER, IMAGE, containerName } from "./docker";
import { containersOf, kindOf, nameOf, templateOf } from "./kubernetes";
import { known } from "./rule";

/** Stands for an image that its resource does not name. */
export const UNNAMED = "";

/** Images that a resource names, each with who names it; `undefined` while a preview does not know it. */
export function imagesOf({
  type,
  name,
  props,
}: {
  type: string;
  name: string;
  props: Record<string, unknown>;
}): [kind: string, name: string, image: string | undefined][] {
  // A container's image is the id of an image resource, which a preview does not know yet; that resource's name is judged instead.
  if (type === CONTAINER) return [["container", containerName({ name, props }), known(() => props["image"] as string)]];
  if (type === IMAGE) return [["image", name, (props["name"] as string | undefined) ?? UNNAMED]];
  const template = templateOf({ type, props });
  return containersOf(template?.spec ?? {}).map(({ container }) => [
    kindOf(type),
    `${nameOf({ name, props })}/${container.name}`,
    container.image ?? UNNAMED,
  ]);
}
