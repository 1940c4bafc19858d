import { main } from "./cli";
import { officialToolchain } from "./toolchain";

void main(process.argv.slice(2), officialToolchain(process.env.ULTRATHINK_TOOLCHAIN_REASON ?? "the official CLI, plugins and images"));
