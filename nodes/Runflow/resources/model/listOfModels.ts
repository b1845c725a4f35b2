import type { OtherPurpose } from '../../../shared/api/errorTexts/errorTexts';

/** A request for models, or for one of them. */
export const LIST_OF_MODELS: OtherPurpose = {
	what: 'a list of models',
	scope: 'models:read',
	notFound:
		'Runflow shows no models at this address. Check the Base URL in the Runflow API credential.',
};
