import { retentionPolicies } from "../../../policies/parsers/timescaledb";

test("reads table and age of each policy, in any unit that has a length", () => {
  const sql =
    "SELECT add_retention_policy('a', INTERVAL '90 days');\nselect add_retention_policy( 'b' , drop_after => interval '1 week');\nSELECT add_retention_policy('c', INTERVAL '3 months');";
  expect(retentionPolicies(sql)).toEqual([
    { table: "a", seconds: 90 * 86_400 },
    { table: "b", seconds: 7 * 86_400 },
    { table: "c", seconds: undefined },
  ]);
});
