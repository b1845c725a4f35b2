import type { Closing } from './closing';
import type { ForeignHost } from './foreignHost';

/** What all cases share. */
export interface Surroundings {
	/** Where redirects lead to. */
	foreign: ForeignHost;
	/** Where the servers of a case go when it is over. */
	closing: Closing;
}
