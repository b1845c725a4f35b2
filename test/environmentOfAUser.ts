/** What npm (with the .npmrc of this repository) and jest pass to their children, and a person's shell would not. */
const NOT_PASSED_ON =
	/^(npm_(lifecycle|package|command|config_(local_prefix|ignore_scripts|fund|audit))|INIT_CWD$|JEST_|NODE_ENV$)/i;

/**
 * Out: this process's environment as a person's shell would have it, without what npm and jest add.
 */
export function environmentOfAUser(): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(process.env).filter(([key]) => !NOT_PASSED_ON.test(key)),
	);
}
