import type { Api } from './api.ts';
import { artifactName, type Situation } from './situation.ts';

interface Pull {
  readonly number: number;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly head: { readonly sha: string };
}
interface Artifact {
  readonly id: number;
  readonly expired: boolean;
  readonly created_at: string;
  readonly workflow_run: {
    readonly id: number;
    readonly head_sha: string;
    readonly repository_id: number;
    readonly head_repository_id: number;
  } | null;
}

/** Where the plan lies that was reviewed before a commit was merged. */
export interface ReviewedPlan {
  readonly artifact: string;
  readonly run: number;
  readonly pull: number;
}

/**
 * The newest plan of the pull request that a commit comes from; or why there is none, in words. Plans of forks are none: but even a
 * forged one could do nothing that the merged files do not say.
 */
export async function reviewedPlan(api: Api, { repository, sha, name }: Situation): Promise<ReviewedPlan | string> {
  const pulls = await api.all<Pull>(`/repos/${repository}/commits/${sha}/pulls`);
  const merged =
    pulls.find((one) => one.merged_at !== null && one.merge_commit_sha === sha) ?? pulls.find((one) => one.merged_at !== null);
  if (!merged) return `${sha.slice(0, 12)} comes from no merged pull request`;
  const artifact = artifactName(name, merged.head.sha);
  const found = await api.all<Artifact>(
    `/repos/${repository}/actions/artifacts?name=${encodeURIComponent(artifact)}`,
    (answer) => (answer as { readonly artifacts?: readonly Artifact[] }).artifacts ?? [],
  );
  const [newest] = found
    .filter(
      ({ expired, workflow_run: run }) =>
        !expired && run?.head_sha === merged.head.sha && run.head_repository_id === run.repository_id,
    )
    .sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
  if (!newest?.workflow_run) return `the pull request #${merged.number} has no plan of its last commit, or no longer`;
  return { artifact, run: newest.workflow_run.id, pull: merged.number };
}
