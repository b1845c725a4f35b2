import { NodeApiError, type ILoadOptionsFunctions } from 'n8n-workflow';

import { explainError, type OtherPurpose } from '../../../shared/api/errorTexts';
import type { ApiError } from '../../../shared/api/result';

const PURPOSE: OtherPurpose = {
	what: 'a list of models',
	scope: 'models:read',
	notFound:
		'Runflow shows no models at this address. Check the Base URL in the Runflow API credential.',
};

/** The error of a list or form that the editor could not load. */
export function catalogueError(context: ILoadOptionsFunctions, error: ApiError): NodeApiError {
	const { message, description } = explainError(error, PURPOSE);
	const httpCode = error.status?.toString();
	return new NodeApiError(
		context.getNode(),
		{ message },
		{ message, description, ...(httpCode === undefined ? {} : { httpCode }) },
	);
}
