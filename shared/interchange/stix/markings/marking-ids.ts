import type { Json } from '#shared/kernel/canonical-json.ts';
import { type Pap, papLabels, type Tlp, tlpLabels } from '#shared/policy/markings.ts';

const EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d';
const CREATED = '2022-10-01T00:00:00.000Z';

/** TLP 2.0 (OASIS extension), as we write them. */
const tlp2: Readonly<Record<Tlp, string>> = {
  CLEAR: 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487',
  GREEN: 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
  AMBER: 'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421',
  'AMBER+STRICT': 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003',
  RED: 'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1',
};
/** TLP 1.0 of the STIX 2.1 standard, and the AMBER+STRICT that OpenCTI added to it. Read only. */
const tlp1: Readonly<Record<Tlp, string>> = {
  CLEAR: 'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9',
  GREEN: 'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da',
  AMBER: 'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82',
  'AMBER+STRICT': 'marking-definition--826578e1-40ad-459f-bc73-ede076f81f37',
  RED: 'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed',
};
/** PAP has no STIX object: these are statements under the ids that OpenCTI computes. */
const pap: Readonly<Record<Pap, string>> = {
  CLEAR: 'marking-definition--4cdff7eb-acb8-543f-8573-829eb9fe8b34',
  GREEN: 'marking-definition--89484dde-e3d2-547f-a6c6-d14824429eb1',
  AMBER: 'marking-definition--a6f20d4d-0360-59b6-ba22-3b48707828b1',
  RED: 'marking-definition--4e4e3b84-de45-53df-9d9b-b21207699fd8',
};

export type MarkingMeaning = { readonly tlp: Tlp } | { readonly pap: Pap } | { readonly statement: string };

const meanings = new Map<string, MarkingMeaning>();
for (const label of tlpLabels) {
  meanings.set(tlp2[label], { tlp: label });
  meanings.set(tlp1[label], { tlp: label });
}
for (const label of papLabels) meanings.set(pap[label], { pap: label });

/** What a published marking id means; `null` for all others, which only their definition can explain. */
export function publishedMarking(id: string): MarkingMeaning | null {
  return meanings.get(id) ?? null;
}

/** Ids of the marking definitions an object of ours refers to. */
export function markingRefs(markings: { readonly tlp: Tlp; readonly pap: Pap }): string[] {
  return [tlp2[markings.tlp], pap[markings.pap]];
}

/** The definitions themselves, which travel in every bundle that refers to them. */
export function tlpDefinition(label: Tlp): { readonly [key: string]: Json } {
  return {
    type: 'marking-definition',
    spec_version: '2.1',
    id: tlp2[label],
    created: CREATED,
    name: `TLP:${label}`,
    extensions: { [EXTENSION]: { extension_type: 'property-extension', tlp_2_0: label.toLowerCase() } },
  };
}

export function papDefinition(label: Pap): { readonly [key: string]: Json } {
  return {
    type: 'marking-definition',
    spec_version: '2.1',
    id: pap[label],
    created: CREATED,
    definition_type: 'statement',
    name: `PAP:${label}`,
    definition: { statement: `PAP:${label}` },
  };
}
