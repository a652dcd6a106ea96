import { useText } from '#client/platform/text.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { countryName } from '#client/ui/item/country.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import styles from './sign-in.module.css';
import { identityText } from './text.ts';
import { useExerciseSignIn } from './use-identity.ts';

type Player = {
  readonly handle: string;
  readonly name: string;
  readonly desk: string;
  readonly country: string;
  readonly role: string;
};

/** Exercise mode only: everybody one can be, by country. */
export function Cast({ cast }: { readonly cast: readonly Player[] }) {
  const say = useText('identity', identityText);
  const signIn = useExerciseSignIn();
  return (
    <section className={styles.cast} aria-labelledby="cast-title">
      <h1 id="cast-title">{say('sign-in.exercise')}</h1>
      <p>{say('sign-in.exercise-lead')}</p>
      <Trouble error={signIn.error} />
      <div className={styles.countries}>
        {byCountry(cast).map(([country, players]) => (
          <section key={country} aria-label={countryName(country)}>
            <h2>
              <span className="mono">{country}</span> {countryName(country)}
            </h2>
            <ul>
              {players.map((player) => (
                <li key={player.handle}>
                  <button
                    type="button"
                    className={styles.player}
                    disabled={signIn.isPending}
                    aria-label={say('sign-in.as', { name: player.name, desk: player.desk })}
                    onClick={() => signIn.mutate(player.handle)}
                  >
                    <Avatar person={{ ...player, officer: player.handle }} size={32} />
                    <span>
                      <b>{player.name}</b>
                      <span>{player.desk}</span>
                    </span>
                    <Pill tone={player.role === 'lead' ? 'accent' : 'plain'}>{player.role}</Pill>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </section>
  );
}

function byCountry(cast: readonly Player[]): readonly (readonly [string, readonly Player[]])[] {
  const groups = new Map<string, Player[]>();
  for (const player of cast) groups.set(player.country, [...(groups.get(player.country) ?? []), player]);
  return [...groups];
}
