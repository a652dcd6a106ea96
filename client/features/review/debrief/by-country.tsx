import { IconArrowDown } from '@tabler/icons-react';
import { type CSSProperties, useState } from 'react';
import { type Say, useText } from '#client/platform/text.ts';
import { Select } from '#client/ui/controls/field.tsx';
import { countryName } from '#client/ui/item/country.ts';
import type { CountryFigures } from '#shared/contracts/review-report.ts';
import styles from './by-country.module.css';
import own from './debrief.module.css';
import { type Figure, figures, mostOf, ordered } from './figures.ts';
import { PartHead } from './part-head.tsx';
import { debriefText } from './text.ts';

type Order = Figure | 'country';

/** Every figure of every country, with a bar against the largest of its column; on a phone one country under the other. */
export function ByCountry({ countries }: { readonly countries: readonly CountryFigures[] }) {
  const say = useText('debrief', debriefText);
  const [order, setOrder] = useState<Order>('acts');
  return (
    <section className={own.part} aria-labelledby="debrief-countries">
      <PartHead id="debrief-countries" title={say('countries')} says={say('countries-says')} />
      <div className={styles.order}>
        <Select<Order>
          label={say('order')}
          value={order}
          onPick={setOrder}
          options={(['country', ...figures] as const).map((value) => ({
            value,
            label: value === 'country' ? say('country') : say(`figure.${value}`),
          }))}
        />
      </div>
      <div className={styles.wide}>
        <table className={styles.table}>
          <thead>
            <tr>
              <ColumnHead column="country" order={order} onOrder={setOrder} />
              {figures.map((figure) => (
                <ColumnHead key={figure} column={figure} order={order} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {ordered(countries, order).map((one) => (
              <tr key={one.country}>
                <th scope="row">
                  <b>{one.country || say('hub')}</b>
                  {one.country && <span>{countryName(one.country)}</span>}
                </th>
                {figures.map((figure) => (
                  <Cell key={figure} one={one} figure={figure} most={mostOf(countries, figure)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

type HeadProps = {
  readonly column: Order;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
};

function ColumnHead({ column, order, onOrder }: HeadProps) {
  const say = useText('debrief', debriefText);
  const label = column === 'country' ? say('country') : say(`figure.${column}`);
  const chosen = order === column;
  const sort = column === 'country' ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={chosen ? sort : undefined}>
      <button
        type="button"
        aria-label={say('order-by', { figure: label })}
        title={column === 'country' ? undefined : say(`figure.${column}-says`)}
        onClick={() => onOrder(column)}
      >
        {label}
        {chosen && <IconArrowDown size={12} aria-hidden="true" />}
      </button>
    </th>
  );
}

type CellProps = { readonly one: CountryFigures; readonly figure: Figure; readonly most: number };

function Cell({ one, figure, most }: CellProps) {
  const say = useText('debrief', debriefText);
  const value = one[figure];
  const style: CSSProperties = { '--part': most > 0 ? (value ?? 0) / most : 0 };
  return (
    <td
      style={style}
      data-figure={figure}
      data-none={value === 0 || value === null}
      data-label={say(`figure.${figure}`)}
    >
      <span className={styles.number}>{shownAs(figure, value, say)}</span>
      <span className={styles.bar} aria-hidden="true" />
    </td>
  );
}

/** A figure as it is read: counts with their thousands apart, medians as minutes. */
export function shownAs(figure: Figure, value: number | null, say: Say<typeof debriefText>): string {
  if (value === null) return say('none');
  if (figure !== 'medianReplyMinutes') return value.toLocaleString('en');
  return value < 1 ? say('under-a-minute') : say('minutes', { minutes: value.toLocaleString('en') });
}
