import { NodeApiError, type ILoadOptionsFunctions } from 'n8n-workflow';

import { explainError, type Purpose } from './errorTexts';
import type { ApiError } from '../result/result';

/** The error of a list or form that the editor could not load. */
export function editorError(
	context: ILoadOptionsFunctions,
	error: ApiError,
	purpose: Purpose,
): NodeApiError {
	const { message, description } = explainError(error, purpose);
	const httpCode = error.status?.toString();
	return new NodeApiError(
		context.getNode(),
		{ message },
		{ message, description, ...(httpCode === undefined ? {} : { httpCode }) },
	);
}
