/** Exit codes, which scripts and CI rely on: documented in the README and stable. */
export const EXIT = {
  done: 0,
  /** Our bug: a breached invariant, or anything unforeseen. Or `live` lost a process of its own to somebody else. */
  bug: 1,
  /** The user's mistake: a scenario, an option, a file. Nothing was written. */
  mistake: 2,
  /** The run says nothing: no request was completed, or the driver was late. The results are written all the same. */
  invalid: 97,
  /** `compare --strict`: the second is worse in a judged metric. */
  worse: 98,
  /** `--strict`: an SLO was missed. */
  sloMissed: 99,
  /** Ctrl-C, by the shell's custom 128 + SIGINT; after a SIGTERM that was obeyed, too. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
