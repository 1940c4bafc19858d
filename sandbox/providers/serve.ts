import { main } from "@pulumi/pulumi/provider";
import { docker } from "./docker/provider";
import { random } from "./random/provider";
import { tls } from "./tls/provider";

/**
 * Entry point of a provider process: `serve.ts <docker|random|tls>`. It prints its port on the first line of stdout and
 * ends when its standard input closes, which the operating system does when the parent ends, however it ends.
 */
const standIns = { docker, random, tls };

/** Names of the packages that have a stand-in. */
export type Package = keyof typeof standIns;

process.stdin.on("close", () => process.exit(0)).resume();
// Ctrl-C reaches the whole process group: the engine then cancels what is under way through the provider protocol.
process.on("SIGINT", () => {});

void main(standIns[process.argv[2] as Package], []);
