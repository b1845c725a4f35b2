import type { IExecutePaginationFunctions, NodeOperationError } from 'n8n-workflow';

import { validateSize, type BinaryFile } from '../../../validation/binaryFile';
import { invalidParameterError } from '../../read/itemErrors';

/** The bytes of a file. */
export interface Content {
	sizeBytes: number;
	/** Opens the file from its first byte; each attempt does so again. */
	open: () => Promise<Buffer | { destroy?: () => unknown }>;
}

/** Opens a file, or says why it cannot be uploaded. */
export async function openContent(
	context: IExecutePaginationFunctions,
	{ data, field, title }: BinaryFile,
): Promise<Content | { failure: NodeOperationError }> {
	const refused = (problem: string, advice: string): { failure: NodeOperationError } => ({
		failure: invalidParameterError(
			context.getNode(),
			{ parameter: title, problem, advice },
			context.getItemIndex(),
		),
	});
	try {
		const content = await contentOf(context, data);
		// The size of a stored file is certain only here: n8n has to look it up, and items may await nothing before all
		// of them are validated. Nothing of this item has been sent yet.
		const badSize = validateSize(content.sizeBytes, field);
		return badSize === undefined ? content : refused(badSize.problem, badSize.advice);
	} catch {
		return { failure: unreadableFile(context, { field, title }) };
	}
}

/** The error of a file that n8n cannot read. */
export function unreadableFile(
	context: IExecutePaginationFunctions,
	{ field, title }: Pick<BinaryFile, 'field' | 'title'>,
): NodeOperationError {
	const refusal = {
		parameter: title,
		problem: `could not be read from the binary field "${field}"`,
		advice: 'n8n does not have the file any more. Run the node that made it again.',
	};
	return invalidParameterError(context.getNode(), refusal, context.getItemIndex());
}

async function contentOf(
	context: IExecutePaginationFunctions,
	{ id, data }: BinaryFile['data'],
): Promise<Content> {
	if (id === undefined) {
		const buffer = Buffer.from(data, 'base64');
		return { sizeBytes: buffer.length, open: async () => await Promise.resolve(buffer) };
	}
	const { fileSize } = await context.helpers.getBinaryMetadata(id);
	return {
		sizeBytes: fileSize,
		open: async () => await context.helpers.getBinaryStream(id),
	};
}
