import type { Document, Statement } from "../../../vault/aws/documents";

/** One call as AWS judges it. */
export interface Request {
  /** ARN of the role that asks. */
  principal: string;
  action: string;
  resource: string;
  /** Condition keys that the call has; those of every S3 call have a value by themselves. */
  context?: Record<string, string>;
}

type Operator = (found: string | undefined, wanted: string[]) => boolean;

const pattern = (text: string, flags = "") =>
  new RegExp(
    `^${text
      .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    flags,
  );

/** The operators that the documents use, by AWS' rules for keys that a call does not have: only the negated ones and Null hold then. */
const operators: Record<string, Operator> = {
  StringEquals: (found, wanted) => found !== undefined && wanted.includes(found),
  StringNotEquals: (found, wanted) => found === undefined || !wanted.includes(found),
  ArnEquals: (found, wanted) => found !== undefined && wanted.some(one => pattern(one).test(found)),
  ArnLike: (found, wanted) => found !== undefined && wanted.some(one => pattern(one).test(found)),
  Bool: (found, wanted) => found !== undefined && wanted.includes(found),
  Null: (found, wanted) => wanted.includes(String(found === undefined)),
  NumericLessThan: (found, wanted) => found !== undefined && wanted.some(limit => Number(found) < Number(limit)),
};

const many = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());

function concerns(statement: Statement, { principal, action, resource, context = {} }: Request): boolean {
  const { Principal, Action, NotAction, Resource, Condition = {} } = statement;
  if (Principal && !("AWS" in Principal && ["*", principal].includes(Principal.AWS))) return false;
  const acts = (actions: string | string[] | undefined) => many(actions).some(one => pattern(one, "i").test(action));
  if (NotAction ? acts(NotAction) : !acts(Action)) return false;
  if (!many(Resource).some(one => pattern(one).test(resource))) return false;
  const keys: Record<string, string> = { "aws:PrincipalArn": principal, "aws:SecureTransport": "true", "s3:TlsVersion": "1.3", ...context };
  return Object.entries(Condition).every(([name, tests]) => {
    const operator = operators[name];
    if (!operator) throw new Error(`condition operator ${name} is not known here; teach it`);
    return Object.entries(tests).every(([key, wanted]) => operator(keys[key], many(wanted)));
  });
}

/** What AWS decides within one account: a deny of any policy, else an allow of any, else no. */
export function evaluate(policies: Document[], request: Request): "allowed" | "AccessDenied" {
  const effects = policies.flatMap(({ Statement: statements }) => statements.filter(one => concerns(one, request)).map(({ Effect }) => Effect));
  return effects.includes("Allow") && !effects.includes("Deny") ? "allowed" : "AccessDenied";
}
