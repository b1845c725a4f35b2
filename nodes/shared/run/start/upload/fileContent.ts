import type { IExecutePaginationFunctions, NodeOperationError } from 'n8n-workflow';

import { validateSize, type BinaryFile } from '../../../validation/media/binaryFile';
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
	file: BinaryFile,
): Promise<Content | { failure: NodeOperationError }> {
	const refused = (problem: string, advice: string): { failure: NodeOperationError } => ({
		failure: invalidParameterError(
			context.getNode(),
			{ parameter: file.title, problem, advice },
			context.getItemIndex(),
		),
	});
	try {
		const content = await contentOf(context, file);
		// The size of a stored file is certain only here: n8n has to look it up, and items may await nothing before all
		// of them are validated. Nothing of this item has been sent yet.
		const badSize = validateSize(content.sizeBytes, file.label);
		return badSize === undefined ? content : refused(badSize.problem, badSize.advice);
	} catch {
		return { failure: unreadableFile(context, file) };
	}
}

/** The error of a file that n8n cannot read. */
export function unreadableFile(
	context: IExecutePaginationFunctions,
	{ label, title }: BinaryFile,
): NodeOperationError {
	const refusal = {
		parameter: title,
		problem: `could not be read from ${label}`,
		advice: 'n8n no longer has the file. Run the node that made it again.',
	};
	return invalidParameterError(context.getNode(), refusal, context.getItemIndex());
}

async function contentOf(
	context: IExecutePaginationFunctions,
	{ id, base64 }: BinaryFile,
): Promise<Content> {
	if (id === undefined) {
		const buffer = Buffer.from(base64, 'base64');
		return { sizeBytes: buffer.length, open: async () => await Promise.resolve(buffer) };
	}
	const { fileSize } = await context.helpers.getBinaryMetadata(id);
	return {
		sizeBytes: fileSize,
		open: async () => await context.helpers.getBinaryStream(id),
	};
}
