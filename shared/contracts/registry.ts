import * as boards from './boards.ts';
import * as chat from './chat.ts';
import type { Call } from './contract.ts';
import * as identity from './identity.ts';
import * as indicators from './indicators.ts';
import * as lifecycle from './lifecycle.ts';
import * as mirror from './mirror.ts';
import * as operations from './operations.ts';
import * as packs from './packs.ts';
import * as purge from './purge.ts';
import * as recordLog from './record-log.ts';
import * as review from './review.ts';
import * as reviewAccess from './review-access.ts';
import * as reviewFindings from './review-findings.ts';
import * as reviewReplay from './review-replay.ts';
import * as reviewReport from './review-report.ts';
import * as reviewTimeline from './review-timeline.ts';
import * as witnesses from './witnesses.ts';

function callsOf(module: object): readonly Call[] {
  return Object.values(module).filter(isCall);
}

function isCall(value: unknown): value is Call {
  return (
    typeof value === 'object' && value !== null && 'path' in value && 'needs' in value && 'records' in value
  );
}

/** Every call of the hub. What is not here does not exist: the binder refuses to start with one missing or one too many. */
export const allCalls: readonly Call[] = [
  identity,
  operations,
  lifecycle,
  purge,
  chat,
  boards,
  indicators,
  review,
  packs,
  witnesses,
  mirror,
  reviewTimeline,
  reviewReplay,
  reviewAccess,
  reviewFindings,
  reviewReport,
  recordLog,
].flatMap(callsOf);
