import { PolicyPack } from "@pulumi/policy";
import { rules } from "./inventory";
import { readOnce } from "./read-once";

readOnce();

// Only the pack: constructing it starts a server, so everything that tests need lives elsewhere.
new PolicyPack("ultrathink", { policies: rules });
