import { createHash } from 'node:crypto';

/**
 * One of the cast, acting through the documented API like anybody else. Command ids follow from what is done, so that
 * a seeding that was cut off goes on where it stopped and does nothing twice.
 */
export class Member {
  readonly url: string;
  readonly handle: string;
  readonly cookie: string;

  private constructor(url: string, handle: string, cookie: string) {
    this.url = url;
    this.handle = handle;
    this.cookie = cookie;
  }

  static async signIn(url: string, handle: string): Promise<Member> {
    const response = await fetch(`${url}/api/v1/exercise/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ officer: handle }),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (!response.ok || cookie === undefined)
      throw new Error(`${handle} could not sign in: ${await response.text()}`);
    return new Member(url, handle, cookie);
  }

  get<T>(path: string): Promise<T> {
    return this.#send<T>('GET', path, undefined);
  }

  /** `step` names the act; the same step is the same command. */
  act<T>(step: string, path: string, body: object): Promise<T> {
    const commandId = createHash('sha256').update(`${this.handle} ${step}`).digest('hex').slice(0, 32);
    return this.#send<T>('POST', path, { commandId, ...body });
  }

  /** A call that writes nothing on the record and takes no command id. */
  post<T>(path: string, body: object): Promise<T> {
    return this.#send<T>('POST', path, body);
  }

  async #send<T>(method: 'GET' | 'POST', path: string, body: object | undefined): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { cookie: this.cookie, origin: this.url, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${this.handle}: ${method} ${path} was refused: ${text.slice(0, 400)}`);
    return JSON.parse(text) as T;
  }
}
