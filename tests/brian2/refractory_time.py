"""Refractory period as a constant time: a multiple of dt, not a multiple (2.55 ms lasts 25 steps), and with clamping."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, mV, ms

import case

names = dict(tau=10 * ms, drive=20 * mV)
free, clamped, odd = [
    NeuronGroup(5, "dv/dt = (drive*(1 + 0.1*i) - v)/tau : volt" + flag, threshold="v > 10*mV", reset="v = 0*mV",
                refractory=period, method="exact", namespace=names)
    for flag, period in (("", 3 * ms), (" (unless refractory)", 3 * ms), (" (unless refractory)", 2.55 * ms))]
monitors = [SpikeMonitor(group) for group in (free, clamped, odd)]
state = StateMonitor(clamped, ["v", "not_refractory"], record=[0, 4])
Network(free, clamped, odd, monitors, state).run(40 * ms)
case.write(spikes=dict(zip(("free", "clamped", "odd"), map(case.spikes, monitors))),
           traces={"v": case.trace(state, "v", mV, "mV"), "not_refractory": case.trace(state, "not_refractory")})
