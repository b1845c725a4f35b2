import { asText } from '../../../nodes/shared/values/json';
import type { Sandbox } from '../../sandbox';
import type { Task } from './tasks';

/** What n8n is in the middle of with a task, as far as it is seen from outside. */
export type Phase =
	| 'before the create request'
	| 'between create and its answer'
	| 'after the answer'
	| 'looking at the run'
	| 'suspended'
	| 'around the end of the run'
	| 'downloading';

/** What the sandbox has seen of one task. */
export interface Seen {
	/** Requests that ask for its run. */
	created: number;
	/** Those of them that are answered. */
	answered: number;
	/** Reads of its run since, in the list or alone. */
	reads: number;
	/** Whether its run has ended since. */
	ended: boolean;
	/** Requests for its files since. */
	downloads: number;
}

const NOTHING: Seen = {
	created: 0,
	answered: 0,
	reads: 0,
	ended: false,
	downloads: 0,
};

/**
 * What the sandbox has seen of each task so far.
 * @param since when n8n was started (ms since 1970): what was under way before that is over
 */
export function seenOf(sandbox: Sandbox, tasks: readonly Task[], since: number): Map<string, Seen> {
	const seen = new Map(tasks.map(({ name }) => [name, { ...NOTHING }]));
	const taskOfRun = new Map<string, string>();
	for (const { id, input, completedAtMs } of sandbox.acceptedRuns()) {
		const prompt = asText(input.prompt);
		const one = seen.get(prompt);
		if (one === undefined) continue;
		taskOfRun.set(id, prompt);
		one.ended ||= (completedAtMs ?? 0) >= since;
	}
	for (const { host, method, path, json, status, at } of sandbox.requests) {
		if (method === 'POST') {
			const one = seen.get(promptOf(json));
			if (one === undefined) continue;
			one.created += 1;
			if (status !== null) one.answered += 1;
			continue;
		}
		const runId = /^\/(?:v1\/runs|outputs)\/([^/]+)/.exec(path)?.[1];
		const one = seen.get(taskOfRun.get(runId ?? '') ?? '');
		if (one === undefined) continue;
		if (host === 'storage') one.downloads += at >= since ? 1 : 0;
		else one.reads += 1;
	}
	return seen;
}

function promptOf(json: unknown): string {
	const { input } = (json ?? {}) as { input?: { prompt?: unknown } };
	return asText(input?.prompt);
}

/**
 * How far a task has come.
 * @param status that of its execution in n8n
 */
export function phaseOf(seen: Seen, status: string | undefined): Phase {
	const { created, answered, reads, ended, downloads } = seen;
	if (created === 0) return 'before the create request';
	if (answered < created) return 'between create and its answer';
	if (downloads > 0) return 'downloading';
	if (ended) return 'around the end of the run';
	if (status === 'waiting') return 'suspended';
	return reads > 0 ? 'looking at the run' : 'after the answer';
}

/** Whether a task has come as far as a phase, or farther. */
export function hasReached(phase: Phase, seen: Seen, status: string | undefined): boolean {
	switch (phase) {
		case 'before the create request':
			return true;
		case 'between create and its answer':
			return seen.created > 0;
		case 'after the answer':
			return seen.answered > 0;
		case 'looking at the run':
			return seen.reads > 0;
		case 'suspended':
			return status === 'waiting';
		case 'around the end of the run':
			return seen.ended;
		case 'downloading':
			return seen.downloads > 0;
	}
}
