import type { ReactNode } from 'react';
import { useText } from '#client/platform/text.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { deskLine } from '#client/ui/item/country.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Person } from '#shared/contracts/common.ts';
import type { LastAct } from '#shared/contracts/review-replay.ts';
import { defang } from '#shared/interchange/defang.ts';
import { ActLine } from '../moments/entry-link.tsx';
import { BeforeAfter } from './before-after.tsx';
import { ChangedWords } from './changed-words.tsx';
import styles from './compare.module.css';
import { fieldsBetween } from './fields-between.ts';
import { compareText } from './text.ts';
import type { Compared } from './use-compare.ts';

type People = ReadonlyMap<string, Person>;
type Of<Rows> = { readonly rows: Rows; readonly people: People };

const tones = {
  posted: 'good',
  added: 'good',
  joined: 'good',
  edited: 'warn',
  changed: 'warn',
  withdrawn: 'bad',
  left: 'bad',
} as const;

/** Messages with their words then and now. */
export function ChatDifferences({ rows, people }: Of<Compared['messages']['rows']>) {
  const say = useText('compare', compareText);
  return (
    <ol className={styles.rows}>
      {rows.map(({ id, change, before, after, last }) => (
        <Row
          key={id}
          pill={<Pill tone={tones[change]}>{say(`message.${change}`)}</Pill>}
          what={<Named person={people.get(after.author)} />}
          marking={<Tlp label={after.handling.tlp} />}
          act={last}
          people={people}
        >
          {before === null ? (
            <Said text={after.text} other={null} />
          ) : (
            <BeforeAfter
              before={<Said text={before.text} other={after.text} />}
              after={<Said text={after.text} other={before.text} />}
            />
          )}
        </Row>
      ))}
    </ol>
  );
}

function Said({ text, other }: { readonly text: string | null; readonly other: string | null }) {
  const say = useText('compare', compareText);
  if (text === null) return <p className={styles.gone}>{say('is.withdrawn')}</p>;
  return (
    <p className={styles.said}>
      <ChangedWords text={defang(text)} other={other === null ? null : defang(other)} />
    </p>
  );
}

/** Indicators: new ones in one line, changed ones field by field. */
export function RegisterDifferences({ rows, people }: Of<Compared['indicators']['rows']>) {
  const say = useText('compare', compareText);
  return (
    <ol className={styles.rows}>
      {rows.map(({ id, change, before, after, last }) => (
        <Row
          key={id}
          pill={<Pill tone={tones[change]}>{say(`indicator.${change}`)}</Pill>}
          what={
            <>
              <span className={styles.value}>{after.display}</span>
              <span className={styles.count}>
                {after.type} · {after.originator}
              </span>
            </>
          }
          marking={<Tlp label={after.handling.tlp} />}
          act={last}
          people={people}
        >
          {before !== null && change === 'changed' && (
            <Fields fields={fieldsBetween(indicatorFields(before), indicatorFields(after))} />
          )}
        </Row>
      ))}
    </ol>
  );
}

type Indicator = Compared['indicators']['rows'][number]['after'];

function indicatorFields({ display, note, handling, confidence, actionable, validUntil }: Indicator) {
  const sure = confidence === null ? '' : String(confidence);
  return {
    value: display,
    note,
    tlp: handling.tlp,
    confidence: sure,
    actionable: String(actionable),
    validUntil: validUntil ?? '',
  };
}

/** Who came, who went, and whose place changed. */
export function PeopleDifferences({ rows, people }: Of<Compared['members']>) {
  const say = useText('compare', compareText);
  return (
    <ol className={styles.rows}>
      {rows.map(({ officer, change, before, after, last }) => {
        const now = after ?? before;
        return (
          <Row
            key={officer}
            pill={<Pill tone={tones[change]}>{say(`member.${change}`)}</Pill>}
            what={
              <>
                <Named person={people.get(officer)} />
                <span className={styles.count}>
                  {now?.role} · {now?.compartments.join(', ')}
                </span>
              </>
            }
            act={last}
            people={people}
          >
            {before !== null && after !== null && (
              <Fields fields={fieldsBetween(memberFields(before), memberFields(after))} />
            )}
          </Row>
        );
      })}
    </ol>
  );
}

type Member = NonNullable<Compared['members'][number]['after']>;

function memberFields({ role, compartments }: Member) {
  return { role, compartments: compartments.join(', ') };
}

/** Name, purpose and state. */
export function OperationDifferences({ rows, people }: Of<Compared['operation']>) {
  const say = useText('compare', compareText);
  const known = ['name', 'purpose', 'state'] as const;
  return (
    <ol className={styles.rows}>
      {rows.map(({ field, before, after, last }) => {
        const name = known.find((one) => one === field);
        return (
          <Row key={field} what={<b>{name ? say(`field.${name}`) : field}</b>} act={last} people={people}>
            <BeforeAfter
              before={before === null ? null : String(before)}
              after={after === null ? null : String(after)}
            />
          </Row>
        );
      })}
    </ol>
  );
}

type RowProps = {
  readonly pill?: ReactNode;
  readonly what: ReactNode;
  readonly marking?: ReactNode;
  readonly act: LastAct | null;
  readonly people: People;
  readonly children?: ReactNode;
};

function Row({ pill, what, marking, act, people, children }: RowProps) {
  return (
    <li>
      <p className={styles.told}>
        {pill}
        {what}
        <span className={styles.space} />
        {marking}
        <ActLine act={act} people={people} />
      </p>
      {children}
    </li>
  );
}

function Named({ person }: { readonly person: Person | undefined }) {
  const say = useText('compare', compareText);
  if (person === undefined) return <b>{say('somebody')}</b>;
  return (
    <span className={styles.person}>
      <Avatar person={person} size={20} />
      <b>{person.name}</b>
      <span className={styles.count}>{deskLine(person)}</span>
    </span>
  );
}

function Fields({ fields }: { readonly fields: ReturnType<typeof fieldsBetween> }) {
  const say = useText('compare', compareText);
  return (
    <dl className={styles.fields}>
      {fields.map(({ name, was, is }) => (
        <div key={name}>
          <dt>{say(`field.${name}`)}</dt>
          <dd>
            <BeforeAfter
              before={<ChangedWords text={was || say('nothing')} other={is} />}
              after={<ChangedWords text={is || say('nothing')} other={was} />}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}
