/** A worker thread: holds the experiment, which it was given once, and simulates one run at a time. */
import { workerData } from 'piscina';
import type { Experiment, Job, Reply } from './simulate.ts';
import { simulate } from './simulate.ts';

const experiment = workerData as Experiment;

export default (job: Job): Reply => simulate(experiment, job);
