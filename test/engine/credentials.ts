import {
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialsExpressionResolveValues,
	type ICredentialType,
	type IHttpRequestOptions,
	type INodeParameters,
	type INodeProperties,
	type IRequestOptionsSimplified,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { guardCredential } from '../secrets/watch';

/**
 * In: the credential types of the package and the data of each. Out: what n8n's engine asks for
 * credentials. Like the app's, it lets the credential type itself authenticate a request; it only has
 * no database.
 */
export class MemoryCredentials extends ICredentialsHelper {
	constructor(
		private readonly types: Record<string, ICredentialType>,
		private readonly data: Record<string, ICredentialDataDecryptedObject>,
	) {
		super();
		for (const one of Object.values(data)) guardCredential(one);
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		const authenticate = this.types[typeName]?.authenticate;
		if (typeof authenticate !== 'function') {
			throw new Error(`Credential type ${typeName} has no function to authenticate with`);
		}
		return await authenticate(credentials, request as IHttpRequestOptions);
	}

	preAuthentication(): Promise<undefined> {
		return Promise.resolve(undefined);
	}

	runPreAuthentication(): Promise<undefined> {
		return Promise.resolve(undefined);
	}

	async getCredentials(): Promise<ICredentials> {
		return await Promise.reject(new Error('The engine reads credentials decrypted'));
	}

	/** Like the app, it resolves the expressions of a credential for the item that asks. */
	async getDecrypted(
		_additionalData: unknown,
		_nodeCredentials: unknown,
		type: string,
		mode: WorkflowExecuteMode,
		_executeData?: unknown,
		_raw?: boolean,
		asked?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const found = this.data[type];
		if (found === undefined) throw new Error(`No credential of type ${type}`);
		if (asked === undefined) return await Promise.resolve({ ...found });
		const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = asked;
		const resolved = workflow.expression.getParameterValue(
			{ ...found } as INodeParameters,
			runExecutionData,
			runIndex,
			itemIndex,
			node.name,
			connectionInputData,
			mode,
			{},
		);
		return resolved as ICredentialDataDecryptedObject;
	}

	async updateCredentials(): Promise<void> {
		await Promise.resolve();
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		await Promise.resolve();
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.types[type]?.properties ?? [];
	}
}
