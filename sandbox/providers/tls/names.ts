import { SubjectAlternativeNameExtension, type JsonGeneralName, type JsonName } from "@peculiar/x509";
import type { Props } from "../bridge/values";

/** The plugin's subject fields as X.500 attributes, in the order in which the plugin writes them. */
const attributes = [
  ["country", "C"],
  ["organization", "O"],
  ["organizationalUnit", "OU"],
  ["locality", "L"],
  ["province", "ST"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "CN"],
  ["serialNumber", "2.5.4.5"],
] as const;

/** The X.500 name of a subject. */
export function distinguishedName(subject: Props = {}): JsonName {
  return attributes.flatMap(([key, attribute]) => [subject[key] ?? []].flat().map(value => ({ [attribute]: [value] })));
}

/** The subject alternative names, as an extension; none when there are none. */
export function alternativeNames(inputs: Props): SubjectAlternativeNameExtension[] {
  const names: JsonGeneralName[] = [
    ...(inputs.dnsNames ?? []).map((value: string) => ({ type: "dns" as const, value })),
    ...(inputs.ipAddresses ?? []).map((value: string) => ({ type: "ip" as const, value })),
    ...(inputs.uris ?? []).map((value: string) => ({ type: "url" as const, value })),
  ];
  return names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : [];
}
