import * as pulumi from "@pulumi/pulumi";

/** Applies a function to a value that may still be to come; a plain one stays plain, so that lowering stays pure. */
export function mapInput<T, R>(input: pulumi.Input<T>, map: (value: T) => R): pulumi.Input<R> {
  if (pulumi.Output.isInstance(input) || input instanceof Promise) return pulumi.output(input).apply(value => map(value as T));
  return map(input as T);
}

/** The same for a list. */
export function mapInputs<T, R>(inputs: pulumi.Input<T>[], map: (values: T[]) => R): pulumi.Input<R> {
  const later = inputs.some(input => pulumi.Output.isInstance(input) || input instanceof Promise);
  return later ? pulumi.all(inputs).apply(values => map(values as T[])) : map(inputs as T[]);
}
