/** The version of this package, as its package.json says; a text of its own so that declarations need no JSON. */
import { version as packageVersion } from '../package.json';

/** Version of this package, for example "0.1.0". */
export const version: string = packageVersion;
