import type { IDataObject, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import { isSuccessful, readRunId, readRunStatus } from '../shared/api/run';
import { downloadOutputs, type Missing } from '../shared/run/output/downloadOutputs';
import { log } from '../shared/webhook/respond';
import { toItems, type Parts } from './items';
import { readRun, type Api } from './readApi';
import type { Settings } from './settings';
import { isBatch } from './filter';

/** Whether a callback's items need more than the callback. That of a batch has no run to ask for. */
export function needsMore(
	callback: IDataObject,
	{ fullRun, downloadInto }: Pick<Settings, 'fullRun' | 'downloadInto'>,
): boolean {
	return (fullRun || downloadInto !== undefined) && !isBatch(callback);
}

/**
 * Fetches what the user wants besides the callback, and makes the items.
 * @param isVerified whether the callback is known to come from Runflow. The links of any other are left alone:
 * anybody could have the node fetch what only n8n's machine can reach.
 * @returns them, or in one sentence what could not be had
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
	let record: IDataObject | undefined;
	if (settings.fullRun || !isVerified) {
		if (runId === undefined) return { problem: 'The callback names no run' };
		const read = await readRun(context, runId, api);
		if ('problem' in read) return read;
		record = read.run;
		if (settings.fullRun) parts.run = record;
	}
	const source = isVerified || record === undefined ? callback : record;
	if (settings.downloadInto !== undefined && isSuccessful(readRunStatus(source))) {
		const files = await downloadOutputs(source, {
			helpers: context.helpers,
			fieldName: settings.downloadInto,
			apiUrl: api.baseUrl,
			transportOptions: {},
			refresh: async () => {
				const read = runId === undefined ? undefined : await readRun(context, runId, api);
				return read !== undefined && 'run' in read ? read.run : undefined;
			},
			stopped: api.stopped,
			// No repetition would bring it, and the run is paid for: its event comes without it.
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

function missingText({ number, of, problem }: Missing): string {
	return `Output ${number} of ${of} could not be downloaded: ${problem}`;
}
