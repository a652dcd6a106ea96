/**
 * Who cosigns a record: a program that a desk runs by itself, or the browser of one of its officers. The browser runs
 * what the hub serves, so it widens detection and never counts towards the quorum. [RC-66]
 */
export const cosignerKinds = ['witness', 'officer-browser'] as const;
export type CosignerKind = (typeof cosignerKinds)[number];
