"""Runs a Brian 2 network on its C++ standalone device and times it the way a fast user would: -O3 -march=native
-ffast-math, one thread without OpenMP or several with it. Knows no network.

The time reported per repetition is Brian's own `last_run_info.txt`: wall time of the main loop, measured inside the
compiled program, without compilation, process start, synapse creation or writing results.
"""
import os
import shutil
import sys
import tempfile
import time

from brian2 import Network, SpikeMonitor, Synapses, defaultclock, device, ms, prefs, seed, set_device

FLAGS = ["-O3", "-march=native", "-ffast-math"]


def measure(options, describe):
    """describe(neurons, random generator) returns (dt in ms, neuron group, [other objects]). Returns what the bench wants."""
    prefs.codegen.cpp.extra_compile_args_gcc = FLAGS
    prefs.devices.cpp_standalone.openmp_threads = options.threads if options.threads > 1 else 0
    set_device("cpp_standalone", build_on_run=False)
    seed(options.seed)
    dt_ms, group, others = describe(options.neurons, options.seed)
    spikes = SpikeMonitor(group)
    network = Network(group, spikes, *others)
    network.run(options.duration_ms * ms)
    folder = tempfile.mkdtemp(prefix="brian2-bench-")
    try:
        started = time.perf_counter()
        device.build(directory=folder, compile=True, run=False, debug=False)
        compile_s = time.perf_counter() - started
        simulate_s, build_s = [], []
        for repetition in range(options.repeats):
            started = time.perf_counter()
            device.run(directory=folder, with_output=False, run_args=[])
            whole = time.perf_counter() - started
            with open(os.path.join(folder, "results", "last_run_info.txt")) as handle:
                simulate_s.append(float(handle.read().split()[0]))
            build_s.append(whole - simulate_s[-1])
            print(options.workload, "repetition", repetition + 1, simulate_s[-1], "s", file=sys.stderr)
        count = int(spikes.num_spikes)
        synapses = sum(len(item) for item in others if isinstance(item, Synapses))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "neurons": options.neurons, "synapses": int(synapses), "dt_ms": dt_ms, "duration_ms": options.duration_ms,
        "threads": options.threads, "spikes": count, "seed": options.seed, "simulate_s": simulate_s,
        "compile_s": [compile_s], "build_s": build_s,
        "detail": "C++ standalone, " + " ".join(FLAGS) + (", OpenMP" if options.threads > 1 else "")}
