/** The faults of the reference's code, and what stands here instead; each has a test of its own. */
export const MENDED: readonly { readonly fault: string; readonly here: string }[] = [
  {
    fault: 'The half-open limit compares a counter that is never raised, so it never limits.',
    here: '`counter` counts half-open calls in flight and lets no more than `halfOpenCalls` through.',
  },
  {
    fault: 'Least connections scans for the minimum and sends every tie to the first server.',
    here: '`least-connections` keeps servers in buckets, oldest first: ties take turns, and a pick is O(1).',
  },
  {
    fault:
      'Round robin takes an index modulo a filtered list, which skips and repeats servers when the list changes.',
    here: '`round-robin` walks a linked ring: one that leaves gives its turns to all alike, one that joins waits a full turn.',
  },
  {
    fault: 'A failure count without a time window trips any long-lived server in the end.',
    here: 'Failures older than `window` are forgotten.',
  },
  {
    fault: 'Answers from before a trip move the state after it.',
    here: 'A call takes a permit of its period; an answer from an earlier period is ignored.',
  },
  {
    fault: 'A half-open call that is cancelled never gives its place back.',
    here: 'A cancelled call returns its permit and counts for nothing.',
  },
  {
    fault: '`if last_failure_time` is false at time 0: such a circuit never recovers.',
    here: 'Time 0 is a time like any other.',
  },
  {
    fault: 'All servers are checked in step.',
    here: 'Each server is checked at a phase of its own.',
  },
  {
    fault: 'A new server is trusted before anyone has looked at it.',
    here: 'A server that starts is checked at once and gets traffic after its first good check.',
  },
  {
    fault: 'The release of a connection writes a stale count back.',
    here: 'Calls are counted where they are sent and settled; an invariant keeps the count from going below 0.',
  },
  {
    fault:
      'The scaling score takes fleet totals against fixed constants and so has no feedback: five full ten-slot servers score 0.16 and scale DOWN, 90 % fast errors score 0.28 and scale DOWN.',
    here: 'Kept, faults and all, as the named legacy policy `threshold`, so that better ones can be measured against it.',
  },
  {
    fault: 'The resilient balancer leaves the strategy over available servers as a comment.',
    here: 'Any balancer picks among the servers that are ready, healthy and whose circuit admits; the set is kept as it changes.',
  },
];
