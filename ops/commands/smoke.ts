import { declaredPlan } from "../context";
import { CommandFailure } from "../exit";
import type { PlannedRelease, StackPlan } from "../project";
import { released } from "../release/desk";
import { answered, smokeTest, type Answer } from "../release/smoke";
import { clusterTraffic, type Forward } from "../release/traffic";
import { table } from "../report";
import { defineCommand } from "./command";

interface SmokeOptions {
  services: string[];
  url?: string;
}

export const smoke = defineCommand<SmokeOptions>({
  summary: "Ask the released services what they must answer: every pod behind them, the published ports on Docker, or a given address",
  examples: [
    ["bin/ops smoke --stack prod", "exit code 3 when a request is not answered with 200"],
    ["bin/ops smoke inference-service --url https://inference-service.ultrathink.com --stack prod", "the way that clients outside take"],
  ],
  declare: command =>
    command
      .argument("[services...]", "services; without any, all that are released")
      .option("--url <url>", "address of the one service that is named"),
  validate(services, { url }) {
    if (url === undefined) return { services };
    if (services.length !== 1) throw new CommandFailure("usage", "--url: is the address of one service; name it, and no other");
    if (!/^https?:\/\//.test(String(url)) || !URL.canParse(String(url))) {
      throw new CommandFailure("usage", `--url: "${String(url)}" is not allowed; use an address such as https://inference-service.ultrathink.com`);
    }
    return { services, url: String(url) };
  },
  async run(context, { services, url }) {
    const plan = await declaredPlan(context);
    const chosen = services.length > 0 ? services.map(service => released(plan, service)) : (plan.releases?.services ?? []);
    const rows: [PlannedRelease, Answer][] = [];
    for (const release of chosen) {
      const way = url === undefined ? await reach(plan, release) : { urls: [url], close: () => undefined };
      const answers = await smokeTest(way.urls, release.smoke).finally(() => way.close());
      rows.push(...answers.map((answer): [PlannedRelease, Answer] => [release, answer]));
    }
    context.logger.result(
      table(
        ["SERVICE", "REQUEST", "ANSWER", "TIME"],
        rows.map(([{ service }, answer]) => [service, answer.url, String(answer.outcome), `${Math.round(answer.milliseconds)} ms`]),
      ),
    );
    const failed = rows.filter(([, answer]) => !answered(answer));
    if (failed.length > 0) throw new CommandFailure("deviated", `${failed.length} of ${rows.length} requests were not answered with 200.`);
  },
});

async function reach(plan: StackPlan, { service, port }: PlannedRelease): Promise<Forward> {
  if (plan.cluster) return (await clusterTraffic(plan.cluster)).forward(service, port);
  const [published] = plan.services.find(({ name }) => name === service)!.ports;
  return { urls: [`http://${plan.bindAddress}:${published}`], close: () => undefined };
}
