import type { IDataObject, INodeExecutionData, NodeApiError } from 'n8n-workflow';

import { readArtifacts, simplifyRun, rawRun } from '../../api/output';
import { isSuccessful, readRunId, readRunStatus } from '../../api/run';
import { transportOptions, type ApiContext } from '../../api/client';
import { downloadError } from './downloadError';
import { downloadOutputs, type Downloaded } from './downloadOutputs';
import { getRunWithRetry, type From } from '../read/getRun';
import type { Settings } from '../nodeRun/settings';

/** How a run becomes an item. */
export interface Finish extends Pick<Settings, 'simplify' | 'downloadInto'>, From {
	/** Aborted once the item is no longer needed. */
	stopped: AbortSignal | undefined;
}

/**
 * The item of a run: its record and, where the user wants them, its files.
 * @returns the item; or the error, with the run's id, of a file that could not be downloaded
 */
export async function finishedItem(
	context: ApiContext,
	run: IDataObject,
	finish: Finish,
): Promise<INodeExecutionData | NodeApiError> {
	const { downloadInto, itemIndex } = finish;
	if (downloadInto === undefined || !isSuccessful(readRunStatus(run))) {
		return runItem(run, finish, itemIndex);
	}

	const downloaded = await download(context, run, { ...finish, downloadInto });
	return 'problem' in downloaded
		? downloadError(context.getNode(), run, { ...downloaded, itemIndex })
		: { ...runItem(downloaded.run, finish, itemIndex), binary: downloaded.binary };
}

/** The run is paid for, so even an unexpected error becomes one with the run's id. */
async function download(
	context: ApiContext,
	run: IDataObject,
	finish: Finish & { downloadInto: string },
): Promise<Downloaded> {
	try {
		return await downloadOutputs(run, {
			helpers: context.helpers,
			fieldName: finish.downloadInto,
			apiUrl: finish.connection.baseURL ?? '',
			transportOptions: transportOptions(finish.connection),
			refresh: async () => await readAgain(context, run, finish),
			stopped: finish.stopped,
		});
	} catch (error) {
		// Without its message: that may hold what was downloaded, or from where.
		const problem = `n8n met an unexpected error (${error instanceof Error ? error.name : typeof error})`;
		const of = readArtifacts(run.output).length;
		return { number: 1, of, problem, link: undefined, isFinal: false };
	}
}

/** The item of a run's record, without files. */
export function runItem(
	run: IDataObject,
	{ simplify }: Pick<Settings, 'simplify'>,
	itemIndex: number,
): INodeExecutionData {
	return { json: simplify ? simplifyRun(run) : rawRun(run), pairedItem: { item: itemIndex } };
}

async function readAgain(
	context: ApiContext,
	run: IDataObject,
	from: Finish,
): Promise<IDataObject | undefined> {
	const seen = await getRunWithRetry(context, readRunId(run) ?? '', from, from.stopped);
	return 'record' in seen ? seen.record : undefined;
}
