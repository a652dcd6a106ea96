import { useText } from '#client/platform/text.ts';
import { Select } from '#client/ui/controls/field.tsx';
import { countryName } from '#client/ui/item/country.ts';
import type { Person } from '#shared/contracts/common.ts';
import { reviewText } from '../text.ts';

type Props = {
  readonly people: readonly Pick<Person, 'country'>[];
  /** Empty for all. */
  readonly country: string;
  readonly onPick: (country: string) => void;
};

/** One of the countries that these people are from. */
export function CountryPick({ people, country, onPick }: Props) {
  const say = useText('review', reviewText);
  const countries = [...new Set(people.map((person) => person.country))].sort();
  return (
    <Select
      label={say('filter.country')}
      bare
      small
      value={country}
      onPick={onPick}
      options={[
        { value: '', label: say('filter.all-countries') },
        ...countries.map((code) => ({ value: code, label: `${code} · ${countryName(code)}` })),
      ]}
    />
  );
}
