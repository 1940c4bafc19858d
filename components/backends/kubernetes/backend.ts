import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { seconds, type Duration } from "../../../systems/declaration";
import type { Discovery } from "../../discovery";
import type { JobSpec, ScheduleSpec, ServiceSpec } from "../../spec";
import type { Backend, Placement } from "../backend";
import { Readiness } from "../readiness";
import type { Access } from "./access";
import type { KubernetesContext } from "./context";
import type { Controller } from "./controllers";
import { kubernetesDiscovery } from "./discovery";
import type { LoweredFiles } from "./files";
import { lowerGround, lowerJob, lowerSchedule, lowerUnit, trafficOf } from "./lowering";
import { CONFIG_KIND } from "./labels";
import { runningIn, type Unit } from "./units";

export interface KubernetesBackendArgs extends KubernetesContext {
  /** Context of the kubeconfig that names the cluster. @default - its current one */
  kubeContext?: string;
}

/** Beyond what the declaration grants a start or a run, in seconds: pulling images, finding nodes. */
const SCHEDULING_SECONDS = 300;

/** What a service or task comes after, by its name. */
type Ground = (name: string) => pulumi.Resource[];

interface Placed<Spec> extends Placement {
  spec: Spec;
}

/**
 * A Kubernetes cluster: namespaces with their rules, and a controller for each service. What the parts hand over is made in `finish`, once it is known who
 * belongs into one set and who talks to whom.
 */
export class KubernetesBackend extends pulumi.ComponentResource implements Backend {
  readonly discovery: Discovery;
  private readonly provider: k8s.Provider;
  private readonly readiness: Readiness;
  private readonly services: Placed<ServiceSpec>[] = [];
  private readonly jobs: (Placed<JobSpec> & { completes: string })[] = [];
  private readonly clock: Placed<ScheduleSpec>[] = [];

  constructor(
    name: string,
    private readonly args: KubernetesBackendArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ultrathink:kubernetes:Backend", name, {}, opts);
    this.discovery = kubernetesDiscovery(args.system);
    this.readiness = new Readiness(args.system.groups);
    // What pods read by a fixed name changes in place, with a checksum that rolls them; what is declared immutable is replaced all the same.
    const inPlace = { enableConfigMapMutable: true, enableSecretMutable: true };
    // What somebody changed by hand belongs to them until it is taken back: an `up` that mends drift would end in a conflict.
    this.provider = new k8s.Provider(name, { context: args.kubeContext, enablePatchForce: true, ...inPlace }, { parent: this });
    this.registerOutputs({});
  }

  service(spec: ServiceSpec, placement: Placement): void {
    this.services.push({ ...placement, spec });
  }

  job(spec: JobSpec, placement: Placement & { completes: string }): void {
    this.jobs.push({ ...placement, spec });
  }

  /** The cluster has a clock: no service has to run one. */
  schedules(specs: ScheduleSpec[], _: () => ServiceSpec, placement: Placement): void {
    this.clock.push(...specs.map(spec => ({ ...placement, spec })));
  }

  finish(): Promise<void> {
    const specs = <Spec>(placed: Placed<Spec>[]) => placed.map(({ spec }) => spec);
    const traffic = trafficOf(this.args, specs(this.services), specs(this.jobs), specs(this.clock));
    const ground = this.ground(lowerGround(this.args, traffic));
    const parents = new Map(this.services.map(({ spec, parent }) => [spec.name, parent]));
    // A job comes as soon as all that it needs is there, since others wait for what it completes.
    let waiting = this.jobs;
    for (const unit of traffic.units) {
      this.unit(unit, parents.get(unit.main.name)!, ground);
      const ready = waiting.filter(({ spec }) => this.readiness.has(spec.needs));
      waiting = waiting.filter(job => !ready.includes(job));
      for (const job of ready) this.task(job, ground);
    }
    for (const job of waiting) this.task(job, ground);
    for (const { spec, parent } of this.clock) {
      const { access, files, cronJob } = lowerSchedule(this.args, spec);
      const options = { parent, provider: this.provider, dependsOn: ground(spec.name) };
      new k8s.batch.v1.CronJob(spec.name, cronJob, {
        ...options,
        dependsOn: [...options.dependsOn, ...this.common(spec.name, access, files, options)],
      });
    }
    // The plugin counts nothing as made before it works.
    return Promise.resolve();
  }

  /**
   * Namespaces, priority classes and the policies of the network.
   *
   * @returns what the objects of a service or task come after: its own policy alone, since every one of all would make the dependencies grow with the
   *   square of the services
   */
  private ground({ namespaces, priorityClasses, defaultDeny, networkPolicies }: ReturnType<typeof lowerGround>): Ground {
    const options = { parent: this, provider: this.provider };
    // Taken back by `up` after a `down`, and never with it: their claims would go too, and with them the way to the data.
    const kept = { ...options, protect: true, retainOnDelete: true };
    const rooms = namespaces.map(args => new k8s.core.v1.Namespace(metadataOf(args).name, args, kept));
    const classes = priorityClasses.map(args => new k8s.scheduling.v1.PriorityClass(metadataOf(args).name, args, options));
    const policy = (args: k8s.networking.v1.NetworkPolicyArgs) =>
      new k8s.networking.v1.NetworkPolicy(qualified(args), args, { ...options, dependsOn: rooms });
    const common = [...rooms, ...classes, ...defaultDeny.map(policy)];
    const own = new Map(networkPolicies.map(args => [metadataOf(args).name, policy(args)]));
    return name => [...common, own.get(name)!];
  }

