import { command, type Handler } from '#server/platform/http/commands.ts';
import { setRetention } from '#shared/contracts/lifecycle.ts';

import { presentOperation } from '../presenter.ts';
import { factOf, presentNow } from './steps.ts';
import { putRetention } from './store.ts';

/** [LC-13] */
export function retentionHandler(): Handler {
  return command({
    call: setRetention,
    async act(tx, { pass }, { until, reason }) {
      const before = await presentNow(tx, pass);
      await putRetention(tx, pass, until);
      return {
        facts: [factOf(pass, 'retention.set', { until, before: before.retain_until, reason })],
        reply: presentOperation({ ...before, retain_until: until }, pass.role),
      };
    },
  });
}
