import { declaredPlan, withEngine } from "../context";
import { CommandFailure } from "../exit";
import { holding } from "../locks";
import { openDesk, released, requireSwitch } from "../release/desk";
import { finish, release as bringOut } from "../release/release";
import { workFolder } from "../workspace";
import { defineCommand } from "./command";

interface ReleaseOptions {
  service: string;
  /** Absent: the release under way is finished. */
  image?: string;
}

export const release = defineCommand<ReleaseOptions>({
  summary: "Bring a new version of a service to its clients: beside the old one, through a gate, by one switch (Kubernetes)",
  examples: [
    [
      "bin/ops release inference-service registry.example/inference:1.5.0 --stack prod",
      "exit code 9 when its gate is shut; run again, it goes on where it stopped",
    ],
    ["bin/ops release inference-service --finish --stack prod", "ends the release with what clients get: the other version is taken away"],
  ],
  declare: command =>
    command
      .argument("<service>", "service, one that the declaration releases")
      .argument("[image]", "image with the exact tag that becomes its version")
      .option("--finish", "keep what clients get and take the other version away; after the rollback window"),
  validate([service, image], { finish: isFinish }) {
    if ((image === undefined) !== (isFinish === true))
      throw new CommandFailure("usage", "release: name the image that is released, or --finish, one of the two");
    if (image !== undefined && !/:[\w.-]+(@\S+)?$/.test(image)) {
      throw new CommandFailure(
        "usage",
        `release: "${image}" is not allowed; use an image with a tag, which becomes its version, such as registry.example/inference:1.5.0`,
      );
    }
    return { service: service!, image };
  },
  async run(context, { service, image }) {
    const planned = await declaredPlan(context);
    requireSwitch(planned, "release");
    released(planned, service);
    await holding(workFolder(context.stack, context.root).path, context.host, context.logger.note, () =>
      withEngine(context, {}, async session => {
        const desk = await openDesk(context, session);
        if (image === undefined) await finish(desk, service);
        else await bringOut(desk, service, image);
      }),
    );
  },
});
