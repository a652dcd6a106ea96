import { IconClipboardCopy, IconMessagePlus, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { CopyButton } from '#client/ui/controls/copy-button.tsx';
import { Pill } from '#client/ui/item/pill.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { Loading, Refused } from '#client/ui/states/states.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Indicator } from '#shared/contracts/indicators.ts';
import type { IndicatorId, OperationId } from '#shared/kernel/ids.ts';
import styles from './card.module.css';
import { CopyRaw } from './copy-raw.tsx';
import { indicatorsText } from './text.ts';
import { TypeIcon, typeLabel } from './type-icon.tsx';
import { useIndicatorDetail } from './use-indicators.ts';
import { WithdrawIndicator } from './withdraw-indicator.tsx';

type Props = {
  readonly operationId: OperationId;
  readonly id: IndicatorId;
  readonly compartments: readonly { readonly id: string; readonly name: string }[];
  /** Code of the reader's desk: it may withdraw what it contributed. `null` for those who change nothing. */
  readonly desk: string | null;
  readonly onOpen: (id: IndicatorId) => void;
  readonly onRefer: (id: IndicatorId) => void;
};

/** Everything that is known of one indicator, and what other originators say of the same selector. */
export function IndicatorDetail(props: Props) {
  const say = useText('indicators', indicatorsText);
  const read = useIndicatorDetail(props.operationId, props.id);
  if (read.isPending) return <Loading label={say('card.loading')} />;
  if (read.isError) return <Refused error={read.error} />;
  const { indicator, sameSelector } = read.data;
  return (
    <div className={styles.detail}>
      <div className={styles.head}>
        <TypeIcon type={indicator.type} size={16} />
        <span>{typeLabel(indicator.type)}</span>
        {indicator.state === 'withdrawn' && <Pill tone="bad">{say('withdrawn')}</Pill>}
        {!indicator.actionable && <Pill tone="warn">{say('card.not-actionable')}</Pill>}
        <Tlp label={indicator.handling.tlp} />
      </div>
      <p className={styles.big} title={say('card.value')}>
        {indicator.display}
      </p>
      <DetailActs {...props} indicator={indicator} />
      <DetailFacts {...props} indicator={indicator} />
      <h3>{say('card.same')}</h3>
      {sameSelector.length === 0 && <p className={styles.none}>{say('card.same-none')}</p>}
      <div className={styles.same}>
        {sameSelector.map((other) => (
          <button key={other.id} type="button" onClick={() => props.onOpen(other.id)}>
            <b>
              {other.originator}
              {other.handling.evaluation && ` · ${other.handling.evaluation.grade}`}
            </b>
            <Tlp label={other.handling.tlp} />
            <span>{other.note}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

function DetailActs({ operationId, indicator, desk, onRefer }: Props & { readonly indicator: Indicator }) {
  const say = useText('indicators', indicatorsText);
  const [asking, setAsking] = useState<'raw' | 'withdraw' | null>(null);
  const own = desk === indicator.originator && indicator.state === 'active';
  return (
    <div className={styles.acts}>
      <CopyButton text={indicator.display} label={say('card.copy')} words />
      <Button look="quiet" onClick={() => setAsking('raw')}>
        <IconClipboardCopy size={15} />
        {say('card.copy-raw')}
      </Button>
      {desk !== null && (
        <Button look="quiet" onClick={() => onRefer(indicator.id)}>
          <IconMessagePlus size={15} />
          {say('card.to-chat')}
        </Button>
      )}
      {own && (
        <Button look="quiet" onClick={() => setAsking('withdraw')}>
          <IconTrash size={15} />
          {say('card.withdraw')}
        </Button>
      )}
      {asking === 'raw' && <CopyRaw value={indicator.value} onClose={() => setAsking(null)} />}
      {asking === 'withdraw' && (
        <WithdrawIndicator operationId={operationId} indicator={indicator} onClose={() => setAsking(null)} />
      )}
    </div>
  );
}

function DetailFacts({ indicator, compartments }: Props & { readonly indicator: Indicator }) {
  const say = useText('indicators', indicatorsText);
  const { handling, addedBy } = indicator;
  const name = compartments.find((each) => each.id === indicator.compartment)?.name ?? '—';
  const graded = handling.evaluation && `${handling.evaluation.grade} (${handling.evaluation.scale})`;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [say('card.originator'), indicator.originator],
    [say('card.pap'), say(`pap.${handling.pap}`)],
    [say('card.handling'), say(`code.${handling.code}`)],
    [say('card.evaluation'), graded ?? say('card.unevaluated')],
    [say('card.confidence'), indicator.confidence === null ? null : `${indicator.confidence} / 100`],
    [say('card.caveat'), handling.caveat],
    [say('card.compartment'), name],
    [say('card.note'), indicator.note],
    [say('card.source'), indicator.source],
    [say('card.valid'), validity(indicator)],
    [say('card.added'), say('card.by', { name: addedBy.name, country: addedBy.country })],
    ['', <Time key="at" iso={indicator.addedAt} form="both" />],
    [
      say('card.seq'),
      <span key="seq" className="mono">
        #{indicator.seq}
      </span>,
    ],
  ];
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== '')
        .map(([term, value]) => (
          <div key={term || 'at'} style={{ display: 'contents' }}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function validity({ validFrom, validUntil }: Indicator): string | null {
  if (!validFrom && !validUntil) return null;
  return `${validFrom?.slice(0, 10) ?? '…'} – ${validUntil?.slice(0, 10) ?? '…'}`;
}
