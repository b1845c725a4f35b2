import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { readArtifacts } from '../shared/api/output';
import { itemPerOutput } from '../shared/run/output/itemPerOutput';
import type { Settings } from './settings';

/** What the items consist of. */
export interface Parts {
	/** The body as received. */
	callback: IDataObject;
	requestId: unknown;
	/** The run's full record, if the user chose it. */
	run?: IDataObject;
	/** The downloaded outputs, and the record that has their links. */
	files?: { run: IDataObject; binary: IBinaryKeyData };
}

/**
 * The items for the next node. Each has the callback's own fields, unknown ones too, and what the user chose to add:
 * `request_id`, `run` (the full record), and with one item per output `output_item`, the output of this item. A run
 * without outputs then gives one item, with `output_item` null.
 */
export function toItems(
	{ callback, requestId, run, files }: Parts,
	settings: Pick<Settings, 'includeRequestId' | 'downloadInto' | 'splitOutputs'>,
): INodeExecutionData[] {
	const json: IDataObject = {
		...callback,
		...(settings.includeRequestId && {
			request_id: typeof requestId === 'string' ? requestId : null,
		}),
		...(run !== undefined && { run }),
	};
	if (!settings.splitOutputs) {
		const { binary = {} } = files ?? {};
		return [{ json, ...(Object.keys(binary).length > 0 && { binary }) }];
	}

	return itemPerOutput(
		{ json, ...(files === undefined ? {} : { binary: files.binary }) },
		readArtifacts((files?.run ?? callback).output),
		settings.downloadInto ?? '',
	);
}
