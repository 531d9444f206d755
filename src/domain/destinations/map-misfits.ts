// What a probe says of a map that names fields or options which a receiver does not have.
import { failure } from "./outcome.ts";
import type { Failed } from "./outcome.ts";
import type { Misfits } from "./remote-field.ts";

/** null: it fits. `name`: the destination's. */
export function misfitFailure(name: string, misfits: Misfits): Failed | null {
  const { unknownTargets, unmappedFields, unknownOptions: options } = misfits;
  const sentences = [
    ...(unknownTargets.length === 0 ? [] : [`${name} has no field ${named(unknownTargets)}`]),
    ...(unmappedFields.length === 0
      ? []
      : [`${name} takes no lead without ${named(unmappedFields)}, which the map does not give`]),
    ...options.slice(0, namedMax).map(({ target, value }) => `${value} is no option of ${target}`),
  ];
  return sentences.length === 0 ? null : failure("destination_configuration", sentences.join("; "));
}

const namedMax = 10;

function named(targets: readonly string[]): string {
  return [...targets.slice(0, namedMax), ...(targets.length > namedMax ? ["…"] : [])].join(", ");
}
