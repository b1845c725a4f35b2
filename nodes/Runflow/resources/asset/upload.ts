import type { OtherPurpose } from '../../../shared/api/errorTexts/errorTexts';
import { DEFAULT_FIELD } from '../../../shared/api/files/artifactFile';
import { UPLOADS_PATH } from '../../../shared/api/files/asset';
import { mediaContext } from '../../../shared/properties/bodyField';
import type { Operation } from '../../../shared/properties/operation';
import { apiRouting } from '../../../shared/run/apiRouting';
import { invalidParameterError, isFailure } from '../../../shared/run/read/itemErrors';
import { uploadFile } from '../../../shared/run/start/upload/uploadFile';
import { validateFile } from '../../../shared/validation/media/binaryFile';
import type { Origin } from '../../../shared/validation/media/origin';
import { isEmpty, isInvalid, NOTHING, valid } from '../../../shared/validation/result';
import type { Setting } from '../../../shared/validation/settings';
import { assetJson } from './assetJson';

const TITLE = 'Input Binary Field';

/** The name of a binary field or, from an expression, the file itself. */
const BINARY_FIELD: Setting<unknown> = {
	path: 'binaryPropertyName',
	title: TITLE,
	rule: (value) => (isEmpty(value) ? NOTHING : valid(value)),
	otherwise: DEFAULT_FIELD,
	mustFind: true,
};

const ORIGIN: Origin = { kind: 'file', takes: 'files', title: TITLE, which: '' };

const PURPOSE: OtherPurpose = {
	what: 'an upload',
	scope: 'assets:create',
	notFound:
		'Runflow does not accept files at this address. Check the Base URL in the Runflow API credential.',
	invalid: 'Runflow does not accept the file. Correct what is listed here.',
};

/** Uploads a file. @see docs/runflow-api.md, "Upload" */
export const upload: Operation = {
	option: {
		name: 'Upload',
		value: 'upload',
		action: 'Upload asset',
		description: 'Upload a file of up to 50 MiB, and get a reference to use as input of models',
		routing: apiRouting({
			method: 'POST',
			url: UPLOADS_PATH,
			async execute({ context, connection, itemIndex, settings }) {
				const chosen = settings({ field: BINARY_FIELD });
				if (isFailure(chosen)) return chosen;
				const media = mediaContext(context, connection.baseURL);
				const file = validateFile(chosen.field, ORIGIN, media);
				if (isInvalid(file)) {
					const refusal = { parameter: TITLE, ...file };
					return invalidParameterError(context.getNode(), refusal, itemIndex);
				}
				const purpose = { connection, needsUrl: false, purpose: PURPOSE };
				const uploaded = await uploadFile(context, file.accepted, purpose);
				if ('failure' in uploaded) return uploaded.failure;
				const { fileName: name, mimeType } = file.accepted;
				return [{ json: assetJson(uploaded, { name, mime_type: mimeType }) }];
			},
		}),
	},
	fields: [
		{
			displayName: TITLE,
			name: 'binaryPropertyName',
			type: 'string',
			required: true,
			default: 'data',
			placeholder: 'e.g. data',
			description: 'The name of the binary field of the item that contains the file',
		},
	],
	options: [],
};
