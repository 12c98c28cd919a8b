"""Runs a Brian 2 network on its C++ standalone device and times it the way a fast user would: -O3 -march=native
-ffast-math, one thread. Shared by cuba.py and cobahh.py; each of those only describes a network.

The time reported per repetition is Brian's own `last_run_info.txt`: wall time of the main loop, measured inside the
compiled program, without compilation, process start, synapse creation or writing results.
"""
import argparse
import json
import os
import shutil
import sys
import tempfile
import time

from brian2 import Network, SpikeMonitor, defaultclock, device, ms, prefs, second, seed, set_device
import brian2


def arguments(neurons):
    parser = argparse.ArgumentParser()
    parser.add_argument("--neurons", type=int, default=neurons)
    parser.add_argument("--in-degree", type=float, default=80.0)
    parser.add_argument("--duration-ms", type=float, default=1000.0)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--no-recording", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def measure(name, options, describe):
    """describe(neurons, probability) returns (neuron group, [other objects]). Prints one JSON line on stdout."""
    prefs.codegen.cpp.extra_compile_args_gcc = ["-O3", "-march=native", "-ffast-math"]
    prefs.devices.cpp_standalone.openmp_threads = 0
    set_device("cpp_standalone", build_on_run=False)
    seed(options.seed)
    defaultclock.dt = 0.1 * ms
    group, others = describe(options.neurons, options.in_degree / options.neurons)
    network = Network(group, *others)
    spikes = None
    if not options.no_recording:
        spikes = SpikeMonitor(group)
        network.add(spikes)
    network.run(options.duration_ms * ms)
    folder = tempfile.mkdtemp(prefix="brian2-" + name + "-")
    try:
        started = time.perf_counter()
        device.build(directory=folder, compile=True, run=False, debug=False)
        compile_s = time.perf_counter() - started
        simulate_s, process_s = [], []
        for repetition in range(options.repetitions):
            started = time.perf_counter()
            device.run(directory=folder, with_output=False, run_args=[])
            process_s.append(time.perf_counter() - started)
            with open(os.path.join(folder, "results", "last_run_info.txt")) as handle:
                simulate_s.append(float(handle.read().split()[0]))
            print(name, "repetition", repetition + 1, simulate_s[-1], "s", file=sys.stderr)
        count = None if spikes is None else int(spikes.num_spikes)
        synapses = sum(len(item) for item in others if type(item).__name__ == "Synapses")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({
        "name": name, "brian2": brian2.__version__, "neurons": options.neurons, "synapses": int(synapses),
        "dt_ms": 0.1, "duration_ms": options.duration_ms, "seed": options.seed,
        "recording": not options.no_recording, "spikes": count,
        "compile_s": compile_s, "simulate_s": simulate_s, "process_s": process_s,
        "flags": "-O3 -march=native -ffast-math", "threads": 1}))
