import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { formatVkey, type NoteKey, noteKey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import type { NoteSigner } from '#shared/record/note.ts';
import { cosignerName } from '#shared/record/witness/names.ts';
import { type Policy, parsePolicy, suggestQuorum, writePolicy } from '#shared/record/witness/policy.ts';
import { weighQuorum } from '#shared/record/witness/quorum.ts';
import { LOG_VKEY, log } from '../export-samples.ts';

function keyNamed(name: string, seed: number): NoteKey {
  return noteKey(signerFromSeed(name, new Uint8Array(32).fill(seed)), signatureTypes.cosigner);
}

const logKey = noteKey(log, signatureTypes.log);
const [fr, sg, th] = [keyNamed('witness/FR', 3), keyNamed('witness/SG', 4), keyNamed('witness/TH', 5)];
const browser = keyNamed('officer-browser/SG', 6);
const [FR, SG, TH, BROWSER] = [fr, sg, th, browser].map(formatVkey);
const signed = (key: NoteKey, at = 100): NoteSigner => ({ key, at });

function policyOf(text: string): Policy {
  const read = parsePolicy(text);
  if (!read.ok) throw new Error(`line ${read.line}: ${read.reason}`);
  return read.policy;
}

test('[RC-65] the hub writes a policy of the log, the desks in order and how many it takes, and reads it again', () => {
  const text = writePolicy([logKey], [th, fr, sg], 2);
  expect(text).toBe(
    [
      `log ${LOG_VKEY}`,
      `witness witness/FR ${FR}`,
      `witness witness/SG ${SG}`,
      `witness witness/TH ${TH}`,
      'group desks 2 witness/FR witness/SG witness/TH',
      'quorum desks',
      '',
    ].join('\n'),
  );
  expect(policyOf(text)).toEqual({
    logs: [logKey],
    witnesses: [fr, sg, th],
    quorum: {
      kind: 'group',
      name: 'desks',
      need: 2,
      members: [fr, sg, th].map((key) => ({ kind: 'witness', name: key.name, key })),
    },
  });
});

test('[RC-65] tabs, comments, blank lines, URLs, any and all are read as C2SP tlog-policy has them', () => {
  const text = `# of the desks\n\n\twitness X ${FR}  https://fr.example/  \n witness Y ${SG}\ngroup A any X\ngroup B\tall A Y\nquorum B`;
  const { quorum } = policyOf(text);
  expect(quorum).toMatchObject({
    kind: 'group',
    name: 'B',
    need: 2,
    members: [{ name: 'A', need: 1 }, { name: 'Y' }],
  });
  expect(policyOf('quorum none').quorum).toBeNull();
  expect(policyOf(`witness X ${FR}\nquorum X\n`).quorum).toMatchObject({ kind: 'witness', name: 'X' });
});

describe('[RC-65] [RC-66] what is no policy is refused with its line', () => {
  const cases: readonly (readonly [why: string, text: string, reason: string, line: number])[] = [
    ['no quorum', `witness X ${FR}\n`, 'policy-no-quorum', 1],
    ['two quorums', 'quorum none\nquorum none\n', 'policy-duplicate', 2],
    ['an unknown word', 'witnes X\nquorum none\n', 'policy-malformed-line', 1],
    ['a control character', 'quorum none\r\n', 'policy-malformed-line', 1],
    ['a key of a log as a witness', `witness X ${LOG_VKEY}\nquorum X\n`, 'policy-malformed-key', 1],
    ['a key of a witness as a log', `log ${FR}\nquorum none\n`, 'policy-malformed-key', 1],
    ['one key under two names', `witness X ${FR}\nwitness Y ${FR}\nquorum X\n`, 'policy-duplicate', 2],
    [
      'one public key under two key names',
      `witness X ${FR}\nwitness Y ${formatVkey(noteKey({ ...fr, name: 'other' }, signatureTypes.cosigner))}\nquorum X\n`,
      'policy-duplicate',
      2,
    ],
    ['one name twice', `witness X ${FR}\nwitness X ${SG}\nquorum X\n`, 'policy-duplicate', 2],
    ['a name that comes later', `group A 1 X\nwitness X ${FR}\nquorum A\n`, 'policy-unknown-name', 1],
    ['none as a member', `group A 1 none\nquorum A\n`, 'policy-unknown-name', 1],
    ['none as a name', `witness none ${FR}\nquorum none\n`, 'policy-malformed-line', 1],
    [
      'a member of two groups',
      `witness X ${FR}\ngroup A 1 X\ngroup B 1 X\nquorum B\n`,
      'policy-duplicate',
      3,
    ],
    ['a member twice', `witness X ${FR}\ngroup A 2 X X\nquorum A\n`, 'policy-duplicate', 2],
    ['a threshold of none', `witness X ${FR}\ngroup A 0 X\nquorum A\n`, 'policy-bad-threshold', 2],
    ['a threshold beyond all', `witness X ${FR}\ngroup A 2 X\nquorum A\n`, 'policy-bad-threshold', 2],
    ['an officer’s browser', `witness X ${BROWSER}\nquorum X\n`, 'policy-browser-witness', 1],
    [
      'a name like that of a browser',
      `witness officer-browser/FR ${FR}\nquorum none\n`,
      'policy-browser-witness',
      1,
    ],
  ];
  test.each(cases)('[RC-65] [RC-66] %s', (_why, text, reason, line) => {
    expect(parsePolicy(text)).toEqual({ ok: false, reason, line });
  });
});

test('[RC-65] k of n is met by k different desks, and completed when the last needed one had seen it', () => {
  const policy = policyOf(writePolicy([logKey], [fr, sg, th], 2));
  const of = { need: 2, of: 3 };
  expect(weighQuorum(policy, [signed(fr, 50), { key: logKey, at: null }])).toEqual({
    met: false,
    at: null,
    cosigned: [{ name: 'witness/FR', at: 50 }],
    missing: ['witness/SG', 'witness/TH'],
    ...of,
  });
  expect(weighQuorum(policy, [signed(fr, 50), signed(fr, 60), signed(fr, 70)]).met, 'one desk thrice').toBe(
    false,
  );
  expect(weighQuorum(policy, [signed(fr, 50), signed(th, 90), signed(sg, 70)])).toMatchObject({
    met: true,
    at: 70,
  });
  expect(weighQuorum(policyOf('quorum none\n'), [])).toMatchObject({ met: true, at: null, need: 0, of: 0 });
});

test('[RC-66] a browser’s signature never counts: not by its name, not in a policy made in memory, not under a desk’s name', () => {
  const policy = policyOf(writePolicy([logKey], [sg, th], 2));
  const asDesk = noteKey({ name: sg.name, publicKey: browser.publicKey }, signatureTypes.cosigner);
  for (const key of [browser, asDesk]) {
    expect(weighQuorum(policy, [signed(th), signed(key)])).toMatchObject({
      met: false,
      missing: ['witness/SG'],
    });
  }
  const forced: Policy = {
    logs: [],
    witnesses: [browser],
    quorum: { kind: 'witness', name: 'X', key: browser },
  };
  expect(weighQuorum(forced, [signed(browser)])).toMatchObject({ met: false, cosigned: [] });
  expect(cosignerName('officer-browser', 'SG')).toBe(browser.name);
});

test('[RC-65] nested groups count their members and not their signatures', () => {
  const text = `witness A ${FR}\nwitness B ${SG}\nwitness C ${TH}\ngroup G 1 A B\ngroup H all G C\nquorum H\n`;
  const policy = policyOf(text);
  expect(weighQuorum(policy, [signed(fr, 10), signed(sg, 20)]).met).toBe(false);
  expect(weighQuorum(policy, [signed(fr, 10), signed(sg, 20), signed(th, 15)])).toMatchObject({
    met: true,
    at: 15,
  });
});

test('[RC-65] the quorum suggested is the smallest k of n with k >= (n + f + 1) / 2', () => {
  expect([3, 5, 8, 12].map((n) => suggestQuorum(n))).toEqual([3, 4, 6, 8]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 60 }), (n, f) => {
      const k = suggestQuorum(n, f);
      if (n + f + 1 > 2 * n) expect(k).toBe(n);
      // Two sets of k share at least 2k - n desks; one more than f of them must be honest.
      else expect([2 * k - n > f, 2 * (k - 1) - n > f]).toEqual([true, false]);
    }),
  );
});

test('[RC-65] no text makes the reader throw or accept a browser', () => {
  const word = fc.constantFrom(
    'log',
    'witness',
    'group',
    'quorum',
    'X',
    'Y',
    'none',
    '1',
    '2',
    'any',
    'all',
    String(FR),
    String(SG),
    String(BROWSER),
    LOG_VKEY,
    '#',
    ' ',
    '\t',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const read = parsePolicy(words.join(' '));
      if (read.ok) expect(read.policy.witnesses.map(({ name }) => name)).not.toContain(browser.name);
    }),
    { numRuns: 3000 },
  );
});
