/** When the node passes its run on: the values of its parameter Completion. */
export const MODES = ['immediately', 'polling', 'callback'] as const;
export type Mode = (typeof MODES)[number];

/** One task needs one execution of n8n and one run, whatever happens to n8n. */
export interface Task {
	/** Found nowhere else: it is the prompt. */
	readonly name: string;
	readonly mode: Mode;
}

const NAME = /(?:immediately|polling|callback)-order-\d{5}/;

/** So many tasks of a mode. */
export function makeTasks(mode: Mode, count: number): Task[] {
	return Array.from({ length: count }, (_, index) => ({
		name: `${mode}-order-${String(index).padStart(5, '0')}`,
		mode,
	}));
}

/** The name of the task that a text is about. */
export function taskNamed(text: string): string | undefined {
	return NAME.exec(text)?.[0];
}
