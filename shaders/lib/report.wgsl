// What the host reads once per batch: faults, where the run halted, how many spikes were recorded, and the spikes.
// Host twin: src/gpu/report.ts, which holds the same word numbers.

// First step that is not computed because the record is nearly full; REPORT_NONE when there is none.
const REPORT_HALT = 0u;
// First step of the first window in which a state variable became NaN or infinite, then one key per step.
const REPORT_NOT_FINITE = 1u;
// The same for synaptic amounts beyond what an input can hold.
const REPORT_OVERFLOW = 34u;
// Entries recorded in region 0 and region 1.
const REPORT_CURSOR = 67u;
// Records: global neuron, first step, and one bit per step of the window in which it spiked.
const REPORT_RECORDS = 72u;
const RECORD_WORDS = 3u;
const FAULT_CODES = 128u;

@group(0) @binding(2) var<storage, read_write> report: array<atomic<u32>>;

// Windows of a batch after a halt do nothing. Written during a window only for later ones, so a window never sees
// half of its invocations halted.
fn is_halted() -> bool {
  return window_first() >= atomicLoad(&report[REPORT_HALT]);
}

// Keeps the smallest key of each step of the first window that has a fault. `section` is REPORT_NOT_FINITE or
// REPORT_OVERFLOW, `key` is neuron * FAULT_CODES + code. Atomic minima: the outcome does not depend on the order of work.
fn report_fault(section: u32, step_in_window: u32, key: u32) {
  let first = window_first();
  if (atomicMin(&report[section], first) < first) {
    return;
  }
  atomicMin(&report[section + 1u + step_in_window], key);
}
