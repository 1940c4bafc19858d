import type { Context } from "../../../ops/context";
import { labels } from "../../../ops/docker";
import type { StackPlan } from "../../../ops/project";
import { DockerRuntime } from "../../../ops/runtime/docker";
import { STACK, stub } from "../support/project";

const [pinned, other] = ["a", "b"].map(letter => `sha256:${letter.repeat(64)}`);

/** What `status` says of the image of a stopped container whose image Docker lists so. */
async function imageShown(image: string, listed: { RepoTags?: string[] | null; RepoDigests?: string[] | null }): Promise<string> {
  const plan = stub.plan({}, STACK);
  const services = [{ ...plan.services[0]!, image }];
  const info = {
    Id: "c",
    Name: "/web",
    Image: "sha256:id",
    RestartCount: 0,
    State: { Status: "exited", ExitCode: 0, StartedAt: new Date(0).toISOString() },
    Config: { Labels: { [labels.service]: "web" }, Image: "sha256:id" },
    HostConfig: {},
  };
  const docker = {
    listContainers: () => Promise.resolve([{ Id: "c" }]),
    getContainer: () => ({ inspect: () => Promise.resolve(info) }),
    listImages: () => Promise.resolve([{ Id: "sha256:id", ...listed }]),
  };
  const { rows } = await new DockerRuntime({ docker, stack: STACK } as unknown as Context, { ...plan, services } as StackPlan).status();
  return rows[0]!.at(-1)!;
}

test.each([
  ["its tag", "redis:8.0.4", { RepoTags: ["redis:8.0.4"], RepoDigests: null }, "redis:8.0.4"],
  ["the lock's tag when it was pulled by its digest", `redis:8.0.4@${pinned}`, { RepoTags: null, RepoDigests: [`redis@${pinned}`] }, "redis:8.0.4"],
  ["its id when the lock has moved on", `redis:8.0.4@${pinned}`, { RepoTags: ["<none>:<none>"], RepoDigests: [`redis@${other}`] }, "sha256:id"],
])("an image goes by %s", async (_, image, listed, shown) => {
  expect(await imageShown(image, listed)).toBe(shown);
});
