/**
 * What the launcher and the process of a gateway in a driven run say to each other over IPC, in this order: `run`, `ready`,
 * the load, `finish`, `record`. The channel must be opened with `serialization: 'advanced'`, as inputs and records hold
 * typed arrays. What a record is, is not known here: live code knows nothing of results.
 */
import type { Inputs, Scenario } from '../../scenario/scenario.ts';

export type ToGateway =
  | {
      readonly kind: 'run';
      readonly scenario: Scenario;
      readonly inputs: Inputs;
      /** Index into the scenario's contenders. */
      readonly contender: number;
      readonly seed: number;
      /**
       * `Date.now()` at which the run begins: time 0 of the scenario. Far enough ahead for the servers to start; if `ready`
       * comes later than that, the run has begun without them.
       */
      readonly epoch: number;
      /** Where the journal goes; null for none. */
      readonly journal: string | null;
    }
  /** No more requests will come: those in flight have been followed. */
  | { readonly kind: 'finish' };

export type FromGateway<Record = unknown> =
  /** All servers listen, and so does the gateway: MCP at `http://127.0.0.1:<port>/mcp`. */
  | { readonly kind: 'ready'; readonly port: number }
  /** The policies' half of the run, seen at the door; the last message. */
  | { readonly kind: 'record'; readonly record: Record }
  /** A bug of ours or of the machine's ended the run; the last message. */
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string };
