import type { IBinaryData } from 'n8n-workflow';

import {
	validateFile,
	type BinaryFile,
} from '../../../../nodes/shared/validation/media/binaryFile';

/** The file of the binary field "data", as a request has it until it is uploaded. */
export function imageFile(data: Partial<IBinaryData>): BinaryFile {
	const field = { data: '', mimeType: 'image/png', fileName: 'shoe.png', ...data };
	const fields = { names: () => ['data'], find: () => field };
	const origin = { kind: 'image', title: 'Image', which: '' } as const;
	const result = validateFile('data', origin, { fields, apiUrl: '', isTool: () => false });
	if (!('accepted' in result)) throw new Error(result.problem);
	return result.accepted;
}
