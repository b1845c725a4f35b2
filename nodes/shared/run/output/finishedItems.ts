import type { IDataObject, INodeExecutionData, NodeApiError } from 'n8n-workflow';

import { readArtifacts, runJson } from '../../api/output';
import { isSuccessful, readRunId, readRunStatus } from '../../api/run';
import { transportOptions, type ApiContext } from '../../api/client';
import { downloadError } from './downloadError';
import { downloadOutputs, type Downloaded } from './downloadOutputs';
import { getRunWithRetry, type From } from '../read/getRun';
import { itemPerOutput } from './itemPerOutput';
import type { OutputSettings } from '../nodeRun/outputSettings';

/** How a run becomes items. */
export interface Finish extends Omit<OutputSettings, 'includeInputFields'>, From {
	/** The fields of the input item, where the user wants to keep them. */
	inputFields: IDataObject | undefined;
	/** Aborted once the item is no longer needed. */
	stopped: AbortSignal | undefined;
}

/**
 * The items of a run: its record and, where the user wants them, its files.
 * @returns one item, or one for each output; or the error, with the run's id, of a file that could not be downloaded
 */
export async function finishedItems(
	context: ApiContext,
	run: IDataObject,
	finish: Finish,
): Promise<INodeExecutionData[] | NodeApiError> {
	const { downloadInto, splitOutputs, itemIndex } = finish;
	const itemsOf = (record: IDataObject, files: Pick<INodeExecutionData, 'binary'>) => {
		const item = { ...runItem(record, finish, itemIndex), ...files };
		return splitOutputs
			? itemPerOutput(item, readArtifacts(record.output), downloadInto ?? '')
			: [item];
	};
	if (downloadInto === undefined || !isSuccessful(readRunStatus(run))) return itemsOf(run, {});

	const downloaded = await download(context, run, { ...finish, downloadInto });
	return 'problem' in downloaded
		? downloadError(context.getNode(), run, { ...downloaded, itemIndex })
		: itemsOf(downloaded.run, { binary: downloaded.binary });
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
		const problem = `n8n had an unexpected error (${error instanceof Error ? error.name : typeof error})`;
		const of = readArtifacts(run.output).length;
		return { number: 1, of, problem, link: undefined, isFinal: false };
	}
}

/**
 * The item of a run's record, without files.
 * @param inputFields the fields that it keeps of its input item
 */
export function runItem(
	run: IDataObject,
	{
		simplify,
		inputFields = {},
	}: Pick<OutputSettings, 'simplify'> & { inputFields?: IDataObject | undefined },
	itemIndex: number,
): INodeExecutionData {
	const json = { ...inputFields, ...runJson(run, simplify) };
	// n8n 1 takes any item with an `error` for a failed one.
	if (inputFields.error !== undefined && json.error === inputFields.error) delete json.error;
	return { json, pairedItem: { item: itemIndex } };
}

async function readAgain(
	context: ApiContext,
	run: IDataObject,
	from: Finish,
): Promise<IDataObject | undefined> {
	const seen = await getRunWithRetry(context, readRunId(run) ?? '', from, from.stopped);
	return 'record' in seen ? seen.record : undefined;
}
