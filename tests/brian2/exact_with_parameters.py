"""Method exact where the constant term holds per-neuron parameters, one of them changed by resets and by synapses."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

group = NeuronGroup(8, """
    dv/dt = (drive*(1 + 0.05*i) + boost + g - v)/tau : volt (unless refractory)
    dg/dt = -g/tau_g : volt
    drive : volt (constant)
    boost : volt
    """, threshold="v > 15*mV", reset="v = 2*mV; boost -= 0.5*mV", refractory=2 * ms, method="exact",
    namespace=dict(tau=12 * ms, tau_g=5 * ms))
group.drive = (16 + 4 * case.lcg(8, 51)) * mV
group.boost = 1 * mV
ring = Synapses(group, group, on_pre="g_post += 3*mV; boost_post += 0.3*mV", delay=1 * ms)
ring.connect(i=[0, 1, 2, 3, 4, 5, 6, 7], j=[1, 2, 3, 4, 5, 6, 7, 0])
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "g", "boost"], record=[0, 7], dt=1 * ms)
Network(group, ring, monitor, state).run(120 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={name: case.trace(state, name, mV, "mV") for name in ("v", "g", "boost")})
