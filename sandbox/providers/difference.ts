/** What a change of the inputs does; `diffs` names every property that differs, `replaces` those that force a replacement. */
export interface Difference {
  changes: boolean;
  diffs: string[];
  replaces: string[];
  deleteBeforeReplace: boolean;
}
