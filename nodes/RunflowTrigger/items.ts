import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { binaryFieldName } from '../shared/api/artifactFile';
import { readArtifacts } from '../shared/api/output';
import type { Settings } from './settings';

/** What the items are made of. */
export interface Parts {
	/** The body as it came. */
	callback: IDataObject;
	requestId: unknown;
	/** The run's full record, where the user wants it. */
	run?: IDataObject;
	/** The downloaded outputs, with the record whose links they came from. */
	files?: { run: IDataObject; binary: IBinaryKeyData };
}

/**
 * What the next node gets: the callback's own fields, unknown ones too, and beside them what was asked for:
 * `request_id`, `run` (the full record), and with one item per output `output_item`, the output that the item
 * is for. A run without outputs makes one item then, with `output_item` null.
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

/** The file of one output, in the field that the user named: each item has one only. */
function binaryOf(
	files: IBinaryKeyData | undefined,
	field: string,
	index: number,
): { binary?: IBinaryKeyData } {
	const file = files?.[binaryFieldName(field, index)];
	return file === undefined ? {} : { binary: { [field]: file } };
}
