import { main } from "../../../ops/cli";
import { stub } from "./project";
import { testToolchain } from "./toolchain";

/** The command line on the stub project, as a process that a test can kill. */
const [root, ...argv] = process.argv.slice(2);
void main(argv, testToolchain(), { root, project: () => Promise.resolve(stub) });
