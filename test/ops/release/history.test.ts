import { imageBefore, liveSince, releaseEvents } from "../../../ops/release/history";

const PROJECT = "ultrathink-infrastructure";
const SERVICE = "inference-service";
const image = (version: string) => `registry.example/inference:${version}`;

type Update = Parameters<typeof releaseEvents>[0][number];

/** One update a minute, newest first, as the engine lists them. */
function history(
  ...wanted: { image?: string; release?: { candidate: string; live: string }; result?: Update["result"]; kind?: Update["kind"] }[]
): Update[] {
  return wanted
    .map(({ image, release, result = "succeeded", kind = "update" }, minute) => ({
      kind,
      result,
      endTime: new Date(Date.UTC(2026, 10, 25, 10, minute)),
      config: {
        [`${PROJECT}:backend`]: { value: "kubernetes" },
        ...(image ? { [`${PROJECT}:images`]: { value: JSON.stringify({ [SERVICE]: image }) } } : {}),
        ...(release ? { [`${PROJECT}:releases`]: { value: JSON.stringify({ [SERVICE]: release }) } } : {}),
      },
    }))
    .reverse();
}

const beside = (live: string) => ({ image: image("1.4.2"), release: { candidate: image("1.5.0"), live } });
const whole = history({}, beside("1.4.2"), beside("1.5.0"), beside("1.4.2"), beside("1.5.0"), { image: image("1.5.0") });
const what = (updates: Update[]) => releaseEvents(updates, PROJECT, SERVICE).map(event => event.what);

test("the events of a release, newest first", () => {
  expect(what(whole)).toEqual([
    `${image("1.5.0")} is the one that runs`,
    "clients switched from 1.4.2 to 1.5.0",
    "clients switched from 1.5.0 to 1.4.2",
    "clients switched from 1.4.2 to 1.5.0",
    `${image("1.5.0")} beside ${image("1.4.2")}`,
  ]);
  expect(releaseEvents(whole, PROJECT, SERVICE)[0]!.at).toEqual(new Date(Date.UTC(2026, 10, 25, 10, 5)));
});

test("a candidate that never got clients was taken away", () => {
  expect(what(history({}, beside("1.4.2"), { image: image("1.4.2") }))[0]).toBe(`${image("1.5.0")} taken away`);
});

test("a plain up that brings another image is one too", () => {
  expect(what(history({ image: image("1.4.2") }, { image: image("1.4.3") }))).toEqual([`${image("1.4.3")} rolled out by a plain up`]);
});

test("what failed, and what is no update, changed nothing", () => {
  expect(what(history({ image: image("1") }, { image: image("2"), result: "failed" }, { image: image("3"), kind: "refresh" }))).toEqual([]);
});

test("clients have had a version since its switch, not since the release began or ended", () => {
  const since = (updates: Update[]) => liveSince(updates, PROJECT, SERVICE)?.getUTCMinutes();
  expect(since(whole)).toBe(4);
  expect(since(history({}, beside("1.4.2")))).toBeUndefined();
  expect(since(history({}, beside("1.4.2"), beside("1.5.0"), beside("1.5.0")))).toBe(2);
  expect(since(history({}, beside("1.4.2"), beside("1.5.0"), beside("1.4.2")))).toBe(3);
});

test("the image before is the last other one that ran", () => {
  expect(imageBefore(whole, PROJECT, SERVICE)).toBe(image("1.4.2"));
  expect(imageBefore(history({}, { image: image("1.5.0") }), PROJECT, SERVICE)).toBeUndefined();
});
