import { parsePgHba } from "../../../policies/parsers/pg-hba";

test.each([
  ["local all all trust", [{ type: "local", method: "trust" }]],
  ["hostssl all all all scram-sha-256", [{ type: "hostssl", method: "scram-sha-256" }]],
  ["host all all 10.0.0.0 255.0.0.0 md5", [{ type: "host", method: "md5" }]],
  ["host all all ::1 ffff:: md5", [{ type: "host", method: "md5" }]],
  ['hostssl "a b",c @users samenet cert map=x # why', [{ type: "hostssl", method: "cert" }]],
  ["# all\n\n\thostssl\tall all \\\n all reject\n", [{ type: "hostssl", method: "reject" }]],
  ["include /etc/more.conf", [{ type: "include", method: undefined }]],
])("reads %j", (text, lines) => {
  expect(parsePgHba(text)).toEqual(lines);
});
