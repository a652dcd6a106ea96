import i18next from 'i18next';
import { useCallback } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';

type Catalogue = Readonly<Record<string, string>>;
type Singular<K> = K extends `${infer Stem}_${'one' | 'other'}` ? Stem : K;
export type TextKey<C extends Catalogue> = Singular<keyof C & string>;
export type Say<C extends Catalogue> = (key: TextKey<C>, values?: Record<string, string | number>) => string;

const LANGUAGE = 'en';

/** Keys are flat; each feature brings its own catalogue when it is loaded. */
export async function startText(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: LANGUAGE,
    fallbackLng: LANGUAGE,
    resources: {},
    keySeparator: false,
    nsSeparator: false,
    // React escapes.
    interpolation: { escapeValue: false },
  });
}

/** The words of one feature. The catalogue is registered under its name on first use. */
export function useText<C extends Catalogue>(name: string, catalogue: C): Say<C> {
  if (!i18next.hasResourceBundle(LANGUAGE, name)) i18next.addResourceBundle(LANGUAGE, name, catalogue);
  const { t } = useTranslation(name);
  return useCallback((key, values) => t(key, values ?? {}), [t]);
}
