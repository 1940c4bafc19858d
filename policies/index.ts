import { PolicyPack } from "@pulumi/policy";
import { rules } from "./inventory";

// Only the pack: constructing it starts a server, so everything that tests need lives elsewhere.
new PolicyPack("ultrathink", { policies: rules });
