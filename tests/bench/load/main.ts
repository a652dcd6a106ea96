import fs from 'node:fs';

import { workloads } from '../workloads/workloads.ts';
import type { Job } from './job.ts';

/* The process that makes the load: one job, one outcome, nothing kept. */
const [jobFile = '', outcomeFile = ''] = process.argv.slice(2);
const job = JSON.parse(fs.readFileSync(jobFile, 'utf8')) as Job;
const workload = workloads.find(({ name }) => name === job.workload);
if (workload === undefined) throw new Error(`no such workload: ${job.workload}`);
fs.writeFileSync(outcomeFile, JSON.stringify(await workload.run(job)));
process.exit(0);
