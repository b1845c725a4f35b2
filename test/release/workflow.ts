import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A step of a job: an action, or commands. */
export interface Step {
	uses?: string;
	run?: string;
	with?: Record<string, string | number | boolean>;
	env?: Record<string, string>;
	'working-directory'?: string;
}

export type Permissions = Record<string, string>;

export interface Job {
	name: string;
	needs?: string;
	permissions?: Permissions;
	environment?: string;
	env?: Record<string, string>;
	'runs-on': string;
	'timeout-minutes'?: number;
	strategy?: { matrix: Record<string, string[]> };
	steps: Step[];
}

/** What this repository uses of a GitHub Actions workflow file. */
export interface Workflow {
	name: string;
	on: Record<string, unknown>;
	permissions?: Permissions;
	concurrency?: Record<string, string | boolean>;
	jobs: Record<string, Job>;
}

/**
 * In: the path of a workflow file. Out: what it says. Throws where it is not YAML.
 */
export function readWorkflow(path: string): Workflow {
	return parse(readFileSync(path, 'utf8')) as Workflow;
}
