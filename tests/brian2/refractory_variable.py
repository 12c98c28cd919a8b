"""Refractory period read from a per-neuron parameter and from a variable that grows with every spike."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, mV, ms

import case

names = dict(tau=8 * ms, drive=25 * mV, step=0.75 * ms)
fixed = NeuronGroup(6, """
    dv/dt = (drive - v)/tau : volt (unless refractory)
    ref : second (constant)
    """, threshold="v > 12*mV", reset="v = 0*mV", refractory="ref", method="exact", namespace=names)
fixed.ref = [0, 0.1, 0.34, 1.0, 2.5, 7.3] * ms
growing = NeuronGroup(2, """
    dv/dt = (drive - v)/tau : volt (unless refractory)
    ref : second
    """, threshold="v > 12*mV", reset="v = 0*mV; ref += step", refractory="ref", method="exact", namespace=names)
growing.ref = [0, 1.2] * ms
monitors = [SpikeMonitor(fixed), SpikeMonitor(growing)]
state = StateMonitor(growing, ["v", "ref"], record=[1], dt=0.5 * ms)
Network(fixed, growing, monitors, state).run(60 * ms)
case.write(spikes={"fixed": case.spikes(monitors[0]), "growing": case.spikes(monitors[1])},
           traces={"v": case.trace(state, "v", mV, "mV"), "ref": case.trace(state, "ref", ms, "ms")},
           finals={"ref": case.values(growing.ref, ms, "ms")})
