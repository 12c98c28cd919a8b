// What is known of a projection: the words of its entry, after which come the first cells of its variables, and its inputs.
// Host twin: src/gpu/plan-words.ts, which writes them.
#import lib/plan-words

// Number of the neuron of row 0, key of random numbers, word of the offset of row 0.
const PROJECTION_FIRST = 0u;
const PROJECTION_SEED = 1u;
const PROJECTION_STREAM = 2u;
const PROJECTION_ROWS = 3u;
// Where its synapses and their delays lie, and where its constants.
const PROJECTION_SYNAPSES = 4u;
const PROJECTION_DELAYS = 5u;
const PROJECTION_CONSTANTS = 6u;
// Delay in steps where all synapses have the same.
const PROJECTION_DELAY = 7u;
// Where its recipe is: see lib/recipe.wgsl.
const PROJECTION_RECIPE = 8u;
// Synapses whose variables are bound, for columns: first, and the one behind the last.
const PROJECTION_BEGIN = 9u;
const PROJECTION_END = 10u;
