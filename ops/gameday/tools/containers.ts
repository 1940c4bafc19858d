import type Docker from "dockerode";
import { containerOf, volumeOf } from "../../backups/face";
import { type StackContainer, remove, stackNetworks, stackVolumes } from "../../docker";
import { stackHealth } from "../../health";
import type { StackPlan } from "../../project";

/** What happens to a stack's containers, networks and volumes when something breaks. */
export class Containers {
  constructor(
    private readonly docker: Docker,
    private readonly stack: string,
    private readonly plan: StackPlan,
  ) {}

  all(): Promise<StackContainer[]> {
    return stackHealth(this.docker, this.stack);
  }

  networks(): Promise<{ id: string; name: string }[]> {
    return stackNetworks(this.docker, this.stack);
  }

  volumes(): Promise<string[]> {
    return stackVolumes(this.docker, this.stack);
  }

  /** Ends processes at once, as a crash does: nothing is flushed or closed. */
  async kill(services: string[]): Promise<void> {
    await Promise.all(services.map(service => this.docker.getContainer(containerOf(this.plan, service)).kill()));
  }

  /** A disk is gone: what ran on it is gone with it. Returns the containers that went. */
  async loseVolume(service: string): Promise<string> {
    const { name } = volumeOf(this.plan, service);
    const users = await this.docker.listContainers({ all: true, filters: { volume: [name] } });
    await Promise.all(users.map(({ Id }) => remove(this.docker.getContainer(Id))));
    await remove(this.docker.getVolume(name));
    return `${name} is gone, and ${users.map(({ Names }) => (Names[0] ?? "").slice(1)).join(", ")} with it`;
  }

  /** The machine is gone: every container at the same moment, then networks and volumes. The vault carries other labels. */
  async loseEverything(): Promise<string> {
    const containers = await this.all();
    // A restart policy would bring back what was only killed.
    await Promise.all(containers.map(({ id }) => remove(this.docker.getContainer(id))));
    const [networks, volumes] = [await this.networks(), await this.volumes()];
    await Promise.all(networks.map(({ id }) => this.docker.getNetwork(id).remove()));
    await Promise.all(volumes.map(name => remove(this.docker.getVolume(name))));
    return `${containers.length} containers, ${networks.length} networks and ${volumes.length} volumes are gone`;
  }
}
