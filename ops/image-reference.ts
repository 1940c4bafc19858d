/** A reference without its digest: what a person calls the image. */
export const tagged = (reference: string): string => reference.replace(/@.*$/, "");

/** The digest that a reference pins; empty where it pins none. */
export const digestOf = (reference: string): string => /@(.+)$/.exec(reference)?.[1] ?? "";

/** Host of the registry that a reference is asked of, as Docker reads it. */
export function registryOf(reference: string): string {
  const [first, ...rest] = reference.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first!) ? first! : "docker.io";
}
