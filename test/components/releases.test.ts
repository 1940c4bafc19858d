import { stackSystem } from "../../components/environment";
import { releaseFaults, releaseOf } from "../../components/releases";
import { parseConfig } from "../../config";
import { ultrathink } from "../../systems/ultrathink";

const config = (settings: Record<string, unknown>) => parseConfig({ backend: "kubernetes", ...settings }, "prod");
const image = (version: string) => `registry.example/inference:${version}`;
const images = { "inference-service": image("1.4.2") };

test("without a release what runs is what clients get", () => {
  expect(releaseOf(ultrathink, config({ images }), "inference-service")).toEqual({
    stable: { image: image("1.4.2"), version: "1.4.2" },
    live: "1.4.2",
  });
});

test("a candidate gets no clients until its version is the live one", () => {
  const release = { candidate: image("1.5.0") };
  const of = (live?: string) =>
    releaseOf(ultrathink, config({ images, releases: { "inference-service": { ...release, live } } }), "inference-service");
  expect(of()).toMatchObject({ candidate: { version: "1.5.0" }, live: "1.4.2" });
  expect(of("1.5.0").live).toBe("1.5.0");
});

const faults = (releases: object, settings: object = {}) => releaseFaults(ultrathink, config({ images, releases, ...settings }));

test("each fault names key and value, and what is allowed", () => {
  expect(faults({ "inference-service": { candidate: image("1.5.0"), live: "1.3.0" } })).toEqual([
    'releases.inference-service.live: "1.3.0" is not there to serve; use 1.4.2 or 1.5.0',
  ]);
  expect(faults({ "inference-service": { candidate: "other.example/inference:1.4.2" } })[0]).toMatch(
    /^releases\.inference-service\.candidate: "other\.example\/inference:1\.4\.2" has the version of registry\.example\/inference:1\.4\.2.*another tag$/,
  );
  expect(faults({ redis: { candidate: "redis:9" } })[0]).toMatch(/^releases\.redis: is not released by a switch; released are data-service, /);
  expect(faults({ "inference-service": { candidate: image("1.5.0") } }, { backend: "docker" })[0]).toMatch(
    /^releases\.inference-service: one machine's Docker runs one version; set images\.inference-service instead/,
  );
});

test("a stack with a fault in its releases is refused before anything is made", () => {
  const releases = { "inference-service": { candidate: image("1.5.0"), live: "1.3.0" } };
  expect(() => stackSystem(ultrathink, config({ images, releases }), "prod")).toThrow(/releases\.inference-service\.live/);
});
