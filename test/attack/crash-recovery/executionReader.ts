import type { AppFlow } from '../../bench/appFlow';
import { ENDED, readExecution, type Execution } from '../../n8n/executions';
import type { Session } from '../../n8n/session';
import { allExecutions } from '../../queue/flow';
import { taskNamed } from './tasks';

/** The state of an execution, and its task. */
export interface Entry {
	readonly id: string;
	readonly status: string;
	/** Undefined where n8n has stored nothing of what it was started with. */
	readonly task: string | undefined;
}

/** What n8n says of the executions of some workflows. */
export interface ExecutionReader {
	/** All executions without their contents, the oldest first. */
	list(): Promise<Entry[]>;
	/** One execution with all that n8n has stored of it. */
	read(id: string): Promise<Execution>;
}

/** Reads n8n's executions as its editor does. Which task one is for is read once, since it does not change. */
export function readerOf(session: Session, flows: Iterable<AppFlow>): ExecutionReader {
	const workflows = [...flows].map(({ workflow }) => workflow);
	const tasks = new Map<string, string>();
	const read = async (id: string): Promise<Execution> => {
		const execution = await readExecution(session, id);
		const task = taskNamed(execution.text);
		if (task !== undefined) tasks.set(id, task);
		return execution;
	};
	return {
		read,
		list: async () => {
			const listed = [];
			for (const { id } of workflows) listed.push(...(await allExecutions(session, id)));
			for (const { id } of listed) if (!tasks.has(id)) await read(id);
			return listed
				.map(({ id, status }) => ({ id, status, task: tasks.get(id) }))
				.sort((a, b) => Number(a.id) - Number(b.id));
		},
	};
}

/** The entries of a task, the oldest first. */
export function entriesOf(task: string, entries: readonly Entry[]): Entry[] {
	return entries.filter((entry) => entry.task === task);
}

/**
 * Whether nothing happens to an execution by itself any more, except that it is called back. One that n8n had only
 * written down when it was killed is `new`, and begun after the next start.
 */
export function isAtRest({ status }: Entry): boolean {
	return ENDED.includes(status) || status === 'waiting';
}
