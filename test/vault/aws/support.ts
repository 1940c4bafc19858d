import { inAws } from "../../../components/backup/aws";
import { ultrathink } from "../../../systems/ultrathink";
import type { VaultPlace } from "../../../vault/aws/documents";

const account = "123456789012";
const region = "eu-west-1";

/** UltraThink's vault in an account of nobody's. */
export const place: VaultPlace = {
  system: inAws(ultrathink, { account, region }, "prod"),
  account,
  region,
  oidcProvider: `arn:aws:iam::${account}:oidc-provider/oidc.eks.${region}.amazonaws.com/id/TEST`,
  disposable: false,
};
