/** The kinds of ejection people can name. */
import type { Registry } from '../registry.ts';
import type { Ejection } from './ejection.ts';
import { envoy } from './envoy.ts';
import { grpc } from './grpc.ts';
import { none } from './none.ts';

export const EJECTIONS: Registry<Ejection> = { none, envoy, grpc };
