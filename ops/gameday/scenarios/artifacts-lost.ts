import type { Scenario } from "../experiment";
import { none } from "../finding";
import type { Artifact } from "../tools/tracking";

const RUNS = 5;

export const artifactsLost: Scenario = {
  name: "artifacts-lost",
  title: "MLflow's artifacts are lost",
  hypothesis: "Every artifact that was backed up comes back byte by byte, under the runs that the database still knows.",
  prepare(tools) {
    const { tracking, containers, backups, operations } = tools;
    const { service } = tools.plan.backups!.objectStore!;
    let artifacts: Artifact[];

    return {
      method: [
        { name: `log ${RUNS} runs with artifacts`, run: async () => void (artifacts = await tracking.log(RUNS, 3, 1024 ** 2)) },
        { name: "back the artifacts up", run: () => backups.make(...backups.of(service)) },
        {
          name: "lose the volume",
          async run() {
            const gone = await containers.loseVolume(service);
            tools.lost();
            return gone;
          },
        },
        { name: "restore the artifacts", run: async () => void (await operations.restore({ only: service })) },
        { name: "bring the stack up on them", run: () => operations.up() },
      ],
      verification: [
        {
          name: "every run is there, and its artifacts byte by byte",
          ask: async () => none(await tracking.missing(artifacts), `${artifacts.length} artifacts`),
        },
      ],
      rollbacks: [{ name: "remove the runs", run: () => tracking.clear() }],
    };
  },
};
