import type { Json } from '#shared/kernel/canonical-json.ts';

import type { Selector } from '../selector-types.ts';
import { observableId, ourId } from './ids.ts';

export type StixObject = { readonly [key: string]: Json };

/** Extension definitions of the financial observables (stix2extensions). Their schemas are published, so they do not travel. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'bank-account': 'extension-definition--f19f3291-6a84-5674-b311-d75a925d5bd9',
  'cryptocurrency-wallet': 'extension-definition--be78509e-6958-51b1-8b26-d17ee0eba2d7',
  'phone-number': 'extension-definition--14a97ee2-e666-5ada-a6bd-b7177f79e211',
};
/** Date of places and banks, which we name but did not make. */
const NAMED_AT = '2024-01-01T00:00:00.000Z';

/** The observable a selector stands for and what it refers to, the observable first. Empty for free text. [IN-46] */
export function observablesOf({ type, value, key, meta = {} }: Selector): StixObject[] {
  switch (type) {
    case 'ipv4':
    case 'ipv6':
      return [simple(`${type}-addr`, { value })];
    case 'cidr':
      return [simple(value.includes(':') ? 'ipv6-addr' : 'ipv4-addr', { value })];
    case 'domain':
      return [simple('domain-name', { value })];
    case 'url':
      return [simple('url', { value })];
    case 'email':
      return [simple('email-addr', { value })];
    case 'md5':
      return [simple('file', { hashes: { MD5: value } })];
    case 'sha1':
    case 'sha224':
    case 'sha256':
    case 'sha384':
    case 'sha512':
      return [simple('file', { hashes: { [`SHA-${type.slice(3)}`]: value } })];
    case 'phone':
      return [simple('phone-number', { value })];
    case 'crypto':
      return [simple('cryptocurrency-wallet', { value })];
    case 'iban':
      return [simple('bank-account', { iban: value })];
    case 'bank-account':
      return account(value, key, meta);
    case 'messenger':
      return [simple('user-account', { account_type: meta.platform ?? '', account_login: value })];
    case 'other':
      return [];
  }
}

/** An observable whose properties all contribute to its id. */
function simple(type: string, properties: StixObject): StixObject {
  return { ...head(type, observableId(type, properties)), ...properties, ...extension(type) };
}

/**
 * The extension lets the number alone decide the id, and equal numbers of two banks would be one object: with a bank or
 * country the id is ours.
 */
function account(value: string, key: string, meta: { readonly [key: string]: string }): StixObject[] {
  const { country, bic, bank } = meta;
  const place = country === undefined ? null : { ...named('location', country), country };
  const issuer =
    bank === undefined ? null : { ...named('identity', bank), name: bank, identity_class: 'organization' };
  const id =
    place || issuer ? ourId('bank-account', key) : observableId('bank-account', { account_number: value });
  const observable: StixObject = {
    ...head('bank-account', id),
    account_number: value,
    ...(bic === undefined ? {} : { bic }),
    ...(place ? { country_ref: place.id } : {}),
    ...(issuer ? { issuer_ref: issuer.id } : {}),
    ...extension('bank-account'),
  };
  return [observable, ...(place ? [place] : []), ...(issuer ? [issuer] : [])];
}

function named(type: string, name: string) {
  return { ...head(type, ourId(type, name)), created: NAMED_AT, modified: NAMED_AT };
}

function head(type: string, id: string) {
  return { type, spec_version: '2.1', id };
}

function extension(type: string): StixObject {
  const id = EXTENSIONS[type];
  return id === undefined ? {} : { extensions: { [id]: { extension_type: 'new-sco' } } };
}
