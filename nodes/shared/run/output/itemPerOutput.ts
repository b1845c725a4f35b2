import type { INodeExecutionData } from 'n8n-workflow';

import { binaryFieldName } from '../../api/files/artifactFile';
import type { Artifact } from '../../api/output';

/**
 * An item for each output of a run: all that the run's item has, with the output under `output_item`, and its file in the
 * same field for every item. A run without outputs gives one item, with `output_item` null.
 * @param item the run's item, with all files
 * @param field the binary field of the first file
 */
export function itemPerOutput(
	{ binary = {}, ...item }: INodeExecutionData,
	artifacts: readonly Artifact[],
	field: string,
): INodeExecutionData[] {
	if (artifacts.length === 0) return [{ ...item, json: { ...item.json, output_item: null } }];
	return artifacts.map((artifact, index) => {
		const file = binary[binaryFieldName(field, index)];
		const json = { ...item.json, output_item: artifact };
		return { ...item, json, ...(file === undefined ? {} : { binary: { [field]: file } }) };
	});
}
