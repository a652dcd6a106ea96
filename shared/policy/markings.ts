/** Traffic Light Protocol 2.0 (FIRST, 2022): what receivers may do onward. Least to most strict. Never translated. */
export const tlpLabels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;
export type Tlp = (typeof tlpLabels)[number];

/** Permissible Actions Protocol (MISP taxonomy `PAP`): what receivers may do with the information themselves. */
export const papLabels = ['CLEAR', 'GREEN', 'AMBER', 'RED'] as const;
export type Pap = (typeof papLabels)[number];

/** SIENA handling codes: H0 fighting crime, H1 not in court, H2 not disseminated, H3 other, in words; without permission each. */
export const handlingCodes = ['H0', 'H1', 'H2', 'H3'] as const;
export type HandlingCode = (typeof handlingCodes)[number];

/** The scale used is stored with the grade and never converted silently. */
export const evaluationScales = { '4x4': /^[ABCX][1-4]$/, admiralty: /^[A-F][1-6]$/ } as const;
export type EvaluationScale = keyof typeof evaluationScales;
export type Evaluation = { readonly scale: EvaluationScale; readonly grade: string };

export function isEvaluation(evaluation: Evaluation): boolean {
  return evaluationScales[evaluation.scale].test(evaluation.grade);
}

/** True when `a` restricts onward sharing at least as much as `b`. */
export function atLeastAsStrict(a: Tlp, b: Tlp): boolean {
  return tlpLabels.indexOf(a) >= tlpLabels.indexOf(b);
}

export function strictest(labels: readonly Tlp[]): Tlp {
  return labels.reduce<Tlp>((held, label) => (atLeastAsStrict(label, held) ? label : held), 'CLEAR');
}

export function strictestPap(a: Pap, b: Pap): Pap {
  return papLabels.indexOf(a) >= papLabels.indexOf(b) ? a : b;
}

/** Everything that travels with an item from entry to export. */
export type Handling = {
  readonly tlp: Tlp;
  readonly pap: Pap;
  readonly code: HandlingCode;
  /** Words of H3, or any caveat of the originator. */
  readonly caveat: string;
  readonly evaluation: Evaluation | null;
};
