/** A request to another service, as its stand-in sees it. */
export interface ServiceRequest {
	host: string;
	method: string;
	/** Without the query. */
	path: string;
	query: URLSearchParams;
	headers: Record<string, string | string[] | undefined>;
	/** Parsed where it is JSON, text otherwise. */
	body: unknown;
	/** The fields of a form with files; undefined where the body is none. */
	form: Record<string, string | UploadedFile> | undefined;
}

/** A file in a form. */
export interface UploadedFile {
	fileName: string;
	type: string;
	bytes: Buffer;
}

export interface ServiceAnswer {
	/** 200 when absent. */
	status?: number;
	/** Sent as JSON. */
	body: unknown;
}

/** A stand-in for a service on the internet. */
export interface Service {
	host: string;
	/** What the service answers; undefined to a request that it does not know, which fails the test. */
	answer: (request: ServiceRequest) => ServiceAnswer | undefined;
}

/** Whether a request shows this token, as all these services want it. */
export function isAuthorized({ headers }: ServiceRequest, token: string): boolean {
	return headers.authorization === `Bearer ${token}`;
}
