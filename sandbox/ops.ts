import { main } from "../ops/cli";
import { sandboxToolchain } from "./toolchain";

void main(process.argv.slice(2), sandboxToolchain(process.env.ULTRATHINK_TOOLCHAIN_REASON ?? "asked for by name"));
