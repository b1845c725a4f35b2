import type {
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	NodeApiError,
} from 'n8n-workflow';

import { simplifyRun } from '../../runflow/output';
import { isSuccessful, readRunId, readRunStatus } from '../../runflow/run';
import { fetchRun, isPassing, isRunRecord, wayOut } from './answer';
import { downloadOutputs } from './downloadOutputs';
import { downloadError } from './runErrors';
import type { Settings } from './settings';
import { tryAgain } from './tryAgain';

/**
 * The item that a run becomes: its record and, where the user wants them, its files.
 * @param started the request that started the run: where it was sent decides where the run is read again
 * @returns the item; or the error, with the run's id, of a file that could not be downloaded
 */
export async function finishedItem(
	this: IExecutePaginationFunctions,
	run: IDataObject,
	started: IHttpRequestOptions,
	{ simplify, downloadInto }: Pick<Settings, 'simplify' | 'downloadInto'>,
): Promise<INodeExecutionData | NodeApiError> {
	const itemIndex = this.getItemIndex();
	const item = (record: IDataObject): INodeExecutionData => ({
		json: simplify ? simplifyRun(record) : record,
		pairedItem: { item: itemIndex },
	});
	if (downloadInto === undefined || !isSuccessful(readRunStatus(run))) return item(run);

	const downloaded = await downloadOutputs(run, {
		helpers: this.helpers,
		fieldName: downloadInto,
		wayOut: wayOut(started),
		refresh: async () => await readAgain.call(this, run, started),
		stopped: this.getExecutionCancelSignal(),
	});
	return 'problem' in downloaded
		? downloadError(this.getNode(), run, { ...downloaded, itemIndex })
		: { ...item(downloaded.run), binary: downloaded.binary };
}

async function readAgain(
	this: IExecutePaginationFunctions,
	run: IDataObject,
	started: IHttpRequestOptions,
): Promise<IDataObject | undefined> {
	const seen = await tryAgain(
		async () => await fetchRun.call(this, readRunId(run) ?? '', started),
		(reply) =>
			'silence' in reply || (!isRunRecord(reply.answer) && isPassing(reply.answer.statusCode))
				? 0
				: undefined,
		this.getExecutionCancelSignal(),
	);
	return 'answer' in seen && isRunRecord(seen.answer) ? seen.answer.body : undefined;
}
