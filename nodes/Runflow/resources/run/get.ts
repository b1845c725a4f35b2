import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { hasFailed, readRunRecord, readRunStatus } from '../../../shared/api/run';
import type { Operation } from '../../../shared/properties/operation';
import {
	downloadOutputs,
	includeInputFields,
	maximumWait,
	outputPropertyName,
	pollingInterval,
	simplify,
	splitOutputs,
} from '../../../shared/properties/runParameters';
import { apiRouting, type ItemCall } from '../../../shared/run/apiRouting';
import { joinNodeRun } from '../../../shared/run/nodeRun/joinNodeRun';
import {
	OUTPUT_SETTINGS,
	outputSettings,
	WAIT_SETTINGS,
	type StoredOutputSettings,
	type StoredWaitSettings,
} from '../../../shared/run/nodeRun/outputSettings';
import { ANY_POLLING, policyFor } from '../../../shared/run/nodeRun/pollingPolicy';
import { finishedItems } from '../../../shared/run/output/finishedItems';
import { isFailure, runFailedError, type Failure } from '../../../shared/run/read/itemErrors';
import { waitForRun } from '../../../shared/run/wait/waitForRun';
import { flag } from '../../../shared/validation/rules';
import type { SettingsTable } from '../../../shared/validation/settings';
import { aboutRun, runField, runPath, RUN_ID } from './runId';

/** How the node waits for the run, and what becomes of its outputs. */
const options: INodeProperties[] = [
	includeInputFields,
	{
		...maximumWait,
		displayOptions: { show: { waitUntilFinished: [true] } },
		description:
			'Minutes to wait for the result. 0 means the default of 30 minutes. The run itself continues.',
	},
	splitOutputs,
	{
		...pollingInterval,
		displayOptions: { show: { waitUntilFinished: [true] } },
		description: 'Maximum seconds between status checks. 0 means the default of 15 seconds.',
	},
	{ ...outputPropertyName, displayOptions: { show: { '/downloadOutputs': [true] } } },
	{
		displayName: 'Wait Until Finished',
		name: 'waitUntilFinished',
		type: 'boolean',
		default: true,
		description:
			'Whether to wait until the run has ended. If the run fails or is cancelled, the item fails with the reason.',
	},
];

interface Settings extends StoredOutputSettings, StoredWaitSettings {
	runId: string;
	waitUntilFinished: boolean;
}

const SETTINGS: SettingsTable<Settings> = {
	runId: RUN_ID,
	...OUTPUT_SETTINGS,
	...WAIT_SETTINGS,
	waitUntilFinished: {
		path: 'options.waitUntilFinished',
		title: 'Wait Until Finished',
		rule: flag,
		otherwise: false,
	},
};

/** One run, in any status. @see docs/runflow-api.md, "Get a run" */
export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get run',
		description: 'Get a run with its outputs. The links are new each time.',
		routing: apiRouting({ method: 'GET', url: '/v1/runs/{id}', execute }),
	},
	fields: [runField, { ...downloadOutputs, displayOptions: {} }, simplify],
	options,
};

async function execute(item: ItemCall): Promise<INodeExecutionData[] | Failure> {
	const settings = item.settings(SETTINGS);
	if (isFailure(settings)) return settings;
	const run = settings.waitUntilFinished
		? await readUntilFinished(item, settings)
		: await read(item, settings.runId);
	if (run === undefined) return [];
	return isFailure(run) ? run : await toItems(item, run, settings);
}

async function read({ call }: ItemCall, id: string): Promise<IDataObject | Failure> {
	return await call({ method: 'GET', url: runPath(id) }, readRunRecord, aboutRun(id, 'a run'));
}

/** @returns the ended run; its error where it has no result; undefined where the execution has ended before it */
async function readUntilFinished(
	item: ItemCall,
	{ runId, pollingInterval, maximumWait }: Settings,
): Promise<IDataObject | Failure | undefined> {
	const { context, connection, itemIndex } = item;
	const policy = policyFor(ANY_POLLING, {
		longestIntervalSeconds: pollingInterval,
		maxWaitMinutes: maximumWait,
	});
	// Before anything is awaited, see joinNodeRun.
	const nodeRun = joinNodeRun(context);
	try {
		const run = await read(item, runId);
		if (isFailure(run)) return run;
		const waiting = {
			request: connection,
			startRecord: {},
			settings: { policy },
			nodeRun,
			advice: 'Execute this step again later. It costs nothing.',
		};
		const ended = await waitForRun(context, run, waiting);
		return ended === undefined || isFailure(ended) || !hasFailed(readRunStatus(ended))
			? ended
			: runFailedError(context.getNode(), ended, itemIndex, NOTHING_CHARGED);
	} finally {
		nodeRun.leave(itemIndex);
	}
}

async function toItems(
	{ context, connection, itemIndex }: ItemCall,
	run: IDataObject,
	settings: Settings,
): Promise<INodeExecutionData[] | Failure> {
	return await finishedItems(context, run, {
		...outputSettings(context, settings),
		connection,
		itemIndex,
		inputFields: settings.includeInputFields ? context.getInputData().json : undefined,
		stopped: context.getExecutionCancelSignal(),
	});
}

const NOTHING_CHARGED = {
	failed: 'Runflow does not charge for failed runs. Start another run for another result.',
	cancelled: 'It was cancelled in Runflow. Start another run if that was a mistake.',
};
