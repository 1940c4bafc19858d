import { bool, int, object, replaces, required, string, type Schema } from "../bridge/schema";
import { strings } from "../docker/labels";
import { extendedUses, keyUses } from "./uses";

/** Who a certificate or request is about. */
export const subjectSchema = {
  subject: object(
    {
      commonName: string(),
      organization: string(),
      organizationalUnit: string(),
      country: string(),
      locality: string(),
      province: string(),
      postalCode: string(),
      serialNumber: string(),
      streetAddresses: strings(),
    },
    replaces,
  ),
  dnsNames: strings(replaces),
  ipAddresses: strings(replaces),
  uris: strings(replaces),
} satisfies Schema;

/** What every certificate takes: uses, life, and whether it may sign others. */
export const certificateSchema = {
  allowedUses: {
    ...strings({ ...required, ...replaces }),
    of: string({
      rule: { test: use => use in keyUses || use in extendedUses, says: [...Object.keys(keyUses), ...Object.keys(extendedUses)].join(", ") },
    }),
  },
  validityPeriodHours: int({ ...required, ...replaces }),
  /** The only property that updates in place. */
  earlyRenewalHours: int({ default: 0 }),
  isCaCertificate: bool({ ...replaces, default: false }),
  setSubjectKeyId: bool({ ...replaces, default: false }),
} satisfies Schema;
