import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

export interface Expression {
  /** Comparisons at which the expression as a whole gives something: `>= 0.8`. One inside an aggregation or a function is none. */
  limits: string[];
  /** Every other number and time, in order of the text. */
  numbers: string[];
}

const COMPARISONS = new Set(["Eql", "EqlC", "EqlSingle", "Neq", "Gtr", "Gte", "Lss", "Lte"]);
const SET_OPERATORS = new Set(["And", "Or", "Unless"]);

/** Comparison nodes that decide whether the whole expression gives anything. */
function deciding(node: SyntaxNode): SyntaxNode[] {
  if (node.name === "ParenExpr") return children(node).flatMap(deciding);
  if (node.name !== "BinaryExpr") return [];
  const parts = children(node);
  if (parts.some(({ name }) => COMPARISONS.has(name))) return [node];
  // What both sides of `and`, `or` and `unless` must have, each says for itself.
  return parts.some(({ name }) => SET_OPERATORS.has(name)) ? parts.flatMap(deciding) : [];
}

function children(node: SyntaxNode): SyntaxNode[] {
  const list: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) list.push(child);
  return list;
}

/** Thresholds and other numbers of a PromQL expression, read by its grammar; `undefined` for what is no PromQL. */
export function readExpression(expr: string): Expression | undefined {
  const tree = parser.parse(expr);
  const text = (node: { from: number; to: number }) => expr.slice(node.from, node.to);
  const root = tree.topNode.firstChild;
  if (!root || root.type.isError) return undefined;
  const comparisons = deciding(root);
  // The right side of a deciding comparison is its threshold, where it is a number.
  const thresholds = comparisons.map(node => {
    const operator = children(node).find(({ name }) => COMPARISONS.has(name))!;
    return { operator: text(operator), right: node.lastChild! };
  });
  const numbers: string[] = [];
  let broken = false;
  tree.iterate({
    enter: node => {
      broken ||= node.type.isError;
      const isNumber = node.name === "NumberDurationLiteral" || node.name === "NumberDurationLiteralInDurationContext";
      if (isNumber && !thresholds.some(({ right }) => right.from <= node.from && node.to <= right.to)) numbers.push(text(node));
    },
  });
  return broken ? undefined : { limits: thresholds.map(({ operator, right }) => `${operator} ${text(right)}`), numbers };
}
