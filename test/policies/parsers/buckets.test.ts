import { parseBuckets } from "../../../policies/parsers/buckets";

test("reads the buckets of a document, and none in what is no such document", () => {
  expect(parseBuckets('{"buckets": [{"name": "a", "versioning": true}]}')).toEqual([{ name: "a", versioning: true }]);
  expect(["", "{", "{}", '{"buckets": {}}'].flatMap(parseBuckets)).toEqual([]);
});
