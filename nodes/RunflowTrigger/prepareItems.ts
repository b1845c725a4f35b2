import type { IDataObject, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import { isSuccessful, readRunId, readRunStatus } from '../shared/api/run';
import { downloadOutputs, type Missing } from '../shared/run/output/downloadOutputs';
import { log } from '../shared/webhook/respond';
import { toItems, type Parts } from './items';
import { readRun, type Api } from './readApi';
import type { Settings } from './settings';
import { isBatch } from './filter';

/** Whether the items need more than the callback. The callback of a batch has no run to read. */
export function needsMore(
	callback: IDataObject,
	{ fullRun, simplify, downloadInto }: Pick<Settings, 'fullRun' | 'simplify' | 'downloadInto'>,
): boolean {
	return (fullRun || simplify || downloadInto !== undefined) && !isBatch(callback);
}

/**
 * Fetches what the user chose to add to the callback, and makes the items.
 * @param isVerified whether the callback certainly comes from Runflow. The links of any other callback are not followed:
 * anyone could make the node fetch what only n8n's machine can reach.
 * @returns the items, or one sentence about what could not be fetched
 */
export async function prepareItems(
	context: IWebhookFunctions,
	{
		callback,
		requestId,
		isVerified,
	}: Pick<Parts, 'callback' | 'requestId'> & { isVerified: boolean },
	settings: Settings,
	api: Api,
): Promise<INodeExecutionData[] | { problem: string }> {
	const parts: Parts = { callback, requestId };
	const runId = readRunId({ run_id: callback.run_id ?? null });
	if (settings.fullRun || settings.simplify || !isVerified) {
		if (runId === undefined) return { problem: 'The callback has no run ID' };
		const read = await readRun(context, runId, api);
		if ('problem' in read) return read;
		parts.record = read.run;
	}
	const source = parts.record ?? callback;
	if (settings.downloadInto !== undefined && isSuccessful(readRunStatus(source))) {
		const files = await downloadOutputs(source, {
			helpers: context.helpers,
			fieldName: settings.downloadInto,
			apiUrl: api.baseUrl,
			transportOptions: undefined,
			refresh: async () => {
				const read = runId === undefined ? undefined : await readRun(context, runId, api);
				return read !== undefined && 'run' in read ? read.run : undefined;
			},
			stopped: api.stopped,
			// A repeated callback would not help, and the run is paid for: the workflow starts without the file.
			partly: true,
		});
		if ('problem' in files && !files.isFinal) return { problem: missingText(files) };
		for (const missing of 'problem' in files ? [files] : files.without) {
			log(context, `starts the workflow without a file. ${missingText(missing)}`);
		}
		if (!('problem' in files)) parts.files = files;
	}
	return toItems(parts, settings);
}

function missingText({ number, of, problem, advice }: Missing): string {
	const more = advice === undefined ? '' : `. ${advice}`;
	return `Output ${number} of ${of} could not be downloaded: ${problem}${more}`;
}
