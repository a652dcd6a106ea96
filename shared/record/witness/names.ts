import { type CosignerKind, cosignerKinds } from '#shared/policy/cosigners.ts';

/*
 * The kind of a cosigner stands in its key's name, and the name in the key's id: the key of a browser can never pass for
 * that of a desk's own witness. [RC-66]
 */

/** `witness/SG-CCD`, `officer-browser/SG-CCD`. [RC-56] */
export function cosignerName(kind: CosignerKind, deskCode: string): string {
  return `${kind}/${deskCode}`;
}

/** The kind and desk that a key's name speaks of; null for a name that is not one of ours. */
export function readCosignerName(name: string): { kind: CosignerKind; desk: string } | null {
  const [prefix, desk, ...more] = name.split('/');
  const kind = cosignerKinds.find((each) => each === prefix);
  return kind === undefined || !desk || more.length > 0 ? null : { kind, desk };
}

export function isBrowserName(name: string): boolean {
  return name.startsWith('officer-browser/');
}
