/** Why a callback is not taken. */
export interface Refusal {
	/** What the sender is answered; it tries again after 5xx only. @see seeds, "Retries" */
	status: 400 | 401 | 413 | 500 | 503;
	/** One line for the sender, who may be anybody: nothing of the secret is in it. */
	reason: string;
	/** What the owner of the workflow finds in n8n's log besides; no secret and no body either. */
	detail?: string;
}
