import type {
	IDataObject,
	IExecuteSingleFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
} from 'n8n-workflow';

/**
 * n8n's postReceive step: passes on status, headers and body together, so that one place decides what
 * they mean. It needs `ignoreHttpStatusErrors`, or n8n throws its own error first.
 */
export async function fullResponse(
	this: IExecuteSingleFunctions,
	_items: INodeExecutionData[],
	{ statusCode, headers, body }: IN8nHttpFullResponse,
): Promise<INodeExecutionData[]> {
	const answer = { statusCode, headers, body } as unknown as IDataObject;
	return await Promise.resolve([{ json: answer, pairedItem: { item: this.getItemIndex() } }]);
}
