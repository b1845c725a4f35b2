import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { binaryFieldName } from '../shared/api/files/artifactFile';
import { readArtifacts } from '../shared/api/output';
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

	const artifacts = readArtifacts((files?.run ?? callback).output);
	if (artifacts.length === 0) return [{ json: { ...json, output_item: null } }];
	return artifacts.map((artifact, index) => ({
		json: { ...json, output_item: artifact },
		...binaryOf(files?.binary, settings.downloadInto ?? '', index),
	}));
}

/** The file of one output, in the field that the user named. Each item has only one. */
function binaryOf(
	files: IBinaryKeyData | undefined,
	field: string,
	index: number,
): { binary?: IBinaryKeyData } {
	const file = files?.[binaryFieldName(field, index)];
	return file === undefined ? {} : { binary: { [field]: file } };
}
