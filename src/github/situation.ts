/** What the action does: `fork` is a pull request that gets no secrets, so that only its files can be checked. */
export type Mode = 'validate' | 'plan' | 'apply' | 'drift';

/** What a run of the action knows of GitHub and of its own inputs. */
export interface Situation {
  readonly mode: Mode;
  /** Why less is done than was asked for, in words. */
  readonly reduced?: string;
  readonly repository: string;
  /** The commit whose files are planned or applied. */
  readonly sha: string;
  readonly pull?: { readonly number: number; readonly head: string };
  /** Tells apart the organizations that one repository keeps; in names of refs, artifacts, comments and branches. */
  readonly name: string;
  /** The ref that says what was declared last. */
  readonly baseRef: string;
  readonly branch: string;
  /** Where people see this run. */
  readonly runUrl: string;
}

/** Inputs that cannot be worked with; its message is for people. */
export class Unusable extends Error {}

interface Event {
  readonly pull_request?: {
    readonly number: number;
    readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } | null };
  };
  readonly repository?: { readonly default_branch?: string };
}

const modes: readonly string[] = ['validate', 'plan', 'apply', 'drift'];

/** Reads the environment that GitHub gives to a step, and the event. Throws `Unusable`. */
export function situationOf(env: Readonly<Record<string, string | undefined>>, event: Event): Situation {
  const given = env.INPUT_MODE || 'auto';
  if (given !== 'auto' && !modes.includes(given))
    throw new Unusable(`the mode \`${given}\` is none of auto, ${modes.join(', ')}`);
  const name = env.INPUT_NAME || 'main';
  if (!/^[\w-]+$/.test(name)) throw new Unusable(`the name \`${name}\` may have letters, digits, - and _ only`);
  const eventName = env.GITHUB_EVENT_NAME ?? '';
  // It would run the files of strangers beside the secrets of the repository.
  if (eventName === 'pull_request_target') throw new Unusable('this does not run on pull_request_target; use pull_request');
  const repository = env.GITHUB_REPOSITORY ?? '';
  const pull = event.pull_request && { number: event.pull_request.number, head: event.pull_request.head.sha };
  const common = {
    repository,
    name,
    sha: env.GITHUB_SHA ?? '',
    baseRef: env.INPUT_BASE || `refs/zenform/${name}`,
    branch: event.repository?.default_branch ?? 'main',
    runUrl: `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}/actions/runs/${env.GITHUB_RUN_ID ?? ''}`,
    ...(pull ? { pull } : {}),
  };
  const mode = given === 'auto' ? modeOf(eventName) : (given as Mode);
  const fork = event.pull_request && event.pull_request.head.repo?.full_name !== repository;
  if (fork && mode !== 'validate')
    return {
      ...common,
      mode: 'validate',
      reduced: 'a pull request from a fork gets no secrets: its files are checked, and nothing is planned',
    };
  if (event.pull_request && (mode === 'apply' || mode === 'drift'))
    throw new Unusable(`a pull request is not merged yet: \`${mode}\` does not run on it`);
  return { ...common, mode };
}

function modeOf(eventName: string): Mode {
  if (eventName === 'pull_request') return 'plan';
  if (eventName === 'push') return 'apply';
  if (eventName === 'schedule') return 'drift';
  throw new Unusable(`what to do on \`${eventName}\` is not said: give \`mode\``);
}

/** The artifact that holds the plan which was reviewed for a commit. */
export const artifactName = (name: string, head: string) => `zenform-plan-${name}-${head}`;
