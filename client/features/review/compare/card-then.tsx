import { useText } from '#client/platform/text.ts';
import { KindIcon } from '#client/ui/item/kind-icon.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import { cardKinds } from '#shared/board/card.ts';
import { type Fields, fieldsOf } from '#shared/board/change.ts';
import { defang } from '#shared/interchange/defang.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { tlpLabels } from '#shared/policy/markings.ts';
import styles from './card-then.module.css';
import { ChangedWords } from './changed-words.tsx';
import { compareText } from './text.ts';

type Props = {
  readonly record: Json;
  /** The same one at the other moment, to mark what differs. */
  readonly other: Json;
  readonly titleOf: (id: string) => string;
};

/** A card, a link or a frame as it stood, in the look it has on the board. */
export function CardThen({ record, other, titleOf }: Props) {
  const say = useText('compare', compareText);
  const fields = fieldsOf(record);
  if (fields === null) return <span className={styles.card}>{say('nothing')}</span>;
  const was = fieldsOf(other);
  const { from, to, kind, tlp, title, label, text, frame } = fields;
  const known = cardKinds.find((one) => one === kind);
  const marking = tlpLabels.find((one) => one === tlp);
  const named = (id: string) => titleOf(id) || say('some-card');
  return (
    <div className={styles.card}>
      <p className={styles.head}>
        {known && <KindIcon kind={known} />}
        {typeof kind === 'string' && <span className={styles.kind}>{kind}</span>}
        {typeof frame === 'string' && frame !== '' && <FrameName title={titleOf(frame)} />}
        <span className={styles.space} />
        {marking && (
          <span className={marking === was?.['tlp'] || was === null ? undefined : styles.remarked}>
            <Tlp label={marking} />
          </span>
        )}
      </p>
      {typeof from === 'string' && typeof to === 'string' && (
        <p className={styles.title}>{say('ends', { from: named(from), to: named(to) })}</p>
      )}
      {[title, label].map((words, at) =>
        typeof words === 'string' && words !== '' ? (
          <p
            key={at === 0 ? 'title' : 'label'}
            className={known === 'indicator' ? styles.value : styles.title}
          >
            <Words text={words} other={wordsIn(was, at === 0 ? 'title' : 'label')} />
          </p>
        ) : null,
      )}
      {typeof text === 'string' && text !== '' && (
        <p className={styles.text}>
          <Words text={text} other={wordsIn(was, 'text')} />
        </p>
      )}
    </div>
  );
}

function FrameName({ title }: { readonly title: string }) {
  const say = useText('compare', compareText);
  return <span className={styles.kind}>{title ? say('in-frame', { title }) : say('some-frame')}</span>;
}

/** Values of live malware are never shown as they would work. */
function Words({ text, other }: { readonly text: string; readonly other: string | null }) {
  return <ChangedWords text={defang(text)} other={other === null ? null : defang(other)} />;
}

function wordsIn(fields: Fields | null, name: string): string | null {
  if (fields === null) return null;
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}
