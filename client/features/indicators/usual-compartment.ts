import type { CompartmentId } from '#shared/kernel/ids.ts';

/** `main` for those who receive it, otherwise the first. */
export function usualCompartment(
  compartments: readonly { readonly id: CompartmentId; readonly name: string }[],
): CompartmentId | null {
  return (compartments.find((each) => each.name === 'main') ?? compartments[0])?.id ?? null;
}
