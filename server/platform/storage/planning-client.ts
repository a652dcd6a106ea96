import pg from 'pg';

const plans = new Map<string, string>();

/** Gives statements that ask for it a name, under which the database keeps their plan for the connection. */
export class PlanningClient extends pg.Client {
  override query(...given: unknown[]): never {
    const [text, values] = given;
    if (typeof text !== 'string' || !text.startsWith('/* plan once */') || !Array.isArray(values)) {
      return Reflect.apply(super.query, this, given) as never;
    }
    const name = plans.get(text) ?? `plan ${plans.size}`;
    plans.set(text, name);
    return Reflect.apply(super.query, this, [{ name, text, values }, ...given.slice(2)]) as never;
  }
}
