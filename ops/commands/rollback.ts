import { declaredPlan, withEngine } from "../context";
import { holding } from "../locks";
import { openDesk, released, requireSwitch } from "../release/desk";
import { rollback as goBack } from "../release/rollback";
import { workFolder } from "../workspace";
import { defineCommand } from "./command";

export const rollback = defineCommand<{ service: string }>({
  summary: "Give clients the version before again, with one switch (Kubernetes)",
  examples: [["bin/ops rollback inference-service --stack prod", "while its release is under way: one object changes, and nothing is restarted"]],
  declare: command => command.argument("<service>", "service, one that the declaration releases"),
  validate: ([service]) => ({ service: service! }),
  async run(context, { service }) {
    const planned = await declaredPlan(context);
    requireSwitch(planned, "rollback");
    released(planned, service);
    await holding(workFolder(context.stack, context.root).path, context.host, context.logger.note, () =>
      withEngine(context, {}, async session => goBack(await openDesk(context, session), service)),
    );
  },
});
