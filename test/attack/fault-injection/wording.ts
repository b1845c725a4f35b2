/** The longest message and description that fit into n8n's panel without hiding anything else, in characters. */
export const LONGEST = { message: 400, description: 2000 };

/** What the user can do, in the words of the package's errors. */
const ADVICE =
	/\b(Check|Open|Add|Correct|Look at|Run the item again|run again|Try again|try again|Retry|retry|fetch|Wait|Use|Verify|host the file|Switch on|make a new key|find it|Execute|Change)\b/;
/** Something of a web page. */
const MARKUP = /<\/?[a-z!][^>]*>/i;
/** Names that Node.js has for network errors. */
const NETWORK_CODE = /\bE[A-Z]{4,}\b|\bERR_[A-Z_]+\b/;

/**
 * What is wrong with the words of an error, for a user who knows n8n and not HTTP.
 * @param hasActiveRun whether a run is under way for the item, or has ended and is paid for
 */
export function wrongWords(
	{ message, description }: { message: string; description: string },
	hasActiveRun: boolean,
): string[] {
	const wrong: string[] = [];
	const bare = message.replace(/ \[item \d+\]$/, '').trim();
	if (bare === '') wrong.push('its message is empty');
	if (message.length > LONGEST.message) wrong.push(`its message has ${message.length} characters`);
	if (description.length > LONGEST.description) {
		wrong.push(`its description has ${description.length} characters`);
	}
	if (MARKUP.test(message) || MARKUP.test(description)) wrong.push('it quotes a web page');
	if (NETWORK_CODE.test(bare.replace(/\([A-Z_]+\)/g, '')))
		wrong.push('its message is a network code');
	if (!ADVICE.test(description)) wrong.push(`it does not say what to do: ${quoted(description)}`);
	if (hasActiveRun && /No run was started|so it was not started/.test(description)) {
		wrong.push(`it says that no run was started: ${quoted(description)}`);
	}
	return wrong;
}

function quoted(text: string): string {
	return JSON.stringify(text.slice(0, 300));
}
