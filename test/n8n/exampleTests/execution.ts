import type { SandboxRun } from '../../sandbox';
import type { Execution, Item } from '../executions';

/** The execution, after the assertion that it succeeded; its error is shown when it did not. */
export function successful(execution: Execution): Execution {
	const { status, error } = execution;
	expect({ status, error }).toEqual({ status: 'success' });
	return execution;
}

/** The items that a node returned. */
export function itemsOf({ nodes }: Execution, name: string, output = 0): Item[] {
	return nodes[name]?.outputs[output] ?? [];
}

/** The items that a node returned, without their files. */
export function jsonOf(execution: Execution, name: string, output = 0): Item['json'][] {
	return itemsOf(execution, name, output).map(({ json }) => json);
}

/** The prompt of a run. */
export function promptOf({ input }: SandboxRun): string {
	return input.prompt as string;
}

/** The address of a run's first output, as the node returned it. */
export function linkOf({ outputs }: Item['json']): string {
	const [output] = outputs as { url: string }[];
	return output?.url ?? '';
}

/** What an address gives. */
export async function download(
	url: string,
): Promise<{ status: number; type: string; bytes: Buffer }> {
	const response = await fetch(url);
	const bytes = Buffer.from(await response.arrayBuffer());
	return { status: response.status, type: response.headers.get('content-type') ?? '', bytes };
}
