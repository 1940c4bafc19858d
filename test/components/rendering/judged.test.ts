import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { writeFiles } from "../../../ops/commands/render";
import { buildTool } from "../../../sandbox/images/build";
import { answers, describeUnless } from "../../sandbox/support/requirements";
import { manifests, rendered, type Manifest } from "./support";

// The tools are built on first use; kube-score alone takes minutes on a busy machine.
jest.setTimeout(900_000);

/** Why the field's own tools cannot judge here, or undefined where they can. */
function missing(): string | undefined {
  const silent = (
    [
      ["go", "version"],
      ["python3", "--version"],
      ["pip", "--version"],
    ] as const
  ).find(command => !answers(command));
  return silent && `${silent[0]} is missing, of which kubeconform, kube-score and checkov are made`;
}

describeUnless(missing(), "production's objects before the field's own judges", () => {
  let folder: string;
  let objects: Manifest[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "t-judged-"));
    // With a release under way, which has every object that there is without one.
    const files = await rendered("prod", { releases: { "inference-service": { candidate: "registry.example/inference:1.5.0" } } });
    writeFiles(folder, files);
    objects = manifests(files);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const paths = () =>
    readdirSync(join(folder, "kubernetes"), { recursive: true, encoding: "utf8" })
      .filter(path => path.endsWith(".yaml"))
      .map(path => join(folder, "kubernetes", path));
  const tool = (name: Parameters<typeof buildTool>[0]) => buildTool(name, line => console.info(line));
  const run = (command: string, args: string[]) => spawnSync(command, args, { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });

  describe("kubeconform, strict, with the schemas of Kubernetes 1.34", () => {
    const judge = async (where: string[]) => {
      const location = join(await tool("kubernetes-schemas"), "{{ .ResourceKind }}{{ .KindSuffix }}.json");
      const { stdout } = run(await tool("kubeconform"), ["-strict", "-output", "json", "-summary", "-schema-location", location, ...where]);
      return JSON.parse(stdout) as { resources: { msg: string }[]; summary: Record<string, number> };
    };

    it("finds every object valid", async () => {
      const { resources, summary } = await judge([join(folder, "kubernetes")]);
      expect(resources ?? []).toEqual([]);
      expect(summary).toEqual({ valid: objects.length, invalid: 0, errors: 0, skipped: 0 });
    });

    it("would find a word that the API does not know, and a text in a number's place", async () => {
      const broken = join(folder, "broken.yaml");
      const { spec, ...rest } = objects.find(({ kind }) => kind === "StatefulSet")!;
      writeFileSync(broken, stringify({ ...rest, spec: { ...spec, replica: 3, replicas: "three" } }));
      const { resources } = await judge([broken]);
      expect(resources.map(({ msg }) => msg).join()).toMatch(/replica/);
      expect(resources).toHaveLength(1);
    });
  });

  it("kube-score finds nothing critical", async () => {
    const { stdout } = run(await tool("kube-score"), ["score", "--kubernetes-version", "v1.34", "--output-format", "json", ...paths()]);
    const scored = JSON.parse(stdout) as { object_name: string; checks: { check: { name: string }; grade: number; skipped: boolean }[] }[];
    const found = (grade: number) =>
      scored.flatMap(({ object_name, checks }) =>
        checks.filter(each => !each.skipped && each.grade === grade).map(({ check }) => `${object_name}: ${check.name}`),
      );
    const judged = new Set(scored.map(({ object_name }) => object_name.split("/")[0]));
    const kinds = [
      "CronJob",
      "DaemonSet",
      "Deployment",
      "HorizontalPodAutoscaler",
      "Job",
      "NetworkPolicy",
      "PodDisruptionBudget",
      "Service",
      "StatefulSet",
    ];
    expect([...judged].sort()).toEqual(kinds);
    expect(scored).toHaveLength(objects.filter(({ kind }) => kinds.includes(kind)).length);
    expect(found(1)).toEqual([]);
    // A warning at most, and that for what the declaration has one of: no load decides their number, and none has a quorum; a candidate has one GPU.
    const warnings = new Set(found(5).map(line => line.slice(line.indexOf(": ") + 2)));
    expect(warnings).toEqual(new Set(["Deployment Replicas", "HorizontalPodAutoscaler Replicas"]));
  });

  it("checkov finds nothing failed and skips nothing, but for images that are named without a digest", async () => {
    const { stdout } = run(await tool("checkov"), [
      "--directory",
      join(folder, "kubernetes"),
      "--framework",
      "kubernetes",
      "--compact",
      "--quiet",
      "--output",
      "json",
    ]);
    const { results, summary } = JSON.parse(stdout) as {
      results: { failed_checks: { check_id: string; resource: string }[] };
      summary: { passed: number; skipped: number; parsing_errors: number };
    };
    const imagesOf = (object: Manifest) => [...JSON.stringify(object).matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image!);
    const undigested = objects.filter(object => imagesOf(object).some(image => !image.includes("@sha256:")));
    const failed = [...new Set(results.failed_checks.map(({ check_id, resource }) => `${check_id} ${resource}`))];
    expect(failed.sort()).toEqual(undigested.map(({ kind, metadata }) => `CKV_K8S_43 ${kind}.${metadata.namespace}.${metadata.name}`).sort());
    expect(summary).toMatchObject({ skipped: 0, parsing_errors: 0 });
    expect(summary.passed).toBeGreaterThan(3000);
  });

  it("nothing asks any of them to look away", () => {
    const asking = paths().filter(path => /checkov|kube-score|bc-skip|CKV_/i.test(readFileSync(path, "utf8")));
    expect(asking).toEqual([]);
  });
});