  private unit(unit: Unit, parent: pulumi.Resource, groundOf: Ground): void {
    const { name, main } = unit;
    const ground = groundOf(name);
    const lowered = lowerUnit(this.args, unit);
    const options = { parent, provider: this.provider, dependsOn: ground };
    const before = this.common(name, lowered.access, lowered.files, options);
    const service = (args: k8s.core.v1.ServiceArgs, after: pulumi.Resource[]) =>
      new k8s.core.v1.Service(metadataOf(args).name, args, { ...options, dependsOn: after });
    const addresses = lowered.services.filter(isPlainAddress).map(args => service(args, ground));
    if (lowered.disruptionBudget) new k8s.policy.v1.PodDisruptionBudget(name, lowered.disruptionBudget, options);
    const controllerOptions = {
      ...options,
      dependsOn: [...ground, ...before, ...addresses, ...this.readiness.of(name, main.needs)],
      customTimeouts: { create: timeout(main.health.startup), update: timeout(main.health.startup) },
    };
    const autoscaler = (args: k8s.autoscaling.v2.HorizontalPodAutoscalerArgs | undefined, of: pulumi.Resource) =>
      args && new k8s.autoscaling.v2.HorizontalPodAutoscaler(metadataOf(args).name, args, { ...options, dependsOn: [of] });
    const controller = makeController(name, lowered.controller, controllerOptions);
    autoscaler(lowered.autoscaler, controller);
    const versions = [controller];
    if (lowered.candidate) {
      const { candidate } = lowered;
      const next = makeController(metadataOf(candidate.controller.args).name, candidate.controller, controllerOptions);
      autoscaler(candidate.autoscaler, next);
      service(candidate.service, [next]);
      versions.push(next);
    }
    // Clients are switched to what is there.
    const ready = [controller, ...lowered.services.filter(args => !isPlainAddress(args)).map(args => service(args, versions))];
    if (lowered.route) new k8s.apiextensions.CustomResource(name, lowered.route, { ...options, dependsOn: ready });
    for (const member of runningIn(unit)) for (const resource of ready) this.readiness.add(member.name, resource);
  }

  private task({ spec, parent, completes }: Placed<JobSpec> & { completes: string }, groundOf: Ground): void {
    const ground = groundOf(spec.name);
    const { access, files, job } = lowerJob(this.args, spec);
    const options = { parent, provider: this.provider, dependsOn: ground };
    const before = this.common(spec.name, access, files, options);
    const made = new k8s.batch.v1.Job(spec.name, job, {
      ...options,
      dependsOn: [...ground, ...before, ...this.readiness.of(spec.name, spec.needs)],
      customTimeouts: { create: timeout(spec.deadline), update: timeout(spec.deadline) },
    });
    this.readiness.add(completes, made);
  }

  /** Who a pod is and what files it reads. */
  private common(name: string, access: Access, files: LoweredFiles[], options: pulumi.CustomResourceOptions): pulumi.Resource[] {
    const { account, roles, roleBindings, clusterRole, clusterRoleBinding } = access;
    return [
      new k8s.core.v1.ServiceAccount(name, account, options),
      ...roles.map(args => new k8s.rbac.v1.Role(qualified(args), args, options)),
      ...roleBindings.map(args => new k8s.rbac.v1.RoleBinding(qualified(args), args, options)),
      ...(clusterRole ? [new k8s.rbac.v1.ClusterRole(metadataOf(clusterRole).name, clusterRole, options)] : []),
      ...(clusterRoleBinding ? [new k8s.rbac.v1.ClusterRoleBinding(metadataOf(clusterRoleBinding).name, clusterRoleBinding, options)] : []),
      // An old one goes when no pod names it any more, which is after the roll-out.
      ...files.flatMap(({ configMaps }) => configMaps).map(args => new k8s.core.v1.ConfigMap(logicalName(args), args, options)),
      ...files.flatMap(({ secret }) => secret ?? []).map(args => new k8s.core.v1.Secret(metadataOf(args).name, args, options)),
    ];
  }
}

interface Metadata {
  name: string;
  namespace?: string;
  labels: Record<string, string>;
}

/** Lowering writes metadata in full, and in plain values. */
const metadataOf = (args: { metadata?: unknown }) => args.metadata as Metadata;

/** Logical name of what exists under one name in two namespaces. */
function qualified(args: { metadata?: unknown }): string {
  const { namespace, name } = metadataOf(args);
  return `${namespace}/${name}`;
}

/** Logical name of a ConfigMap, whose own name changes with its content. */
function logicalName(args: k8s.core.v1.ConfigMapArgs): string {
  const { labels } = metadataOf(args);
  return `${labels["app.kubernetes.io/name"]}-${labels[CONFIG_KIND]}`;
}

/** A Service that only gives addresses: peers look for each other by it before they are ready. Any other is there when a pod answers behind it. */
function isPlainAddress({ spec }: k8s.core.v1.ServiceArgs): boolean {
  const { type, clusterIP } = spec as k8s.types.input.core.v1.ServiceSpec;
  return type === "ExternalName" || clusterIP === "None";
}

const timeout = (limit: Duration) => `${seconds(limit) + SCHEDULING_SECONDS}s`;

function makeController(name: string, controller: Controller, options: pulumi.CustomResourceOptions): pulumi.CustomResource {
  switch (controller.kind) {
    case "Deployment":
      return new k8s.apps.v1.Deployment(name, controller.args, options);
    case "StatefulSet":
      return new k8s.apps.v1.StatefulSet(name, controller.args, options);
    case "DaemonSet":
      return new k8s.apps.v1.DaemonSet(name, controller.args, options);
  }
}
