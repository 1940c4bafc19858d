import { main } from "@pulumi/pulumi/provider";
import { standIns } from "./standIns";

/**
 * Entry point of the provider process. It prints its port on the first line of stdout and ends when its standard input
 * closes, which the operating system does when the parent ends, however it ends.
 */
process.stdin.on("close", () => process.exit(0)).resume();
// Ctrl-C reaches the whole process group: the engine then cancels what is under way through the provider protocol.
process.on("SIGINT", () => {});

void main(standIns, []);
