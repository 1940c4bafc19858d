import type { Registration } from "../../../components/rendering/registrations";
import { rules } from "../../../policies/inventory";
import type { Rule } from "../../../policies/rule";
import { platforms, vaults } from "../../committed";
import { asJudged } from "../declared";
import { violationsOf } from "../support";
import { equivalents, exempt, expectations } from "./expectations";
import { mutantsOf, type Mutant } from "./mutants";
import type { Operator } from "./tree";

const applies = ({ place, operators }: { place: RegExp; operators?: Operator[] }, mutant: Mutant) =>
  place.test(mutant.place) && (operators?.includes(mutant.operator) ?? true);

/** What a run found. */
interface Outcome {
  caught: number;
  /** Mutants that no expected rule answers. */
  living: string[];
  /** Places that neither table knows. */
  unknown: string[];
  equivalent: number;
}

/**
 * Loosens every committed stack in one place at a time, and asks the rules that must answer. What another stack of the project has word for word is
 * loosened once: staging is production but for its own names, and would only take as long again.
 */
async function run(): Promise<Outcome> {
  const outcome: Outcome = { caught: 0, living: [], unknown: [], equivalent: 0 };
  const loosened = new Set<string>();
  for (const committed of [...platforms, ...vaults]) {
    const title = `${committed.project}/${committed.stack}`;
    const isFirst = (resource: Registration) => {
      const whole = JSON.stringify([committed.project, resource]);
      const first = !loosened.has(whole);
      loosened.add(whole);
      return first;
    };
    const registered = await committed.declare();
    const whole = asJudged(committed, registered);
    // A rule that finds fault with the stack as it is says nothing by finding fault with a mutant.
    const sound = new Map(rules.filter(rule => violationsOf(rule, whole).length === 0).map(rule => [rule.name, rule]));
    for (const mutant of mutantsOf(committed, registered, isFirst)) {
      const said = `${title}: ${mutant.place} ${mutant.operator} (${mutant.resource})`;
      if (!mutant.by && exempt.some(row => row.resource.test(mutant.resource) && applies(row, mutant))) {
        outcome.equivalent++;
        continue;
      }
      const expected = mutant.by ?? expectations.filter(row => applies(row, mutant)).flatMap(({ by }) => by);
      if (expected.length > 0) {
        if (
          answered(
            mutant,
            expected.flatMap(name => sound.get(name) ?? []),
          )
        )
          outcome.caught++;
        else outcome.living.push(`${said}: ${expected.join(", ")} should say something`);
      } else if (equivalents.some(row => applies(row, mutant))) outcome.equivalent++;
      else outcome.unknown.push(said);
    }
  }
  return outcome;
}

/** A rule about one resource is shown the changed one alone: the others are as they were. */
function answered(mutant: Mutant, expected: Rule[]): boolean {
  return expected.some(rule => violationsOf(rule, "validateStack" in rule ? mutant.stack() : mutant.mutated()).length > 0);
}

void run().then(({ caught, living, unknown, equivalent }) => {
  for (const line of living) console.log(`LIVES: ${line}`);
  for (const line of unknown) console.log(`UNKNOWN: ${line}`);
  console.log(`${caught} of ${caught + living.length} mutants caught; ${equivalent} changes are equivalent, each for a written reason`);
  process.exit(living.length + unknown.length > 0 ? 1 : 0);
});
