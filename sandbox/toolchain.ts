import { PulumiCommand } from "@pulumi/pulumi/automation";
import { tagged } from "../ops/image-reference";
import type { Toolchain } from "../ops/toolchain";
import { buildImages, buildTool } from "./images/build";
import { RECIPES } from "./images/catalogue";
import { run } from "./images/run";
import type { PreparedEngine } from "./main";
import { prepareEngine } from "./main";

const recipes = new Map(RECIPES.map(({ tag, name }) => [tag, name]));

/** An image that was made here has its tag alone: digests are given by registries. */
const localName = (image: string) => (recipes.has(tagged(image)) ? tagged(image) : image);

/** The sandbox's engine, stand-ins and images, for machines that reach package registries only. */
export function sandboxToolchain(reason: string): Toolchain {
  let engine: PreparedEngine | undefined;
  return {
    name: "sandbox",
    reason,
    async prepare({ images, log }) {
      const wanted = [...new Set(Object.values(images).map(localName))];
      await buildImages(
        wanted.flatMap(image => recipes.get(image) ?? []),
        log,
      );
      // A team's own image can have been loaded by hand.
      const absent = new Set<string>();
      for (const image of wanted.filter(each => !recipes.has(each))) if (!(await isLocal(image))) absent.add(image);
      const leaveOut = Object.entries(images).filter(([, image]) => absent.has(localName(image)));
      engine ??= await prepareEngine(log);
      return {
        env: engine.env,
        pulumiCommand: await PulumiCommand.get({ root: engine.pulumiCommandDir }),
        leaveOut: Object.fromEntries(leaveOut.map(([service, image]) => [service, `${image} can neither be pulled nor made from packages here`])),
      };
    },
    compose: async log => [await buildTool("docker-compose", log)],
    localName,
    async stop() {
      await engine?.stop();
      engine = undefined;
    },
  };
}

const isLocal = (image: string): Promise<boolean> =>
  run("docker", ["image", "inspect", image]).then(
    () => true,
    () => false,
  );
