import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { readArtifacts, simplifyRun } from '../shared/api/output';
import { itemPerOutput } from '../shared/run/output/itemPerOutput';
import { readEvent } from './filter';
import type { Settings } from './settings';

/** What the items consist of. */
export interface Parts {
	/** The body as received. */
	callback: IDataObject;
	requestId: unknown;
	/** The run's full record, if it was read from Runflow. */
	record?: IDataObject;
	/** The downloaded outputs, and the record that has their links. */
	files?: { run: IDataObject; binary: IBinaryKeyData };
}

/**
 * The items for the next node. Each has the callback's own fields, unknown ones too, or those of the simplified run with
 * `event`; and what the user chose to add: `request_id`, `run` (the full record), and with one item per output
 * `output_item`, the output of this item. A run without outputs then gives one item, with `output_item` null.
 */
export function toItems(
	{ callback, requestId, record, files }: Parts,
	settings: Omit<Settings, 'events' | 'statuses' | 'metadata'>,
): INodeExecutionData[] {
	// Downloading may have renewed the links.
	const latest = files?.run ?? record;
	const json: IDataObject = {
		...(settings.simplify && latest !== undefined
			? { ...simplifyRun(latest), event: readEvent(callback) }
			: callback),
		...(settings.includeRequestId && {
			request_id: typeof requestId === 'string' ? requestId : null,
		}),
		...(settings.fullRun && record !== undefined && { run: record }),
	};
	if (!settings.splitOutputs) {
		const { binary = {} } = files ?? {};
		return [{ json, ...(Object.keys(binary).length > 0 && { binary }) }];
	}

	return itemPerOutput(
		{ json, ...(files === undefined ? {} : { binary: files.binary }) },
		readArtifacts((latest ?? callback).output),
		settings.downloadInto ?? '',
	);
}
