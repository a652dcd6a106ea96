import type { ReactNode } from 'react';

import { Tlp } from '#client/ui/tlp.tsx';
import { fieldsOf } from '#shared/board/change.ts';
import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import { tlpLabels } from '#shared/policy/markings.ts';

import { useBoardsText } from '../board-context.ts';
import styles from './history.module.css';
import type { ToldChange } from './model/fold.ts';

type Props = {
  readonly change: ToldChange;
  /** With its sentence above. */
  readonly titled: boolean;
  readonly titleOf: (id: string) => string;
  /** In place of “before” and “after”. */
  readonly words?: { readonly was: string; readonly is: string };
};

/** One change with before and after. */
export function ChangeDetail({ change, titled, titleOf, words }: Props) {
  const say = useBoardsText();
  const shows = (value: Json) => <Value change={change} value={value} titleOf={titleOf} />;
  return (
    <div className={styles.change}>
      {titled && <p>{change.sentence}</p>}
      <dl>
        {change.what !== 'added' && (
          <div className={styles.was}>
            <dt>{words?.was ?? say('historyWas')}</dt>
            <dd>{shows(change.before)}</dd>
          </div>
        )}
        {change.what !== 'deleted' && (
          <div className={styles.is}>
            <dt>{words?.is ?? say('historyIs')}</dt>
            <dd>{shows(change.after)}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

type ValueProps = Omit<Props, 'titled' | 'words'> & { readonly value: Json };

function Value({ change, value, titleOf }: ValueProps): ReactNode {
  const say = useBoardsText();
  const fields = fieldsOf(value);
  switch (change.what) {
    case 'framed': {
      if (typeof value !== 'string') return say('historyNoFrame');
      const title = titleOf(value);
      return title ? say('historyFrame', { title }) : say('historySomeFrame');
    }
    case 'moved':
      return fields ? <Place fields={fields} /> : say('historyNone');
    case 'edited':
      if (change.field !== null) return <Plain value={value} />;
      return fields ? <Whole fields={fields} /> : <Plain value={value} />;
    case 'added':
    case 'deleted':
      return fields ? <Whole fields={fields} /> : <Plain value={value} />;
  }
}

type Fields = NonNullable<ReturnType<typeof fieldsOf>>;

function Place({ fields: { x, y, w, h } }: { readonly fields: Fields }) {
  const say = useBoardsText();
  return (
    <span className={styles.mono}>
      {typeof x === 'number' && typeof y === 'number' && say('historyPlace', { x, y })}
      {typeof h === 'number' && typeof w === 'number' && ` · ${say('historySize', { w, h })}`}
    </span>
  );
}

/** A record in its words: what a person would read on it. */
function Whole({ fields }: { readonly fields: Fields }) {
  const { kind, title, label, text, tlp, direction } = fields;
  return (
    <>
      <span className={styles.marks}>
        {[kind, direction].filter((one) => typeof one === 'string').join(' ')}
        {typeof tlp === 'string' && <Plain value={tlp} />}
      </span>
      {[title, label, text].map((words) =>
        typeof words === 'string' && words !== '' ? <Plain key={words} value={words} /> : null,
      )}
    </>
  );
}

function Plain({ value }: { readonly value: Json }) {
  const say = useBoardsText();
  const marking = tlpLabels.find((label) => label === value);
  if (marking) return <Tlp label={marking} />;
  if (value === null || value === '') return <i>{say('historyNone')}</i>;
  return <span className={styles.value}>{typeof value === 'string' ? value : canonicalJson(value)}</span>;
}
