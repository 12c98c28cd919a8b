"""Refractory period as an expression of the neuron index and of a decaying variable: it is re-evaluated every step."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, mV, ms

import case

group = NeuronGroup(6, """
    dv/dt = (drive - v)/tau : volt (unless refractory)
    da/dt = -a/tau_a : 1
    """, threshold="v > 12*mV", reset="v = 0*mV; a += 1", refractory="(1 + a)*ref_0 + (i % 3)*ms", method="exact",
    namespace=dict(tau=8 * ms, drive=25 * mV, tau_a=20 * ms, ref_0=1.5 * ms))
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "a"], record=[0, 5], dt=0.5 * ms)
Network(group, monitor, state).run(100 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"), "a": case.trace(state, "a")})
