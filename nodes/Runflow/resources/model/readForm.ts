import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';

import { fetchModel } from '../../../shared/api/catalogue/catalogue';
import { editorConnection } from '../../../shared/api/catalogue/editorConnection';
import { editorError } from '../../../shared/api/errorTexts/editorError';
import { readInputs } from '../../../shared/api/catalogue/models';
import { isInvalid } from '../../../shared/validation/result';
import { asText, isObject } from '../../../shared/values/json';
import { formOf } from './inputForm';
import { LIST_OF_MODELS } from './listOfModels';
import { modelId } from './modelId';

/**
 * The form of the model that is chosen. Where Runflow does not show its fields, a notice says that the input can be given
 * as JSON.
 * @throws where Runflow cannot be asked and the form is filled in: n8n would drop the values of fields that are missing
 */
export async function readForm(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const chosen = modelId(this.getCurrentNodeParameter('model', { extractValue: true }), () => null);
	if (isInvalid(chosen)) return noFields(CHOOSE);
	const id = asText(chosen.accepted);
	const found = await fetchModel(this, id, await editorConnection(this));
	if (!found.ok) {
		const error = editorError(this, found.error, LIST_OF_MODELS);
		if (hasFields(this.getCurrentNodeParameter('inputFields'))) throw error;
		return noFields(`${error.message.replace(/\.+$/, '')}. ${USE_JSON}`);
	}
	if (found.value === undefined) return noFields(`${UNKNOWN} ${USE_JSON}`);
	const inputs = readInputs(found.value);
	if (inputs === undefined) return noFields(`${NOT_SHOWN} ${USE_JSON}`);
	return inputs.length === 0 ? noFields(NO_INPUT) : { fields: formOf(inputs) };
}

function noFields(emptyFieldsNotice: string): ResourceMapperFields {
	return { fields: [], emptyFieldsNotice };
}

function hasFields(form: unknown): boolean {
	return isObject(form) && Array.isArray(form.schema) && form.schema.length > 0;
}

const CHOOSE = 'Choose a model first. If an expression gives the model, choose JSON under Input.';
const UNKNOWN = 'Runflow has no model with this ID. Check the ID.';
const NOT_SHOWN = 'Runflow does not show the fields of this model.';
const NO_INPUT = 'This model takes no input.';
const USE_JSON =
	'To run the model without the form, choose JSON under Input, and enter the input as shown on the page of the model.';
