"""lastspike and not_refractory in equations and threshold: relative refractoriness, adaptation that stops meanwhile."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, mV, ms

import case

group = NeuronGroup(4, """
    dv/dt = (drive*int(not_refractory) + i*mV - v)/tau : volt
    da/dt = (int(not_refractory)*2 - 1)*0.1/ms - a/tau_a : 1
    level = v_t*(1 + exp(-(t - lastspike)/tau_r)) : volt
    """, threshold="v > level", reset="v -= 5*mV", refractory=1.7 * ms, method="euler",
    namespace=dict(tau=8 * ms, drive=22 * mV, tau_a=20 * ms, v_t=10 * mV, tau_r=12 * ms))
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "a", "level"], record=[0, 3], dt=0.5 * ms)
Network(group, monitor, state).run(80 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"), "a": case.trace(state, "a"),
                   "level": case.trace(state, "level", mV, "mV")})
