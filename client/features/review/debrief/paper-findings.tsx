import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import { isEventKind } from '#shared/contracts/event-kinds.ts';
import type { Finding } from '#shared/contracts/review-findings.ts';
import { defang } from '#shared/interchange/defang.ts';
import { findingsText } from '../findings/text.ts';
import { reviewText } from '../text.ts';
import styles from './paper.module.css';
import { debriefText } from './text.ts';

/** Each whole, with who said what and under which entry. */
export function PaperFindings({ findings }: { readonly findings: readonly Finding[] }) {
  const say = useText('debrief', debriefText);
  const sayEntry = useText('review', reviewText);
  const sayFindings = useText('findings', findingsText);
  if (findings.length === 0) return <p>{say('findings-none')}</p>;
  return findings.map((finding) => {
    const { id, sort, state, title, pinned, answers, conclusion } = finding;
    const head = { sort: sayFindings(`sort.${sort}`), state: sayFindings(`state.${state}`).toLowerCase() };
    return (
      <section key={id}>
        <h3>{title}</h3>
        <p className={styles.small}>
          {say('paper.about', { ...head, seq: pinned.seq })}
          {pinned.by && `: ${pinned.by.name} (${pinned.by.country})`}
          {isEventKind(pinned.kind) && ` ${sayEntry(`kind.${pinned.kind}`)}`}
        </p>
        <Said said={finding} lead="" />
        {answers.map((answer) => (
          <Said key={answer.seq} said={answer} lead={say('paper.answer')} />
        ))}
        {conclusion && (
          <Said
            said={conclusion}
            lead={`${say('paper.conclusion')}: ${sayFindings(`conclusion.${conclusion.kind}`)}`}
          />
        )}
      </section>
    );
  });
}

type SaidProps = { readonly said: Pick<Finding, 'seq' | 'by' | 'at' | 'text'>; readonly lead: string };

function Said({ said: { seq, by, at, text }, lead }: SaidProps) {
  const say = useText('debrief', debriefText);
  return (
    <div className={styles.said}>
      {lead !== '' && <b>{lead}</b>}
      {text !== '' && <p className={styles.words}>{defang(text)}</p>}
      <p className={styles.small}>
        {say('paper.said', { name: by.name, desk: by.desk, time: utcStamp(at), seq })}
      </p>
    </div>
  );
}
