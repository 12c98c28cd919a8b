"""A summed variable from another population, with synapse weights and degrees: slow gating that jumps at source spikes;
two summed variables of one projection each, read by rk4."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

source = NeuronGroup(6, """
    dv/dt = (12*mV + i*mV - v)/(9*ms) : volt
    ds/dt = -s/(40*ms) : 1
    """, threshold="v > 10*mV", reset="v = 0*mV; s += 0.5*(1 - s)", refractory=1 * ms, method="exact")
target = NeuronGroup(3, """
    dv/dt = (gain*s_total*(1 + 0.1*v/mV) - inhibition - v)/tau : volt
    s_total : 1
    inhibition : volt
    """, threshold="v > 8*mV", reset="v = 0*mV", method="rk4", namespace=dict(tau=10 * ms, gain=9 * mV))
gating = Synapses(source, target, """
    w : 1
    s_total_post = w*s_pre/N_incoming : 1 (summed)
    """)
gating.connect(i=[0, 1, 2, 3, 4, 5, 0, 2, 4], j=[0, 0, 0, 1, 1, 2, 2, 2, 2])
gating.w = [1, 2, 3, 2.5, 1.5, 4, 3, 2, 1]
mutual = Synapses(target, target, "inhibition_post = 0.5*v_pre*int(v_pre > 2*mV) : volt (summed)")
mutual.connect(i=[0, 1, 2], j=[1, 2, 0])
monitors = [SpikeMonitor(source), SpikeMonitor(target)]
state = StateMonitor(target, ["v", "s_total", "inhibition"], record=True, dt=1 * ms)
Network(source, target, gating, mutual, monitors, state).run(150 * ms)
case.write(spikes={"source": case.spikes(monitors[0]), "target": case.spikes(monitors[1])},
           traces={"v": case.trace(state, "v", mV, "mV"), "s_total": case.trace(state, "s_total"),
                   "inhibition": case.trace(state, "inhibition", mV, "mV")})
