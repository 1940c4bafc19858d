import { parseProperties } from "../../../policies/parsers/properties";

test("reads the forms that Java allows, the last of equal keys winning", () => {
  const text = "# comment\n! also one\n\n a=1\nb : 2\nc 3\nd=\nurl=host:9092,other=9093\nlong=one,\\\n  two\na=4\r\n";
  expect(Object.fromEntries(parseProperties(text))).toEqual({ a: "4", b: "2", c: "3", d: "", url: "host:9092,other=9093", long: "one,two" });
});
