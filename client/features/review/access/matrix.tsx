import { Fragment } from 'react';
import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import type { Thing } from '#shared/contracts/review-access.ts';
import { entryAddress } from '../moments/entry-link.tsx';
import { Legend, Mark } from './mark.tsx';
import styles from './matrix.module.css';
import { People, PersonHead } from './people.tsx';
import type { Counted } from './people-filter.ts';
import { accessText } from './text.ts';
import type { Access, AccessRow, Seen } from './use-access.ts';
import { walkCells } from './walk-cells.ts';

type Props = { readonly access: Access; readonly askAddress: (objectId: string) => string };

/** Everybody and everything of a moment: a row for each person by desk, a column for each thing. */
export function Matrix({ access, askAddress }: Props) {
  const say = useText('access', accessText);
  const { things, people } = access;
  return (
    <People rows={people} counted={people.map(countedOf)} legend={<Legend />}>
      {(desks) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: arrows go from cell to cell; each is a link or a note.
        <div className={styles.scroll} onKeyDown={walkCells}>
          <table className={styles.matrix}>
            <caption className="visually-hidden">
              {say('title')}. {say('table.says')}
            </caption>
            <thead>
              <tr>
                <th scope="col">{say('people')}</th>
                {things.map((thing) => (
                  <ThingHead key={`${thing.kind} ${thing.id}`} thing={thing} askAddress={askAddress} />
                ))}
              </tr>
            </thead>
            {desks.map(({ desk, rows }, group) => (
              <tbody key={desk.desk}>
                {rows.map((row, at) => (
                  <PersonRow
                    key={row.person.officer}
                    row={row}
                    things={things}
                    first={group === 0 && at === 0}
                  />
                ))}
              </tbody>
            ))}
          </table>
        </div>
      )}
    </People>
  );
}

function countedOf({ person, role, seen }: AccessRow): Counted {
  const could = seen.some((one) => one.could === 'compartment' || one.could === 'own');
  return { person, role, could, consulted: seen.some(({ times }) => times > 0) };
}

type HeadProps = { readonly thing: Thing; readonly askAddress: (objectId: string) => string };

function ThingHead({ thing, askAddress }: HeadProps) {
  const say = useText('access', accessText);
  const { kind, id, title, compartment } = thing;
  return (
    <th scope="col">
      <span className={styles.kind}>{kind === 'board' ? say('thing.board') : ''}</span>
      {kind === 'board' ? (
        <Link to={askAddress(id)} title={say('thing.ask', { title })}>
          {title}
        </Link>
      ) : (
        <b title={kind === 'room' ? undefined : say(`thing.${kind}.says`)}>{say(`thing.${kind}`)}</b>
      )}
      {compartment !== null && <span className={styles.compartment}>{compartment}</span>}
    </th>
  );
}

type RowProps = {
  readonly row: AccessRow;
  readonly things: readonly Thing[];
  /** Tab comes to the table by its first cell, and to every entry. */
  readonly first: boolean;
};

function PersonRow({ row, things, first }: RowProps) {
  const { person, role, seen } = row;
  return (
    <tr>
      <th scope="row">
        <PersonHead person={person} role={role} />
      </th>
      {things.map((thing, at) => (
        <Fragment key={`${thing.kind} ${thing.id}`}>
          <Cell thing={thing} name={person.name} seen={seen[at]} first={first && at === 0} />
        </Fragment>
      ))}
    </tr>
  );
}

type CellProps = {
  readonly thing: Thing;
  readonly name: string;
  readonly seen: Seen | undefined;
  readonly first: boolean;
};

function Cell({ thing, name, seen, first }: CellProps) {
  const say = useText('access', accessText);
  if (seen === undefined) return <td />;
  const { could, times, last } = seen;
  const right = could === null ? '' : say(`could.${could}`, { name: thing.compartment ?? '' });
  const used =
    last === null
      ? say('cell.never')
      : say('cell.times', { count: times, seq: last.seq, time: utcStamp(last.at) });
  const what = thing.title || `${say(`thing.${thing.kind}`)} ${thing.compartment ?? ''}`.trim();
  const says = say('cell.could', {
    person: name,
    thing: what,
    could: [right, used].filter(Boolean).join(', '),
  });
  return (
    <td>
      {last === null ? (
        <span data-cell role="note" tabIndex={first ? 0 : -1} aria-label={says} title={says}>
          <Mark could={could} times={times} />
        </span>
      ) : (
        <Link data-cell to={entryAddress(last.seq)} aria-label={says} title={says}>
          <Mark could={could} times={times} />
        </Link>
      )}
    </td>
  );
}
